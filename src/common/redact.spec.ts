import { secretsOf } from '../config/mongo-address.js';
import { keepSecret, redactSecrets, spellingsOf } from './redact.js';

describe('redactSecrets', () => {
  it.each([
    ['mongodb://admin:s3cret@db:27017/x', 'mongodb://***@db:27017/x'],
    ['mongodb+srv://a:p%40ss@cluster.example', 'mongodb+srv://***@cluster.example'],
    ['odd password mongodb://a:p@s/s:w@db/x?y=1', 'odd password mongodb://***@db/x?y=1'],
    ['{"uri":"https://user:token@host/path"}', '{"uri":"https://***@host/path"}'],
    [String.raw`{"uri":"https://user:to\"ken@host/path"}`, '{"uri":"https://***@host/path"}'],
    ['two: http://a:b@c and ftp://d:e@f.', 'two: http://***@c and ftp://***@f.'],
    ['{"a":"http://a.example","b":"c@d.example"}', '{"a":"http://a.example","b":"c@d.example"}'],
    ['GET /x?key=nw_0123456789ab_Zm9v-YmF_6', 'GET /x?key=nw_0123456789ab_***'],
    ['nothing to hide at http://127.0.0.1:3000/docs', 'nothing to hide at http://127.0.0.1:3000/docs'],
    ['://a@b', '://a@b'],
    ['at file:///x/node_modules/@nestjs/core.js', 'at file:///x/node_modules/@nestjs/core.js'],
  ])('%s', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  it.each([
    ['a key', '/x?key=nw%5F0123456789ab%5FZm9v', '/x?key=nw_0123456789ab_***'],
    ['a key, encoded letter by letter', '/x?key=%6E%77_0123456789ab_Zm9v', '/x?key=nw_0123456789ab_***'],
    ['an address', '/x?url=http%3A%2F%2Fuser%3Apw%40host', '/x?url=http://***@host'],
    ['an address, twice', '/x?url=http%253A%252F%252Fuser%253Apw%2540host', '/x?url=http://***@host'],
  ])('finds %s that is percent-encoded', (_, text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  it('leaves a percent-encoded text without secrets as it is', () => {
    expect(redactSecrets('/x?q=50%25%20off%41')).toBe('/x?q=50%25%20off%41');
  });

  it('takes out a secret of the settings in each of its spellings', () => {
    keepSecret('p"w\'<&>`d');
    for (const text of ['p"w\'<&>`d', encodeURIComponent('p"w\'<&>`d'), JSON.stringify('p"w\'<&>`d')]) {
      expect(redactSecrets(`no ${text} here`)).toMatch(/^no "?\*\*\*"? here$/);
    }
  });

  it('knows a secret as written, decoded, encoded and inside of JSON', () => {
    expect(spellingsOf('s3%40c"ret')).toEqual(
      expect.arrayContaining(['s3%40c"ret', 's3@c"ret', 's3%2540c%22ret', 's3%40c%22ret', 's3@c\\"ret']),
    );
    expect(spellingsOf('proxy+word')).toContain('proxy word');
    expect(spellingsOf('abc')).toEqual([]);
  });

  it('takes the secrets of a URI out of what is said of it, the longest first, whatever signs they hold', () => {
    const secrets = secretsOf('mongodb://admin:$&.*+(w@db/x?proxyPassword=$%26.*+(w%20longer&unheardOf=xyz');
    expect(redactSecrets('a $&.*+(w b $&.*+(w longer c xyz', secrets)).toBe('a *** b *** c xyz');
  });

  it.each(['a', '@', '://', 'a://', 'http://a@', 'nw_', '%', '%41', '%3A', '\\', '"', 'a://b@c"'])(
    'reads a megabyte of %s once',
    (piece) => {
      const text = piece.repeat(2 ** 20 / piece.length);
      // A second way over the text for each of its letters would take an hour.
      expect(typeof redactSecrets(text)).toBe('string');
    },
  );
});
