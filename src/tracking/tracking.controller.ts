import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { ApiErrors } from '../common/api-errors.js';
import { RetriedDto, RetryDto, TrackingStatusDto } from './tracking.dto.js';
import { TrackingService } from './tracking.service.js';

/** The mirror of runs and versions on an MLflow server. */
@ApiTags('tracking')
@Controller('v1/admin/tracking')
export class TrackingController {
  constructor(private readonly tracking: TrackingService) {}

  /** Shows the tracking server, what it can do, and what has not been delivered to it yet. */
  @Get()
  @Requires('admin')
  @ApiOperation({ operationId: 'getTracking' })
  @ApiOkResponse({ type: TrackingStatusDto })
  @ApiErrors()
  get(): Promise<TrackingStatusDto> {
    return this.tracking.status();
  }

  /** Sends again what the tracking server refused. */
  @Post('retry')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({ operationId: 'retryTracking' })
  @ApiOkResponse({ type: RetriedDto })
  @ApiErrors(400)
  async retry(@Body() { ids }: RetryDto): Promise<RetriedDto> {
    return { retried: await this.tracking.retry(ids) };
  }
}
