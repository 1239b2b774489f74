import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { VerdictDto } from './prediction.dto.js';

export class UrlVerdictDto extends VerdictDto {
  /** Seconds for which a caller may keep the answer: an entry of a list or another version may change it then. @example 300 */
  cacheFor!: number;
}

@ApiExtraModels(UrlVerdictDto)
export class UrlVerdictsDto {
  /** One verdict a URL, in order. */
  @ApiProperty({ type: [UrlVerdictDto] })
  verdicts!: UrlVerdictDto[];
}
