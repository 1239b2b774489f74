import { describeMongoAddress, parseMongoAddress, secretsOf, withoutSecrets } from './mongo-address.js';

describe('the address in a MongoDB URI', () => {
  it.each([
    ['mongodb://admin:s3cret@db:27017/x', 'db:27017/x'],
    ['mongodb+srv://a:p%40ss@cluster.example', 'cluster.example'],
    ['mongodb://a:pa"ss\'w<o>r`d@db/x?authSource=admin', 'db/x'],
    ['mongodb://a:b@one:1,two:2,[::1]:3/x?replicaSet=r', 'one:1,two:2,[::1]:3/x'],
    ['mongodb://%2Fvar%2Frun%2Fmongodb.sock/x', '%2Fvar%2Frun%2Fmongodb.sock/x'],
    ['mongodb://db/?proxyPassword=s3cret&tlsCertificateKeyFilePassword=k3y', 'db'],
  ])('%s is shown as %s', (uri, shown) => {
    expect(describeMongoAddress(uri)).toBe(shown);
  });

  it.each([
    'mongodb://admin:s3cret',
    'mongodb://admin:s3:cret@db',
    'mongodb://admin:s3/cret@db',
    'mongodb://admin:s3cret@more@db/x',
    'mongodb://admin:100%@db',
    'mongodb://db/x&proxyPassword=s3cret',
    'mongodb://db/x?proxyPassword=s3@cret',
    'mongodb://:s3cret@db',
    'mongodb://',
  ])('%s is no address, and nothing of it is shown', (uri) => {
    expect(parseMongoAddress(uri)).toBeNull();
    expect(describeMongoAddress(uri)).toBe('an address that cannot be read');
  });
});

describe('the secrets of a MongoDB URI', () => {
  it('are the password as written, decoded, encoded and inside of JSON', () => {
    expect(secretsOf('mongodb://admin:s3%40c"ret@db/x')).toEqual(
      expect.arrayContaining(['s3%40c"ret', 's3@c"ret', 's3%40c%22ret', 's3@c\\"ret']),
    );
  });

  it('are the values of the query that are no harmless option, and of the properties of a mechanism', () => {
    const query = [
      'tls=true',
      'authSource=admin',
      'tlsCertificateKeyFilePassword=key%20file',
      'PROXYPASSWORD=proxy+word',
      'authMechanismProperties=SERVICE_NAME:mongo,AWS_SESSION_TOKEN:tok%2Fen',
      'unheardOf=whatever',
    ].join('&');
    const secrets = secretsOf(`mongodb://db/x?${query}`);
    expect(secrets).toEqual(
      expect.arrayContaining([
        'key%20file',
        'key file',
        'proxy+word',
        'proxy word',
        'tok%2Fen',
        'tok/en',
        'whatever',
      ]),
    );
    for (const harmless of ['true', 'admin', 'mongo']) expect(secrets).not.toContain(harmless);
  });

  it('are none where they are too short or the URI cannot be parsed', () => {
    expect(secretsOf('mongodb://admin:abc@db/x?proxyPassword=xyz')).toEqual([]);
    expect(secretsOf('mongodb://db:27017/x')).toEqual([]);
    expect(secretsOf('http://admin:s3cret@db')).toEqual([]);
  });

  it('leave a text, the longest first, also where they hold the signs of a pattern', () => {
    const secrets = secretsOf('mongodb://admin:$&.*+(w@db/x?proxyPassword=$%26.*+(w%20longer');
    expect(withoutSecrets('a $&.*+(w b $&.*+(w longer c', secrets)).toBe('a *** b *** c');
  });
});
