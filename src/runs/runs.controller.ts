import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From, requireRole, requireScope } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { reportTypes, writeReport } from '../validation/report-writers.js';
import { RunStory } from './run-event-stream.service.js';
import { eventsExample, idempotencyKeyOf, lastEventOf } from './runs.headers.js';
import { RunUnknownError } from './runs.errors.js';
import { ReportQuery, RunDto, RunPageDto, RunsQuery, StartRunDto } from './runs.dto.js';
import { TrainingService } from './runs.service.js';

@ApiTags('training')
@Controller('v1/training-runs')
export class TrainingController {
  constructor(
    private readonly training: TrainingService,
    private readonly story: RunStory,
  ) {}

  /**
   * Queues a training run and answers at once; GET the run or its events to watch it. A request sent again with the
   * same `Idempotency-Key` gives the same run.
   */
  @Post()
  @HttpCode(202)
  @Requires('trainer', 'body')
  @ApiOperation({ operationId: 'startRun' })
  @ApiHeader({
    name: 'idempotency-key',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 200 },
    description:
      'Of the sender’s choosing, one for each run that is wanted. With another body it is refused.',
  })
  @ApiAcceptedResponse({ type: RunDto })
  @ApiErrors(400, 404, 422, 429)
  start(
    @Body() { detector, ...order }: StartRunDto,
    @From() caller: Caller,
    @Headers('idempotency-key') key?: string,
  ): Promise<RunDto> {
    if (order.promote === 'force') requireRole(caller, 'admin', 'To promote whatever comes out');
    return this.training.start(detector, {
      ...order,
      actor: caller.actor,
      idempotencyKey: idempotencyKeyOf(key),
    });
  }

  /** Lists training runs, newest first. */
  @Get()
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'listRuns' })
  @ApiOkResponse({ type: RunPageDto })
  @ApiErrors(400)
  list(@Query() query: RunsQuery, @From() { detectors }: Caller): Promise<RunPageDto> {
    return this.training.list(query, detectors);
  }

  /** Shows a run: stages with progress, reports, candidates, metrics, gate; while it runs and afterwards. */
  @Get(':id')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getRun' })
  @ApiOkResponse({ type: RunDto })
  @ApiErrors(404)
  async get(@Param('id') id: string, @From() caller: Caller): Promise<RunDto> {
    return requireScope(caller, await this.training.get(id), () => new RunUnknownError(id));
  }

  /** Cancels a run that has not ended. */
  @Post(':id/cancel')
  @HttpCode(202)
  @Requires('trainer', 'own')
  @ApiOperation({ operationId: 'cancelRun' })
  @ApiAcceptedResponse({ type: RunDto })
  @ApiErrors(404, 409)
  async cancel(@Param('id') id: string, @From() caller: Caller): Promise<RunDto> {
    requireScope(caller, await this.training.get(id), () => new RunUnknownError(id));
    return this.training.cancel(id);
  }

  /**
   * Streams what happens to a run as server-sent events: `status`, `stage` and `progress`, from the beginning or
   * from behind `Last-Event-ID`. The stream ends after the run's last status; asked again after that, the answer is
   * 204, which tells an EventSource to stay away.
   */
  @Get(':id/events')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'streamRunEvents' })
  @ApiHeader({
    name: 'last-event-id',
    required: false,
    schema: { type: 'integer', minimum: 0 },
    description: 'The last event that the reader has.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The events.', schema: { example: eventsExample } })
  @ApiNoContentResponse({ description: 'The run has ended, and the reader has its last event.' })
  @ApiErrors(400, 404)
  async events(
    @Param('id') id: string,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('last-event-id') lastEvent?: string,
  ): Promise<StreamableFile | undefined> {
    requireScope(caller, await this.training.summaryOf(id), () => new RunUnknownError(id));
    const story = await this.story.tell(id, lastEventOf(lastEvent));
    void reply.header('cache-control', 'no-store').status(story ? 200 : 204);
    if (!story) return undefined;
    return new StreamableFile(Readable.from(story, { objectMode: false }), { type: 'text/event-stream' });
  }

  /** The run's validation report as JSON, YAML or a page to look at. */
  @Get(':id/report')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getReport' })
  @ApiProduces('application/json', 'application/yaml', 'text/html')
  @ApiOkResponse({ description: 'The report.' })
  @ApiErrors(400, 404, 409)
  async report(
    @Param('id') id: string,
    @Query() { format }: ReportQuery,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    requireScope(caller, await this.training.get(id), () => new RunUnknownError(id));
    const report = await this.training.report(id);
    void reply.type(reportTypes[format]);
    return writeReport(report, format);
  }
}
