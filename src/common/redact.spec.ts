import { redactSecrets } from './redact.js';

describe('redactSecrets', () => {
  it.each([
    ['mongodb://admin:s3cret@db:27017/x', 'mongodb://***@db:27017/x'],
    ['mongodb+srv://a:p%40ss@cluster.example', 'mongodb+srv://***@cluster.example'],
    ['odd password mongodb://a:p@s/s:w@db/x?y=1', 'odd password mongodb://***@db/x?y=1'],
    ['{"uri":"https://user:token@host/path"}', '{"uri":"https://***@host/path"}'],
    ['GET /x?key=nw_0123456789ab_Zm9v-YmF_6', 'GET /x?key=nw_0123456789ab_***'],
    ['nothing to hide at http://127.0.0.1:3000/docs', 'nothing to hide at http://127.0.0.1:3000/docs'],
  ])('%s', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });
});
