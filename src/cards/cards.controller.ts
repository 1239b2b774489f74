import { Controller, Get, Header, Param, ParseIntPipe, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Requires } from '../access/access.decorators.js';
import { ApiErrors } from '../common/api-errors.js';
import { acceptedFormat, cardTypes, writeCard } from './card-format.js';
import { CardsService } from './cards.service.js';
import { exampleCard } from './example-card.js';
import { CardQuery, ModelCardDto } from './model-card.dto.js';
import { modelCardMarkdown } from './model-card-markdown.js';
import { CompareQuery, VersionComparisonDto } from './version-comparison.dto.js';

/** What is known of versions: their model cards, and several side by side. */
@ApiTags('models')
@Controller('v1/admin/models/:detector/versions')
export class CardsController {
  constructor(private readonly cards: CardsService) {}

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
    return this.cards.compare(detector, versions);
  }

  /**
   * A version's model card: what it is for, what it was made from, the candidates tried, metrics with intervals,
   * curves, thresholds, the gate's checks, what to beware of, and who moved it; as JSON or as Markdown.
   */
  @Get(':version/card')
  @Header('vary', 'accept')
  @Requires('viewer', 'path')
  @ApiOperation({ operationId: 'getModelCard' })
  @ApiExtraModels(ModelCardDto)
  @ApiOkResponse({
    description: 'The model card.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ModelCardDto) }, example: exampleCard },
      'text/markdown': { schema: { type: 'string' }, example: modelCardMarkdown(exampleCard) },
    },
  })
  @ApiErrors(400, 404, 410)
  async getModelCard(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
    @Query() query: CardQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const format = query.format ?? acceptedFormat(reply.request.headers.accept);
    const card = await this.cards.served(detector, version);
    void reply.type(cardTypes[format]);
    return writeCard(card, format);
  }
}
