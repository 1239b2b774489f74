/** What every page of a list says beside its entries. */
export class PagedDto {
  /** Page, counted from 1. */
  page!: number;
  /** Entries that a page has at most. */
  pageSize!: number;
  /** Entries of the whole list. */
  total!: number;
}
