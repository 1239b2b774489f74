import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiErrors } from '../common/api-errors.js';
import { reportTypes, writeReport } from '../validation/report-writers.js';
import { ReportQuery, RunDto, RunPageDto, RunsQuery, StartRunDto } from './training.dto.js';
import { TrainingService } from './training.service.js';

@ApiTags('training')
@Controller('v1/training-runs')
export class TrainingController {
  constructor(private readonly training: TrainingService) {}

  /** Starts a training run and answers at once; GET the run to watch it. */
  @Post()
  @HttpCode(202)
  @ApiOperation({ operationId: 'startRun' })
  @ApiAcceptedResponse({ type: RunDto })
  @ApiErrors(400, 404)
  start(@Body() { detector, ...order }: StartRunDto): Promise<RunDto> {
    return this.training.start(detector, { ...order, actor: 'api' });
  }

  /** Lists training runs, newest first. */
  @Get()
  @ApiOperation({ operationId: 'listRuns' })
  @ApiOkResponse({ type: RunPageDto })
  @ApiErrors(400)
  list(@Query() query: RunsQuery): Promise<RunPageDto> {
    return this.training.list(query);
  }

  /** Shows a run: stages with progress, reports, candidates, metrics, gate; while it runs and afterwards. */
  @Get(':id')
  @ApiOperation({ operationId: 'getRun' })
  @ApiOkResponse({ type: RunDto })
  @ApiErrors(404)
  get(@Param('id') id: string): Promise<RunDto> {
    return this.training.get(id);
  }

  /** Cancels a run that has not ended. */
  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ operationId: 'cancelRun' })
  @ApiAcceptedResponse({ type: RunDto })
  @ApiErrors(404, 409)
  cancel(@Param('id') id: string): Promise<RunDto> {
    return this.training.cancel(id);
  }

  /** The run's validation report as JSON, YAML or a page to look at. */
  @Get(':id/report')
  @ApiOperation({ operationId: 'getReport' })
  @ApiProduces('application/json', 'application/yaml', 'text/html')
  @ApiOkResponse({ description: 'The report.' })
  @ApiErrors(400, 404, 409)
  async report(
    @Param('id') id: string,
    @Query() { format }: ReportQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const report = await this.training.report(id);
    void reply.type(reportTypes[format]);
    return writeReport(report, format);
  }
}
