import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { Query } from 'mongoose';
import { pageOf, PageQuery } from './page.dto.js';

async function read(query: object): Promise<PageQuery | string[]> {
  const page = plainToInstance(PageQuery, query);
  const faults = await validate(page);
  return faults.length > 0 ? faults.map(({ property }) => property) : page;
}

describe('a page of a list', () => {
  it('is the first of twenty entries where the query says nothing', async () => {
    expect(await read({})).toEqual({ page: 1, pageSize: 20 });
  });

  it('is read from the text of a query', async () => {
    expect(await read({ page: '3', pageSize: '200' })).toEqual({ page: 3, pageSize: 200 });
    expect(await read({ page: '1000000', pageSize: '1' })).toEqual({ page: 1_000_000, pageSize: 1 });
  });

  it.each([
    [{ page: '0' }, 'page'],
    [{ page: '-1' }, 'page'],
    [{ page: '1.5' }, 'page'],
    [{ page: 'two' }, 'page'],
    [{ page: '1000001' }, 'page'],
    [{ page: ['1', '2'] }, 'page'],
    [{ pageSize: '0' }, 'pageSize'],
    [{ pageSize: '201' }, 'pageSize'],
    [{ pageSize: 'Infinity' }, 'pageSize'],
  ])('is refused as %j', async (query, property) => {
    expect(await read(query)).toEqual([property]);
  });

  it('leaves out the entries of those before it, and counts all that the query finds', async () => {
    class FakeQuery {
      from = 0;
      readonly model = {
        countDocuments: (filter: object) => Promise.resolve(filter === this.filter ? 90 : 0),
      };
      private readonly filter = {};
      getFilter = (): object => this.filter;
      skip(from: number): this {
        this.from = from;
        return this;
      }
      limit = (most: number): Promise<number[]> =>
        Promise.resolve(Array.from({ length: Math.min(most, 90 - this.from) }, (_, i) => this.from + i));
    }
    const page = await pageOf(new FakeQuery() as unknown as Query<number[], unknown>, {
      page: 4,
      pageSize: 25,
    });
    expect(page).toEqual({
      items: Array.from({ length: 15 }, (_, i) => 75 + i),
      page: 4,
      pageSize: 25,
      total: 90,
    });
  });
});
