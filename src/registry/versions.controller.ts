import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Param,
  ParseIntPipe,
  Patch,
  Post,
  Put,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { TakesUpload } from '../common/bodies.js';
import { BundleImportService } from './bundle-import.service.js';
import { type BundleUpload, contentDigest, UploadedBundle } from './bundle-upload.js';
import { acceptedFormat, cardTypes, writeCard } from '../cards/card-format.js';
import { ApiModelCard } from '../cards/model-card.docs.js';
import { ModelCatalogue } from './model-catalogue.js';
import { CardQuery } from './registry.dto.js';
import { RegistryService } from './registry.service.js';
import { VersionNotesService } from './version-notes.service.js';
import {
  CompareQuery,
  DescriptionTextDto,
  ImportQuery,
  ModelVersionDto,
  ModelVersionPageDto,
  TagPath,
  TagValueDto,
  VersionComparisonDto,
  VersionsQuery,
} from './versions.dto.js';

const bytes = { type: 'string', format: 'binary' } as const;

/** Model versions: immutable but for what people write on them. */
@ApiTags('models')
@Controller('v1/admin/models/:detector/versions')
export class VersionsController {
  constructor(
    private readonly registry: RegistryService,
    private readonly catalogue: ModelCatalogue,
    private readonly bundles: BundleImportService,
    private readonly notes: VersionNotesService,
  ) {}

  /** Lists a detector's versions, newest first, all or those that a metric, a tag, a time or a candidate picks. */
  @Get()
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'listVersions' })
  @ApiOkResponse({ type: ModelVersionPageDto })
  @ApiErrors(400, 404)
  listVersions(
    @Param('detector') detector: string,
    @Query() query: VersionsQuery,
  ): Promise<ModelVersionPageDto> {
    return this.catalogue.versions(detector, query);
  }

  /** Puts two to ten versions side by side: metrics with intervals and differences, options, data, sizes, curves. */
  @Get('compare')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'compareVersions' })
  @ApiOkResponse({ type: VersionComparisonDto })
  @ApiErrors(400, 404, 410)
  compareVersions(
    @Param('detector') detector: string,
    @Query() { versions }: CompareQuery,
  ): Promise<VersionComparisonDto> {
    return this.catalogue.compare(detector, versions);
  }

  /** Shows one version: metrics with intervals, thresholds, signature, lineage. */
  @Get(':version')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getVersion' })
  @ApiOkResponse({ type: ModelVersionDto })
  @ApiErrors(400, 404)
  getVersion(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
  ): Promise<ModelVersionDto> {
    return this.catalogue.version(detector, version);
  }

  /**
   * A version's model card: what it is for, what it was made from, the candidates tried, metrics with intervals,
   * curves, thresholds, the gate's checks, what to beware of, and who moved it; as JSON or as Markdown.
   */
  @Get(':version/card')
  @Header('vary', 'accept')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getModelCard' })
  @ApiModelCard()
  @ApiErrors(400, 404, 410)
  async getModelCard(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
    @Query() query: CardQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const format = query.format ?? acceptedFormat(reply.request.headers.accept);
    const card = await this.catalogue.card(detector, version);
    void reply.type(cardTypes[format]);
    return writeCard(card, format);
  }

  /** Downloads a version's bundle: one file that can be imported elsewhere. `Content-Digest` has its sha-256. */
  @Get(':version/bundle')
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'downloadBundle' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ description: 'The bundle.', schema: bytes })
  @ApiErrors(400, 404, 410)
  async downloadBundle(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const found = await this.registry.getVersion(detector, version);
    const bundle = await this.registry.loadBytes(found);
    void reply.header('content-digest', contentDigest(found.sha256));
    return new StreamableFile(bundle, {
      type: 'application/octet-stream',
      disposition: `attachment; filename="${detector}-${version}.bundle"`,
      length: bundle.length,
    });
  }

  /**
   * Imports a bundle as a new version, once it has been found whole, giving its own test probabilities again, and
   * of this detector and its features. A bundle that a version has already makes no second one: the answer is 200.
   */
  @Post()
  @Requires('admin', 'path')
  @ApiOperation({ operationId: 'importBundle' })
  @TakesUpload('application/octet-stream')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ required: true, schema: bytes })
  @ApiCreatedResponse({ type: ModelVersionDto })
  @ApiOkResponse({ type: ModelVersionDto, description: 'The version that has this bundle already.' })
  @ApiErrors(400, 404, 413, 415, 422)
  async importBundle(
    @Param('detector') detector: string,
    @Query() { source = 'upload', sourceVersion }: ImportQuery,
    @UploadedBundle() upload: BundleUpload,
    @From() { actor: by }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ModelVersionDto> {
    const origin = { source, version: sourceVersion ?? null, by };
    const { version, created } = await this.bundles.receive(detector, upload, origin);
    void reply.status(created ? 201 : 200);
    return this.catalogue.version(detector, version.version);
  }

  /** Adds a tag to a version, or replaces the one of its key. */
  @Put(':version/tags/:key')
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'tagVersion' })
  @ApiOkResponse({ type: ModelVersionDto })
  @ApiErrors(400, 404)
  async tagVersion(
    @Param() { detector, version, key }: TagPath,
    @Body() { value }: TagValueDto,
    @From() { actor }: Caller,
  ): Promise<ModelVersionDto> {
    await this.notes.tag(detector, version, key, value, actor);
    return this.catalogue.version(detector, version);
  }

  /** Removes a tag from a version, if it is there. */
  @Delete(':version/tags/:key')
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'untagVersion' })
  @ApiOkResponse({ type: ModelVersionDto })
  @ApiErrors(400, 404)
  async untagVersion(@Param() { detector, version, key }: TagPath): Promise<ModelVersionDto> {
    await this.notes.untag(detector, version, key);
    return this.catalogue.version(detector, version);
  }

  /** Says in words what a version is. Nothing else of it can be changed but its tags. */
  @Patch(':version')
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'describeVersion' })
  @ApiOkResponse({ type: ModelVersionDto })
  @ApiErrors(400, 404)
  async describeVersion(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
    @Body() { description }: DescriptionTextDto,
    @From() { actor }: Caller,
  ): Promise<ModelVersionDto> {
    await this.notes.describe(detector, version, description, actor);
    return this.catalogue.version(detector, version);
  }
}
