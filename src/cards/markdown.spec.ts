import { bar, bullets, code, heading, joined, link, markup, sparkline, strong, table } from './markdown.js';

describe('text put into Markdown', () => {
  it.each([
    ['a | b', 'a \\| b'],
    ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
    ['[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
    ['![](http://example.org/pixel)', '!\\[\\](http://example.org/pixel)'],
    ['**bold** _it_ `code` ~~gone~~', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~gone\\~\\~'],
    ['\\| C:\\temp', '\\\\\\| C:\\\\temp'],
    ['&lt; costs $5$', '\\&lt; costs \\$5\\$'],
    ['one\r\ntwo\tthree\u0000', 'one two three'],
    ['abc\u202Edcb', 'abc dcb'],
    ['# no heading', '\\# no heading'],
    ['- no list', '\\- no list'],
    ['--- ', '\\---'],
    ['1. no list', '1\\. no list'],
    ['12) no list', '12\\) no list'],
    ['0.9850', '0.9850'],
    ['-0.003', '-0.003'],
    ['#12', '#12'],
  ])('is shown as it is: %j', (text, escaped) => {
    expect(markup`${text}`.text).toBe(escaped);
  });

  it('stays markup where it is markup, and is a dash where there is none', () => {
    expect(markup`by ${strong('a*b')} at ${1}, ${null}`.text).toBe('by **a\\*b** at 1, –');
    expect(joined(['a_b', code('a_b')]).text).toBe('a\\_b, `a_b`');
    expect(heading(2, 'a\n# b').text).toBe('## a # b');
    expect(bullets(['- a', 'b']).text).toBe('- \\- a\n- b');
  });

  it('cannot leave a code span or its cell', () => {
    expect(code('a`b').text).toBe('``a`b``');
    expect(code('``').text).toBe('``` `` ```');
    expect(code('a|b\nc').text).toBe('a\\|b c');
    expect(code('').text).toBe('`  `');
  });

  it('cannot leave a link', () => {
    expect(link('https://doi.org/10.1/a> <b>|c').text).toBe('<https://doi.org/10.1/a%3E%20%3Cb%3E%7Cc>');
  });
});

describe('a table', () => {
  it('pads its cells and aligns numbers to the right', () => {
    const rows = [
      ['a|b', 1],
      [code('x'), null],
    ];
    expect(table(['name', 'n'], rows, 'lr').text).toBe(
      ['| name |   n |', '| ---- | --: |', '| a\\|b |   1 |', '| `x`  |   – |'].join('\n'),
    );
  });
});

describe('a drawing in text', () => {
  it('draws a curve, with values outside at its edges', () => {
    expect(sparkline([-1, 0, 0.5, 0.99, 1, 2])).toBe('▁▁▅███');
    expect(sparkline([10, 20], 10, 30)).toBe('▁▅');
  });

  it('draws a share', () => {
    expect([bar(0, 4), bar(0.5, 4), bar(1, 4), bar(-1, 4), bar(7, 4)]).toEqual([
      '░░░░',
      '██░░',
      '████',
      '░░░░',
      '████',
    ]);
  });
});
