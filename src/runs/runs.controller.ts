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
  ApiExtraModels,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From, requireRole, requireScope } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { reportTypes, writeReport } from '../validation/report-writers.js';
import { ValidationReportDto } from '../validation/validation-report.dto.js';
import { RunEventStream } from './run-event-stream.service.js';
import { eventsExample, idempotencyKeyOf, lastEventOf, runEventSchema } from './runs.headers.js';
import { RunUnknownError } from './runs.errors.js';
import {
  listedRun,
  ProgressEventDto,
  RunDto,
  RunPageDto,
  StageEventDto,
  StatusEventDto,
  wholeRun,
} from './run.dto.js';
import { ReportQuery, RunsQuery, StartRunDto } from './runs.dto.js';
import { RunsService } from './runs.service.js';

@ApiTags('training')
@Controller('v1/training-runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly stream: RunEventStream,
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
  async start(
    @Body() { detector, ...order }: StartRunDto,
    @From() caller: Caller,
    @Headers('idempotency-key') key?: string,
  ): Promise<RunDto> {
    if (order.promote === 'force') requireRole(caller, 'admin', 'To promote whatever comes out');
    const { actor } = caller;
    return wholeRun(
      await this.runs.start(detector, { ...order, actor, idempotencyKey: idempotencyKeyOf(key) }),
    );
  }

  /** Lists training runs, newest first. */
  @Get()
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'listRuns' })
  @ApiOkResponse({ type: RunPageDto })
  @ApiErrors(400)
  async list(@Query() query: RunsQuery, @From() { detectors }: Caller): Promise<RunPageDto> {
    const page = await this.runs.list(query, detectors);
    return { ...page, items: page.items.map(listedRun) };
  }

  /** Shows a run: stages with progress, reports, candidates, metrics, gate; while it runs and afterwards. */
  @Get(':id')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getRun' })
  @ApiOkResponse({ type: RunDto })
  @ApiErrors(404)
  async get(@Param('id') id: string, @From() caller: Caller): Promise<RunDto> {
    return wholeRun(requireScope(caller, await this.runs.get(id), () => new RunUnknownError(id)));
  }

  /** Cancels a run that has not ended. */
  @Post(':id/cancel')
  @HttpCode(202)
  @Requires('trainer', 'own')
  @ApiOperation({ operationId: 'cancelRun' })
  @ApiAcceptedResponse({ type: RunDto })
  @ApiErrors(404, 409)
  async cancel(@Param('id') id: string, @From() caller: Caller): Promise<RunDto> {
    requireScope(caller, await this.runs.get(id), () => new RunUnknownError(id));
    return wholeRun(await this.runs.cancel(id));
  }

  /**
   * Streams what happens to a run as server-sent events: `status`, `stage` and `progress`, from the beginning or
   * from behind `Last-Event-ID`. The stream ends after the run's last status; asked again after that, the answer is
   * 204, by which an EventSource stops asking.
   */
  @Get(':id/events')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'streamRunEvents' })
  @ApiHeader({
    name: 'last-event-id',
    required: false,
    schema: { type: 'string', example: '14' },
    description: 'Number of the last event that the reader has.',
  })
  @ApiExtraModels(StatusEventDto, StageEventDto, ProgressEventDto)
  @ApiOkResponse({
    description:
      'The events. The data of `status` is a StatusEventDto, of `stage` a StageEventDto, of `progress` a ProgressEventDto.',
    content: { 'text/event-stream': { schema: runEventSchema, example: eventsExample } },
  })
  @ApiNoContentResponse({ description: 'The run has ended, and the reader has its last event.' })
  @ApiErrors(400, 404)
  async events(
    @Param('id') id: string,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('last-event-id') lastEvent?: string,
  ): Promise<StreamableFile | undefined> {
    requireScope(caller, await this.runs.summaryOf(id), () => new RunUnknownError(id));
    const events = await this.stream.open(id, lastEventOf(lastEvent));
    void reply.header('cache-control', 'no-store').status(events ? 200 : 204);
    if (!events) return undefined;
    return new StreamableFile(Readable.from(events, { objectMode: false }), { type: 'text/event-stream' });
  }

  /** The run's validation report as JSON, YAML or a page to look at. */
  @Get(':id/report')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getReport' })
  @ApiExtraModels(ValidationReportDto)
  @ApiOkResponse({
    description: 'The report.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ValidationReportDto) } },
      'application/yaml': { schema: { $ref: getSchemaPath(ValidationReportDto) } },
      'text/html': { schema: { type: 'string' } },
    },
  })
  @ApiErrors(400, 404, 409)
  async report(
    @Param('id') id: string,
    @Query() { format }: ReportQuery,
    @From() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    requireScope(caller, await this.runs.get(id), () => new RunUnknownError(id));
    const report = await this.runs.report(id);
    void reply.type(reportTypes[format]);
    return writeReport(report, format);
  }
}
