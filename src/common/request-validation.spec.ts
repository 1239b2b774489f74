import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max } from 'class-validator';
import { RequestInvalidError } from './errors.js';
import { RequestValidation } from './request-validation.js';

class PageOf {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Max(10)
  limit?: number = 5;
}

class Other {
  @IsOptional()
  limit?: string;
}

describe('reading what a request says', () => {
  const validation = new RequestValidation();
  const read = (value: unknown, metatype: ArgumentMetadata['metatype'], type: 'query' | 'body' = 'query') =>
    validation.transform(value, { type, metatype });

  it('gives a query its types and defaults', async () => {
    expect(await read({ limit: '7' }, PageOf)).toEqual({ limit: 7 });
    expect(await read({}, PageOf)).toEqual({ limit: 5 });
    expect(await read({}, PageOf)).toBeInstanceOf(PageOf);
  });

  it('reads a query that recurs once, and nobody can change it for the next', async () => {
    const first = await read({ limit: '3' }, PageOf);
    expect(await read({ limit: '3' }, PageOf)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(await read({ limit: '3' }, Other)).toEqual({ limit: '3' });
  });

  it('refuses a bad query each time, naming the field', async () => {
    for (let time = 0; time < 2; time++) {
      const refusal = await read({ limit: '11', more: '1' }, PageOf).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(RequestInvalidError);
      expect((refusal as RequestInvalidError).errors.map(({ path }) => path).sort()).toEqual([
        'limit',
        'more',
      ]);
    }
  });

  it('reads each body by itself', async () => {
    const first = await read({ limit: 3 }, PageOf, 'body');
    expect(await read({ limit: 3 }, PageOf, 'body')).not.toBe(first);
  });
});
