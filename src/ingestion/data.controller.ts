import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { ApiErrors } from '../common/api-errors.js';
import { RowsBody } from '../common/rows-body.js';
import { phishingExample } from '../common/examples.js';
import { PageQuery } from '../common/page.dto.js';
import { type Upload, UploadedRows } from '../common/upload.js';
import { BatchDto, BatchPageDto, PushQuery, RejectedPageDto } from './ingestion.dto.js';
import { IngestionService } from './ingestion.service.js';
import { labelWords } from './label-words.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('data')
@Controller('v1/data')
export class DataController {
  constructor(
    private readonly ingestion: IngestionService,
    private readonly uploads: UploadsService,
  ) {}

  /** Pushes labelled rows. Rows that are there already are counted, not stored again. */
  @Post(':detector')
  @HttpCode(200)
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'pushData' })
  @RowsBody({ ...phishingExample, Result: -1 })
  @ApiOkResponse({ type: BatchDto })
  @ApiErrors(400, 404, 413, 415)
  push(
    @Param('detector') detector: string,
    @Query() { ignoreColumns, threat, benign, licence }: PushQuery,
    @UploadedRows() upload: Upload,
  ): Promise<BatchDto> {
    return this.uploads.push(detector, upload, {
      ignoreColumns,
      labels: labelWords(threat, benign),
      licence,
    });
  }

  /** Lists a detector's batches, newest first. */
  @Get(':detector/batches')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'listBatches' })
  @ApiOkResponse({ type: BatchPageDto })
  @ApiErrors(400, 404)
  listBatches(@Param('detector') detector: string, @Query() page: PageQuery): Promise<BatchPageDto> {
    return this.ingestion.listBatches(detector, page);
  }

  /** Shows one batch. */
  @Get(':detector/batches/:id')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getBatch' })
  @ApiOkResponse({ type: BatchDto })
  @ApiErrors(404)
  getBatch(@Param('detector') detector: string, @Param('id') id: string): Promise<BatchDto> {
    return this.ingestion.getBatch(detector, id);
  }

  /** Lists the rows that a batch did not take, with line and reasons: the first 5,000; the batch counts all. */
  @Get(':detector/batches/:id/rejected')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'listRejected' })
  @ApiOkResponse({ type: RejectedPageDto })
  @ApiErrors(400, 404)
  listRejected(
    @Param('detector') detector: string,
    @Param('id') id: string,
    @Query() page: PageQuery,
  ): Promise<RejectedPageDto> {
    return this.ingestion.listRejected(detector, id, page);
  }
}
