import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../common/api-errors.js';
import { PageQuery } from '../common/page.js';
import { ModelCatalogue } from './model-catalogue.js';
import {
  DeploymentDto,
  DeploymentPageDto,
  DeploymentsQuery,
  ModelVersionDto,
  ModelVersionPageDto,
  PromoteDto,
  RegisteredModelDto,
  RollbackDto,
} from './registry.dto.js';
import { RegistryService } from './registry.service.js';

@ApiTags('models')
@Controller('v1/admin/models')
export class ModelsController {
  constructor(
    private readonly registry: RegistryService,
    private readonly catalogue: ModelCatalogue,
  ) {}

  /** Lists the registered models with their aliases. */
  @Get()
  @ApiOperation({ operationId: 'listModels' })
  @ApiOkResponse({ type: [RegisteredModelDto] })
  @ApiErrors()
  listModels(): Promise<RegisteredModelDto[]> {
    return this.catalogue.models();
  }

  /** Lists a detector's versions, newest first. */
  @Get(':detector/versions')
  @ApiOperation({ operationId: 'listVersions' })
  @ApiOkResponse({ type: ModelVersionPageDto })
  @ApiErrors(400, 404)
  listVersions(@Param('detector') detector: string, @Query() page: PageQuery): Promise<ModelVersionPageDto> {
    return this.catalogue.versions(detector, page);
  }

  /** Shows one version: metrics with intervals, thresholds, signature, lineage. */
  @Get(':detector/versions/:version')
  @ApiOperation({ operationId: 'getVersion' })
  @ApiOkResponse({ type: ModelVersionDto })
  @ApiErrors(400, 404)
  getVersion(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
  ): Promise<ModelVersionDto> {
    return this.catalogue.version(detector, version);
  }

  /** Makes a version the champion; of two promotes with the same expected champion one wins, the other gets 409. */
  @Post(':detector/promote')
  @HttpCode(200)
  @ApiOperation({ operationId: 'promoteVersion' })
  @ApiOkResponse({ type: DeploymentDto })
  @ApiErrors(400, 404, 409)
  promote(
    @Param('detector') detector: string,
    @Body() { version, ...order }: PromoteDto,
  ): Promise<DeploymentDto> {
    return this.registry.promote(detector, version, { ...order, actor: 'api' });
  }

  /** Goes back to the version that served before the champion, or to a named one. */
  @Post(':detector/rollback')
  @HttpCode(200)
  @ApiOperation({ operationId: 'rollbackModel' })
  @ApiOkResponse({ type: DeploymentDto })
  @ApiErrors(400, 404, 409)
  rollback(
    @Param('detector') detector: string,
    @Body() { version, ...order }: RollbackDto,
  ): Promise<DeploymentDto> {
    return this.registry.rollback(detector, { ...order, actor: 'api' }, version);
  }

  /** Lists who moved which alias from which version to which, when and why, newest first. */
  @Get(':detector/deployments')
  @ApiOperation({ operationId: 'listDeployments' })
  @ApiOkResponse({ type: DeploymentPageDto })
  @ApiErrors(400, 404)
  listDeployments(
    @Param('detector') detector: string,
    @Query() query: DeploymentsQuery,
  ): Promise<DeploymentPageDto> {
    return this.catalogue.deployments(detector, query);
  }
}
