import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';

/** A text is read in time that grows with its length alone; an expression that goes back over it takes hours for these. */
const length = 2 ** 20;
const deadlineMs = 10_000;

const pieces = [
  ...'aA0 \t.-/:@%"\'\\=,;{<*',
  ...['\r\n', '://', 'a.', 'a-', 'a@', '0.', '0:', '%41', 'a=b&', '" ', '\\"'],
];

interface Expression {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression that the program's own files write down. */
function expressions(): Expression[] {
  const folder = import.meta.dirname;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.spec)\.ts$/.test(file) && !file.includes('fixtures'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
      const found: Expression[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isRegularExpressionLiteral(node)) {
          const end = node.text.lastIndexOf('/');
          const where = `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
          found.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

describe('every regular expression of the program', () => {
  const all = expressions();
  // One that an expression may match from its beginning on, and one that it may only match further behind.
  const texts = pieces.flatMap((piece) => {
    const run = piece.repeat(Math.ceil(length / piece.length));
    return [`${run}\u0000`, `\u0000${run}\u0000`];
  });

  it('is among those that are tried', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it.each(all)('reads a megabyte of anything in one pass: $where', ({ source, flags }) => {
    const work = 'for (const text of texts) text.search(new RegExp(source, flags))';
    // The engine looks at the clock while it goes back, so an expression that would not end is ended.
    const tried = (): unknown =>
      runInNewContext(work, { texts, source, flags }, { timeout: deadlineMs }) as unknown;
    expect(tried).not.toThrow();
  });
});
