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
import { eveExample, zeekExample } from './flow-examples.js';
import { FlowVerdictsDto, LoneFlowVerdictDto } from './flow-scoring.dto.js';
import { flowDetector, FlowScoringService } from './flow-scoring.service.js';
import { ScoreQuery } from './prediction.dto.js';

@ApiTags('score')
@ApiExtraModels(LoneFlowVerdictDto, FlowVerdictsDto)
@Controller('v1/score/flow')
export class FlowScoringController {
  constructor(private readonly flows: FlowScoringService) {}

  /**
   * Scores `{flow}` with one verdict, or `{flows}` (up to 1,000, in the order in which they were over) with
   * `{verdicts}`: lines of Zeek's conn.log, names dotted or not, or flow events of Suricata's EVE. The flows of a
   * request are each other's context; `hosts` says what they add up to.
   */
  @Post()
  @HttpCode(200)
  @Requires('scorer', [flowDetector])
  @TakesManyItems()
  @ApiOperation({ operationId: 'scoreFlows' })
  @ApiCanaryKey()
  @ApiBody({
    schema: {
      type: 'object',
      properties: { flow: { type: 'object' }, flows: { type: 'array', items: { type: 'object' } } },
    },
    examples: {
      zeek: { summary: 'One line of conn.log', value: { flow: zeekExample } },
      several: {
        summary: 'Several flows, of Zeek and of Suricata',
        value: { flows: [zeekExample, eveExample] },
      },
    },
  })
  @ApiOkResponse({
    schema: {
      oneOf: [{ $ref: getSchemaPath(LoneFlowVerdictDto) }, { $ref: getSchemaPath(FlowVerdictsDto) }],
    },
  })
  @ApiErrors(400, 404, 413)
  score(
    @Query() { explain }: ScoreQuery,
    @Body() body: unknown,
    @Headers(canaryKeyHeader) canaryKey?: string,
  ): Promise<LoneFlowVerdictDto | FlowVerdictsDto> {
    return this.flows.answer(body, { explain: explain !== 'off', ...(canaryKey && { canaryKey }) });
  }
}
