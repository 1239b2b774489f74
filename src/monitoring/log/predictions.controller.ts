import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../access/access.decorators.js';
import { type Caller, From } from '../../access/caller.js';
import { ApiErrors } from '../../common/api-errors.js';
import { feedbackBody, GiveFeedbackDto, PredictionDto } from './predictions.dto.js';
import { PredictionsService } from './predictions.service.js';

@ApiTags('monitoring')
@Controller('v1/predictions')
export class PredictionsController {
  constructor(private readonly predictions: PredictionsService) {}

  /** Shows a logged prediction: the record, the verdict that it got, and the feedback to it. */
  @Get(':id')
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'getPrediction' })
  @ApiOkResponse({ type: PredictionDto })
  @ApiErrors(404)
  getPrediction(@Param('id') id: string, @From() caller: Caller): Promise<PredictionDto> {
    return this.predictions.get(id, caller);
  }

  /** Says what a scored record turned out to be; sent again, it replaces what was said before. */
  @Post(':id/feedback')
  @HttpCode(200)
  @Requires('scorer', 'own')
  @ApiOperation({ operationId: 'giveFeedback' })
  @ApiBody({ schema: feedbackBody })
  @ApiOkResponse({ type: PredictionDto })
  @ApiErrors(400, 404)
  giveFeedback(
    @Param('id') id: string,
    @Body() feedback: GiveFeedbackDto,
    @From() caller: Caller,
  ): Promise<PredictionDto> {
    return this.predictions.giveFeedback(id, feedback, caller);
  }
}
