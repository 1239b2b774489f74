import { JsonShapeError, parseJson } from './json-text.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const mebibyte = 2 ** 20;

describe('JSON from elsewhere', () => {
  it.each([
    '{"a":[1,{"b":"[{"}],"c":null}',
    '"["',
    ' 1 ',
    nested(64),
    `[${`${nested(63)},`.repeat(100)}1]`,
    `{"text":"${'[{'.repeat(1000)}"}`,
    `{"text":"${'\\"['.repeat(1000)}\\\\","a":[]}`,
    `[${'"\\\\",[],'.repeat(100)}0]`,
  ])('is parsed as ever, shape %#', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('is refused one level below the deepest that is taken', () => {
    expect(() => parseJson(nested(65))).toThrow(new JsonShapeError('nested more than 64 levels deep'));
    expect(() => parseJson('{"a":'.repeat(65) + '1' + '}'.repeat(65))).toThrow(JsonShapeError);
  });

  it('is refused with one object or array more than is taken', () => {
    const flat = (count: number): string => `[${Array.from({ length: count - 1 }, () => '{}').join()}]`;
    expect(parseJson(flat(250_000))).toHaveLength(249_999);
    expect(() => parseJson(flat(250_001))).toThrow('it holds more than 250000 objects and arrays');
  });

  it('is held to narrower limits where there are some', () => {
    expect(() => parseJson('[[1]]', { depth: 1, containers: 10 })).toThrow('nested more than 1 levels deep');
    expect(() => parseJson('[[],[]]', { depth: 5, containers: 2 })).toThrow('more than 2 objects');
  });

  it('is refused as a fault of syntax, so that whoever handles bad JSON handles it too', () => {
    expect(() => parseJson(nested(5000))).toThrow(SyntaxError);
    expect(() => parseJson('{"a":')).toThrow(SyntaxError);
    expect(() => parseJson(`${'[],'.repeat(100)}"never closed`)).toThrow(SyntaxError);
  });

  it.each([
    ['openings', '['.repeat(mebibyte)],
    ['objects in objects', '{"a":'.repeat(mebibyte / 5)],
    ['empty arrays', `[${'[],'.repeat(mebibyte / 3)}0]`],
    ['strings that never close behind escapes', `${'[],'.repeat(100)}"${'\\'.repeat(mebibyte)}`],
    ['escaped quotes', `${'[],'.repeat(100)}"${'\\"'.repeat(mebibyte / 2)}`],
    ['closings', `${'[]'.repeat(100)}${']'.repeat(mebibyte)}`],
  ])('is refused where it is a mebibyte of %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
