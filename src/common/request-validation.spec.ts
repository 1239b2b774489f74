import type { ArgumentMetadata } from '@nestjs/common';
import { ArrayMinSize, IsArray, IsBoolean, IsInt, IsString, Max, MaxLength } from 'class-validator';
import { AsNumber } from './as-number.js';
import { RequestInvalidError } from './errors.js';
import { IsoDate } from './iso-date.js';
import { MayBeAbsent, MayBeAbsentOrNull } from './may-be-absent.js';
import { RequestValidation } from './request-validation.js';

class PageOf {
  @MayBeAbsent()
  @AsNumber()
  @IsInt()
  @Max(10)
  limit?: number = 5;
}

class Other {
  @MayBeAbsent()
  limit?: string;
}

class Order {
  @IsString()
  @MaxLength(20)
  name!: string;

  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @IsString({ each: true })
  parts?: string[];

  @MayBeAbsent()
  @IsInt()
  count?: number;

  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;

  @MayBeAbsentOrNull()
  @IsInt()
  expected?: number | null;

  @MayBeAbsent()
  @IsoDate()
  at?: Date;
}

const validation = new RequestValidation();
const read = (value: unknown, metatype: ArgumentMetadata['metatype'], type: 'query' | 'body' = 'query') =>
  validation.transform(value, { type, metatype });

async function faults(value: unknown, type: 'query' | 'body' = 'body', metatype = Order) {
  const refusal = await read(value, metatype, type).then(
    (taken) => new Error(`taken as ${JSON.stringify(taken)}`),
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(RequestInvalidError);
  return (refusal as RequestInvalidError).errors;
}

describe('reading what a request says', () => {
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
      const errors = await faults({ limit: '11', more: '1' }, 'query', PageOf as never);
      expect(errors.map(({ path }) => path).sort()).toEqual(['limit', 'more']);
    }
  });

  it('reads each body by itself', async () => {
    const first = await read({ limit: 3 }, PageOf, 'body');
    expect(await read({ limit: 3 }, PageOf, 'body')).not.toBe(first);
  });

  it.each(['', ' ', '0x4', '1e', '--1', '٤', 'Infinity', 'NaN', ['1', '2'], {}])(
    'takes %j for no number',
    async (limit) => {
      const errors = await faults({ limit }, 'query', PageOf as never);
      expect(errors[0].path).toBe('limit');
    },
  );
});

describe('a body that its route does not expect', () => {
  it.each(['parts', 'count', 'dryRun', 'at'])(
    'is refused where %s is null instead of absent',
    async (path) => {
      expect((await faults({ name: 'a', [path]: null }))[0].path).toBe(path);
      expect(await read({ name: 'a' }, Order, 'body')).toEqual({ name: 'a' });
    },
  );

  it('may hold null where that means something', async () => {
    expect(await read({ name: 'a', expected: null }, Order, 'body')).toEqual({ name: 'a', expected: null });
  });

  it.each([null, [], [{ name: 'a' }], 'name', 7, true])('is refused as a whole: %j', async (body) => {
    expect(await faults(body)).toEqual([{ path: 'body', message: 'must be one JSON object' }]);
  });

  it.each(['name', 'parts', 'count', 'dryRun', 'expected', 'at'])(
    'is refused by name where %s is an object, whatever that holds',
    async (path) => {
      let deep: unknown = 1;
      for (let i = 0; i < 100_000; i++) deep = [deep];
      for (const odd of [
        {},
        { toString: 1 },
        { valueOf: 1, toString: null },
        { constructor: 1 },
        JSON.parse('{"__proto__": {"then": 1}}'),
        { length: 1e9, constructor: { name: 'Array' } },
        { deep },
        [{ constructor: 1 }],
        [[deep]],
      ]) {
        expect((await faults({ name: 'a', [path]: odd })).map((fault) => fault.path)).toContain(path);
      }
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'])(
    'is refused where it has a member %s of its own',
    async (name) => {
      const body: unknown = JSON.parse(`{"name": 7, "${name}": 1}`);
      expect(await faults(body)).toEqual([{ path: name, message: `property ${name} should not exist` }]);
    },
  );

  it('is answered with a hundred faults at most, each of a size to read', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => [`member${i}`, 1] as const);
    expect(await faults(Object.fromEntries(names))).toEqual([
      { path: 'body', message: 'has 5000 members; this route knows fewer than 100' },
    ]);
    const [fault] = await faults({ name: 'a', ['x'.repeat(100_000)]: 1 });
    expect([fault.path!.length, fault.message.length]).toEqual([100, 300]);
    const many = Array.from({ length: 5000 }, (_, i) => ({ path: `ids[${i}]`, message: 'unknown' }));
    const error = new RequestInvalidError(many);
    expect([error.errors.length, error.message]).toEqual([100, expect.stringContaining('5000 faults')]);
  });
});
