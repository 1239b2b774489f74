import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { PageQuery, skipOf } from './page.js';

async function read(query: object): Promise<PageQuery | string[]> {
  const page = plainToInstance(PageQuery, query);
  const faults = await validate(page);
  return faults.length > 0 ? faults.map(({ property }) => property) : page;
}

describe('a page of a list', () => {
  it('is the first with twenty entries unless told', async () => {
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

  it('skips what stands on those before it', () => {
    expect(skipOf({ page: 1, pageSize: 20 })).toBe(0);
    expect(skipOf({ page: 4, pageSize: 25 })).toBe(75);
  });
});
