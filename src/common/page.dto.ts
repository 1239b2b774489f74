import { IsInt, Max, Min } from 'class-validator';
import type { Query } from 'mongoose';
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

/** The page of what `found` finds in its order, with the number of all that it finds. */
export async function pageOf<T>(found: Query<T[], unknown>, { page, pageSize }: PageQuery): Promise<Page<T>> {
  const [total, items] = await Promise.all([
    found.model.countDocuments(found.getFilter()),
    found.skip((page - 1) * pageSize).limit(pageSize),
  ]);
  return { items, page, pageSize, total };
}
