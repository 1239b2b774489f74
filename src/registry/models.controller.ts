import { applyDecorators, Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From, inScope } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { withId } from '../common/with-id.js';
import { ModelCatalogue } from './model-catalogue.js';
import {
  ChallengeDto,
  DeploymentDto,
  DeploymentPageDto,
  DeploymentsQuery,
  MovePreviewDto,
  PromoteDto,
  RegisteredModelDto,
  RollbackDto,
  ServedDto,
  ServedQuery,
} from './registry.dto.js';
import { RegistryService } from './registry.service.js';

/** The registered models, their aliases and the ledger. */
@ApiTags('models')
@Controller('v1/admin/models')
export class ModelsController {
  constructor(
    private readonly registry: RegistryService,
    private readonly catalogue: ModelCatalogue,
  ) {}

  /** Lists the registered models with their aliases. */
  @Get()
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'listModels' })
  @ApiOkResponse({ type: [RegisteredModelDto] })
  @ApiErrors()
  async listModels(@From() caller: Caller): Promise<RegisteredModelDto[]> {
    const models = await this.catalogue.models();
    return models.filter(({ detector }) => inScope(caller, detector));
  }

  /** Makes a version the champion; of two promotes with the same expected champion one wins, the other gets 409. */
  @Post(':detector/promote')
  @HttpCode(200)
  @Requires('admin', 'path')
  @ApiOperation({ operationId: 'promoteVersion' })
  @ApiMove()
  @ApiErrors(400, 404, 409, 410)
  async promote(
    @Param('detector') detector: string,
    @Body() { version, dryRun, ...order }: PromoteDto,
    @From() { actor }: Caller,
  ): Promise<DeploymentDto | MovePreviewDto> {
    return dryRun
      ? this.registry.previewPromote(detector, version, { ...order, actor })
      : withId(await this.registry.promote(detector, version, { ...order, actor }));
  }

  /** Goes back to the version that served before the champion, to a named one, or to what served at a moment. */
  @Post(':detector/rollback')
  @HttpCode(200)
  @Requires('admin', 'path')
  @ApiOperation({ operationId: 'rollbackModel' })
  @ApiMove()
  @ApiErrors(400, 404, 409, 410)
  async rollback(
    @Param('detector') detector: string,
    @Body() { version, servedAt, dryRun, ...order }: RollbackDto,
    @From() { actor }: Caller,
  ): Promise<DeploymentDto | MovePreviewDto> {
    const target = { version, servedAt };
    return dryRun
      ? this.registry.previewRollback(detector, { ...order, actor }, target)
      : withId(await this.registry.rollback(detector, { ...order, actor }, target));
  }

  /**
   * Tries a version beside the champion: as a shadow it scores the same records behind the answers, as a canary it
   * answers a share of them. Without a version the trial ends; a promote of the challenger ends it too.
   */
  @Post(':detector/challenge')
  @HttpCode(200)
  @Requires('admin', 'path')
  @ApiOperation({ operationId: 'challengeModel' })
  @ApiBody({
    type: ChallengeDto,
    examples: {
      none: { summary: 'No challenger any more', value: { version: null, reason: 'seen enough' } },
    },
  })
  @ApiMove()
  @ApiErrors(400, 404, 409, 410)
  async challenge(
    @Param('detector') detector: string,
    @Body() { version, dryRun, ...order }: ChallengeDto,
    @From() { actor }: Caller,
  ): Promise<DeploymentDto | MovePreviewDto> {
    return dryRun
      ? this.registry.previewChallenge(detector, version, { ...order, actor })
      : withId(await this.registry.challenge(detector, version, { ...order, actor }));
  }

  /** Lists who moved which alias from which version to which, when and why, newest first. */
  @Get(':detector/deployments')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'listDeployments' })
  @ApiOkResponse({ type: DeploymentPageDto })
  @ApiErrors(400, 404)
  listDeployments(
    @Param('detector') detector: string,
    @Query() query: DeploymentsQuery,
  ): Promise<DeploymentPageDto> {
    return this.catalogue.deployments(detector, query);
  }

  /** Says which version served at a moment, and the move by which it came to serve. */
  @Get(':detector/deployments/served')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getServed' })
  @ApiOkResponse({ type: ServedDto })
  @ApiErrors(400, 404)
  getServed(@Param('detector') detector: string, @Query() { at }: ServedQuery): Promise<ServedDto> {
    return this.catalogue.served(detector, at);
  }
}

/** Documents the answer of a move: its entry in the ledger, or what it would do. */
function ApiMove(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(DeploymentDto, MovePreviewDto),
    ApiOkResponse({
      description: 'The entry in the ledger; of a dry run, what would happen.',
      schema: { oneOf: [{ $ref: getSchemaPath(DeploymentDto) }, { $ref: getSchemaPath(MovePreviewDto) }] },
    }),
  );
}
