import { Body, Controller, Headers, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { ApiErrors } from '../common/api-errors.js';
import { TakesManyItems } from '../common/bodies.js';
import { ApiCanaryKey, canaryKeyHeader } from './canary-key.js';
import { urlDetector } from './event-urls.service.js';
import { ScoreQuery } from './prediction.dto.js';
import { UrlVerdictDto, UrlVerdictsDto } from './url-scoring.dto.js';
import { UrlScoringService } from './url-scoring.service.js';

@ApiTags('score')
@ApiExtraModels(UrlVerdictDto, UrlVerdictsDto)
@Controller('v1/score/url')
export class UrlScoringController {
  constructor(private readonly urls: UrlScoringService) {}

  /** Scores `{url}` with one verdict, or `{urls}` (up to 1,000) with `{verdicts}`. Nothing is opened or looked up. */
  @Post()
  @HttpCode(200)
  @Requires('scorer', [urlDetector])
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreUrls' })
  @ApiCanaryKey()
  @ApiBody({
    schema: {
      type: 'object',
      properties: { url: { type: 'string' }, urls: { type: 'array', items: { type: 'string' } } },
    },
    examples: {
      url: { summary: 'One URL', value: { url: 'http://paypal.com.account-check.example/login' } },
      urls: { summary: 'Several URLs', value: { urls: ['https://example.com/', 'hxxp://203.0.113[.]9/x'] } },
    },
  })
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(UrlVerdictDto) }, { $ref: getSchemaPath(UrlVerdictsDto) }] },
  })
  @ApiErrors(400, 404, 413)
  score(
    @Query() { explain }: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<UrlVerdictDto | UrlVerdictsDto> {
    return this.urls.answer(body, { explain: explain !== 'off', ...(canaryKey && { canaryKey }) });
  }
}
