import { Body, Controller, Headers, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { TakesManyItems } from '../common/bodies.js';
import { ApiCanaryKey, canaryKeyHeader } from './canary-key.js';
import { RowsBody } from '../common/rows-body.js';
import { phishingExample } from '../common/examples.js';
import { type Upload, UploadedRows } from '../common/upload.js';
import { FileQuery, ScoreQuery, VerdictDto, VerdictsDto } from './prediction.dto.js';
import { ScoringService } from './scoring.service.js';
import { UploadScoringService } from './upload-scoring.service.js';

@ApiTags('score')
@ApiExtraModels(VerdictDto, VerdictsDto)
@Controller('v1/score')
export class PredictionController {
  constructor(
    private readonly scoring: ScoringService,
    private readonly uploads: UploadScoringService,
  ) {}

  /** Scores `{record}` with one verdict, or `{records}` (up to 1,000) with `{verdicts}`, each with its reasons. */
  @Post(':detector')
  @HttpCode(200)
  @Requires('scorer', 'path')
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreRecords' })
  @ApiCanaryKey()
  @ApiBody({
    schema: {
      type: 'object',
      properties: { record: { type: 'object' }, records: { type: 'array', items: { type: 'object' } } },
    },
    examples: {
      record: { summary: 'One record', value: { record: phishingExample } },
      records: { summary: 'Several records', value: { records: [phishingExample, phishingExample] } },
    },
  })
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(VerdictDto) }, { $ref: getSchemaPath(VerdictsDto) }] },
  })
  @ApiErrors(400, 404, 413)
  score(
    @Param('detector') detector: string,
    @Query() { explain }: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<VerdictDto | VerdictsDto> {
    return this.scoring.answer(detector, body, {
      explain: explain !== 'off',
      ...(canaryKey && { canaryKey }),
    });
  }

  /**
   * Scores a file of records; its rows stream back with verdict and probability, a bad one with its error. Of a log of
   * flows (Zeek, Suricata, gzip too) the last line is the account of all its lines, and what its hosts were found to do;
   * addresses in it are scored where the key is for the detector url.
   *
   * The file is taken whole before the answer begins, so a sender may send all of it before it reads, and what is wrong
   * with the file as a whole is an error of its own. Should scoring fail later, the last line says so:
   * `{"error": {"code", "detail"}}`, or a row of CSV that has the error alone; then there is no account of a log.
   * A gzip may unpack to 256 KiB and 100 times its bytes, and to no more than UPLOAD_LIMIT_MB.
   *
   * Where files under way leave no room (twice UPLOAD_LIMIT_MB), the answer is 503 OVERLOADED: send it again later.
   */
  @Post(':detector/file')
  @HttpCode(200)
  @Requires('scorer', 'path')
  @ApiOperation({ operationId: 'scoreFile' })
  @RowsBody(phishingExample)
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiOkResponse({ description: 'The rows with their verdicts.' })
  @ApiErrors(400, 404, 413, 415)
  async scoreFile(
    @Param('detector') detector: string,
    @Query() query: FileQuery,
    @From() { detectors }: Caller,
    @UploadedRows() upload: Upload,
  ): Promise<StreamableFile> {
    const { format, stream } = await this.uploads.score(detector, upload, { ...query, detectors });
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
    return new StreamableFile(stream, { type });
  }
}
