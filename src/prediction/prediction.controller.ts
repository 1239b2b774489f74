import { Body, Controller, Headers, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
  type SchemaObject,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { TakesManyItems } from '../common/bodies.js';
import { phishingExample } from '../common/examples.js';
import { recordSchema, RowsBody } from '../common/rows-body.js';
import { type Upload, UploadedRows } from '../common/upload.js';
import { accountHeader, accountHeaderName } from './account-header.js';
import { ApiCanaryKey, canaryKeyHeader } from './canary-key.js';
import { urlDetector } from './event-urls.service.js';
import { eveExample, flowSchema, zeekExample } from './flow-examples.js';
import {
  FileQuery,
  FlowVerdictsDto,
  LoneFlowVerdictDto,
  ScoreQuery,
  UrlVerdictDto,
  UrlVerdictsDto,
  VerdictDto,
  VerdictsDto,
} from './prediction.dto.js';
import { type ScoreOptions, ScoringService } from './scoring.service.js';
import { UploadScoringService } from './upload-scoring.service.js';
import { bodyDto, urlBodyDto } from './verdict-dtos.js';

/** The detector that scores flows. */
const flowDetector = 'network-flow';

type Schemas = readonly (abstract new () => object)[];

const oneOf = (...types: Schemas): { schema: { oneOf: { $ref: string }[] } } => ({
  schema: { oneOf: types.map((type) => ({ $ref: getSchemaPath(type) })) },
});

const oneOrMany = (one: string, many: string, item: SchemaObject) => ({
  type: 'object' as const,
  additionalProperties: false,
  properties: {
    [one]: item,
    [many]: {
      type: 'array' as const,
      items: item,
      minItems: 1,
      maxItems: 1000,
      description: 'Several of them; the verdicts come in their order.',
    },
  },
});

@ApiTags('score')
@ApiExtraModels(VerdictDto, VerdictsDto, UrlVerdictDto, UrlVerdictsDto, LoneFlowVerdictDto, FlowVerdictsDto)
@Controller('v1/score')
export class PredictionController {
  constructor(
    private readonly scoring: ScoringService,
    private readonly uploads: UploadScoringService,
  ) {}

  /** Scores `{url}` with one verdict, or `{urls}` (up to 1,000) with `{verdicts}`. Nothing is opened or looked up. */
  @Post('url')
  @HttpCode(200)
  @Requires('scorer', [urlDetector])
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreUrls' })
  @ApiCanaryKey()
  @ApiBody({
    schema: oneOrMany('url', 'urls', { type: 'string', description: 'An address, in any spelling.' }),
    examples: {
      url: { summary: 'One URL', value: { url: 'http://paypal.com.account-check.example/login' } },
      urls: { summary: 'Several URLs', value: { urls: ['https://example.com/', 'hxxp://203.0.113[.]9/x'] } },
    },
  })
  @ApiOkResponse(oneOf(UrlVerdictDto, UrlVerdictsDto))
  @ApiErrors(400, 404, 413)
  async scoreUrls(
    @Query() query: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<UrlVerdictDto | UrlVerdictsDto> {
    return urlBodyDto(await this.scoring.score(urlDetector, body, optionsOf(query, canaryKey)));
  }

  /**
   * Scores `{flow}` with one verdict, or `{flows}` (up to 1,000, in the order in which they were over) with
   * `{verdicts}`: lines of Zeek's conn.log, names dotted or not, or flow events of Suricata's EVE. The flows of a
   * request are each other's context; `hosts` says what they add up to. `/v1/score/network-flow` is the same.
   */
  @Post('flow')
  @HttpCode(200)
  @Requires('scorer', [flowDetector])
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreFlows' })
  @ApiCanaryKey()
  @ApiBody({
    schema: oneOrMany('flow', 'flows', flowSchema),
    examples: {
      zeek: { summary: 'One line of conn.log', value: { flow: zeekExample } },
      several: {
        summary: 'Several flows, of Zeek and of Suricata',
        value: { flows: [zeekExample, eveExample] },
      },
    },
  })
  @ApiOkResponse(oneOf(LoneFlowVerdictDto, FlowVerdictsDto))
  @ApiErrors(400, 404, 413)
  scoreFlows(
    @Query() query: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<LoneFlowVerdictDto | FlowVerdictsDto> {
    return this.score(flowDetector, query, body, canaryKey) as Promise<LoneFlowVerdictDto | FlowVerdictsDto>;
  }

  /**
   * Scores `{record}` with one verdict, or `{records}` (up to 1,000) with `{verdicts}`, each with its reasons. Records of
   * a detector of flows are each other's context, in the order in which they were over.
   */
  @Post(':detector')
  @HttpCode(200)
  @Requires('scorer', 'path')
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreRecords' })
  @ApiCanaryKey()
  @ApiBody({
    schema: oneOrMany('record', 'records', recordSchema),
    examples: {
      record: { summary: 'One record', value: { record: phishingExample } },
      records: { summary: 'Several records', value: { records: [phishingExample, phishingExample] } },
    },
  })
  @ApiOkResponse(oneOf(VerdictDto, VerdictsDto, LoneFlowVerdictDto, FlowVerdictsDto))
  @ApiErrors(400, 404, 413)
  async score(
    @Param('detector') detector: string,
    @Query() query: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<VerdictDto | VerdictsDto | LoneFlowVerdictDto | FlowVerdictsDto> {
    return bodyDto(await this.scoring.score(detector, body, optionsOf(query, canaryKey)));
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
  @ApiOkResponse({
    description: 'The rows with their verdicts.',
    headers: {
      [accountHeaderName]: {
        description:
          'JSON: how the rows were read where it is not what everybody expects: `encoding`, `delimiter`, `columns` that ' +
          'are called otherwise than in the contract, and columns that are `leftOut`, the first of them.',
        schema: { type: 'string' },
      },
    },
    content: {
      'text/csv': { schema: { type: 'string' } },
      'application/x-ndjson': { schema: { type: 'string' } },
    },
  })
  @ApiErrors(400, 404, 413, 415)
  async scoreFile(
    @Param('detector') detector: string,
    @Query() query: FileQuery,
    @From() { detectors }: Caller,
    @UploadedRows() upload: Upload,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { format, account, stream } = await this.uploads.score(detector, upload, { ...query, detectors });
    const text = accountHeader(account);
    if (text !== null) reply.header(accountHeaderName, text);
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
    return new StreamableFile(stream, { type });
  }
}

function optionsOf({ explain }: ScoreQuery, canaryKey: string | undefined): ScoreOptions {
  return { explain: explain === 'off' ? 'none' : 'all', ...(canaryKey && { canaryKey }) };
}
