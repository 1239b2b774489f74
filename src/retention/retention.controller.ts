import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From, inScope } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { Environment } from '../config/environment.js';
import { ApplyRetentionDto, RetentionDto, RetentionOutcomeDto } from './retention.dto.js';
import { RetentionService } from './retention.service.js';

/** What is kept, and what is deleted when it is old. */
@ApiTags('retention')
@Controller('v1/admin/retention')
export class RetentionController {
  constructor(
    private readonly retention: RetentionService,
    private readonly environment: Environment,
  ) {}

  /** Shows the retention policy, and what it deleted when it was applied last. */
  @Get()
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getRetention' })
  @ApiOkResponse({ type: RetentionDto })
  @ApiErrors()
  async get(@From() caller: Caller): Promise<RetentionDto> {
    const { retain: policy, retention: nightly } = this.environment;
    const last = await this.retention.last();
    const detectors = last?.detectors.filter(({ detector }) => inScope(caller, detector)) ?? [];
    return { nightly, policy, last: last && { ...last, detectors } };
  }

  /**
   * Applies the retention policy: deletes bundles and model cards of versions that it does not keep, runs and
   * predictions that are too old. With `dryRun` the answer says what would be deleted, and nothing is deleted.
   */
  @Post()
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({ operationId: 'applyRetention' })
  @ApiOkResponse({ type: RetentionOutcomeDto })
  @ApiErrors(400, 404, 409)
  apply(
    @Body() { dryRun, detector }: ApplyRetentionDto,
    @From() { actor }: Caller,
  ): Promise<RetentionOutcomeDto> {
    return dryRun ? this.retention.plan(actor, detector) : this.retention.apply(actor, detector);
  }
}
