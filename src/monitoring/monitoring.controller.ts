import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { ApiErrors } from '../common/api-errors.js';
import { MonitoringDto, MonitoringQuery } from './monitoring.dto.js';
import { MonitoringService } from './monitoring.service.js';
import { PredictionLogService } from './log/prediction-log.service.js';

@ApiTags('monitoring')
@Controller('v1/monitoring')
export class MonitoringController {
  constructor(
    private readonly monitoring: MonitoringService,
    private readonly log: PredictionLogService,
  ) {}

  /** Tells what each version scored, how right it was by feedback, how versions agree, drift, and the watch. */
  @Get(':detector')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getMonitoring' })
  @ApiOkResponse({ type: MonitoringDto })
  @ApiErrors(400, 404)
  async getMonitoring(
    @Param('detector') detector: string,
    @Query() { since }: MonitoringQuery,
  ): Promise<MonitoringDto> {
    return { ...(await this.monitoring.report(detector, since)), log: this.log.state };
  }
}
