import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MayBeAbsent } from '../common/may-be-absent.js';
import { PageQuery } from '../common/page.dto.js';
import { mostFits, mostSeconds, searchMethods, type SearchMethod } from '../detector/candidate.js';
import { type PromotionPolicy, promotionPolicies } from './training-run.schema.js';

const longestName = 100;

export class StartRunDto {
  /** The detector to train. @example 'phishing-website' */
  @IsString()
  @MaxLength(longestName)
  detector!: string;

  /** Candidates of the contract to try; all that are not optional when absent. @example ['random-forest'] */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(longestName, { each: true })
  candidates?: string[];

  /** Same data, contract, code and seed: same model, bit for bit. @example 42 */
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(4_294_967_295)
  seed?: number;

  /** `gate` promotes what passes the gate, `never` keeps the champion, `force` promotes whatever comes out. */
  @MayBeAbsent()
  @IsIn(promotionPolicies)
  @ApiProperty({ enum: promotionPolicies, required: false, default: 'gate' })
  promote?: PromotionPolicy;

  /** How to look for better options in the candidates' spaces; as the contract says when absent. */
  @MayBeAbsent()
  @IsIn(searchMethods)
  @ApiProperty({ enum: searchMethods, required: false })
  search?: SearchMethod;

  /** Fits that the search may take, all candidates together; the plain options' are not counted. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(mostFits)
  maxFits?: number;

  /** Cuts the search short after so long: what is finished by then counts. Its outcome then depends on the machine. */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(mostSeconds)
  maxSeconds?: number;

  /** Skip the run where neither data nor contract nor code changed since the champion or the latest version. */
  @MayBeAbsent()
  @IsBoolean()
  unlessUnchanged?: boolean;
}

export class RunsQuery extends PageQuery {
  /** Only runs of this detector. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(longestName)
  detector?: string;
}

export const reportFormats = ['json', 'yaml', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export class ReportQuery {
  /** How the report is written. */
  @MayBeAbsent()
  @IsIn(reportFormats)
  @ApiProperty({ enum: reportFormats, required: false, default: 'json' })
  format: ReportFormat = 'json';
}
