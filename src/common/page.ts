import { IsInt, Max, Min } from 'class-validator';
import { AsNumber } from './as-number.js';
import { MayBeAbsent } from './may-be-absent.js';

/** Which part of a list. */
export class PageQuery {
  /** Page, counted from 1. */
  @MayBeAbsent()
  @AsNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  /** Entries a page. */
  @MayBeAbsent()
  @AsNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  pageSize: number = 20;
}

/** One page of a list, newest first. */
export interface Page<T> {
  readonly items: T[];
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
}

/** Documents to skip for `query`. */
export function skipOf(query: PageQuery): number {
  return (query.page - 1) * query.pageSize;
}
