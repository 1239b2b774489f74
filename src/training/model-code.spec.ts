import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOfModelCode, modelCodeSha256 } from './model-code.js';

describe('the digest of the code that makes models', () => {
  let root: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const digest = (): string => digestOfModelCode(join(root, 'src'), root);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'netwarden-code-'));
    for (const path of [
      'src/ml/bins.ts',
      'src/ml/bins.spec.ts',
      'src/ml/fixtures/rows.ts',
      'src/detector/url/url-features.ts',
      'src/training/stages/fold.task.ts',
      'src/ingestion/snapshot.task.ts',
      'src/ingestion/readers/csv.ts',
      'src/cli/exit.ts',
      'data/url/brands.txt',
      'node_modules/ml-knn/package.json',
      'node_modules/ml-random-forest/package.json',
      'node_modules/tldts/package.json',
      'package.json',
    ])
      write(path, 'before');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    'src/ml/bins.ts',
    'src/ml/new.ts',
    'src/detector/url/url-features.ts',
    'src/training/stages/fold.task.ts',
    'src/ingestion/snapshot.task.ts',
    'data/url/brands.txt',
    'node_modules/tldts/package.json',
  ])('is another one once %s says something else', (path) => {
    const before = digest();
    write(path, 'after');
    expect(digest()).not.toBe(before);
  });

  it.each([
    'src/ml/bins.spec.ts',
    'src/ml/fixtures/rows.ts',
    'src/ml/bins.js.map',
    'src/ingestion/readers/csv.ts',
    'src/cli/exit.ts',
    'package.json',
  ])('stays what it is when %s does', (path) => {
    const before = digest();
    write(path, 'after');
    expect(digest()).toBe(before);
  });

  it('is known of the program itself', () => {
    expect(modelCodeSha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
