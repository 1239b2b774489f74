import { Controller, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../access/access.decorators.js';
import { ApiErrors } from '../../common/api-errors.js';
import { PreviewQuery, PromotionPreviewDto } from './preview.dto.js';
import { PreviewService } from './preview.service.js';

@ApiTags('models')
@Controller('v1/admin/models/:detector/versions/:version/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  /**
   * Tells what would change if a version took the champion's place: both are asked about the records that were scored
   * last, or about test records where few were. The answer has verdicts that flip, in all and by day, source or group;
   * how far probabilities move; the records that change most; latency and size. Nothing is changed.
   */
  @Post()
  @HttpCode(200)
  @Requires('trainer', 'path')
  @ApiOperation({ operationId: 'previewPromotion' })
  @ApiOkResponse({ type: PromotionPreviewDto })
  @ApiErrors(400, 404, 409, 410, 422)
  preview(
    @Param('detector') detector: string,
    @Param('version', ParseIntPipe) version: number,
    @Query() { records }: PreviewQuery,
  ): Promise<PromotionPreviewDto> {
    return this.previews.preview(detector, version, records);
  }
}
