import { describeMongoAddress, parseMongoAddress, secretsOf } from './mongo-address.js';

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
  it('are its password, and the values of the query that are no harmless option, and of the properties of a mechanism', () => {
    const query = [
      'tls=true',
      'authSource=admin',
      'tlsCertificateKeyFilePassword=key%20file',
      'PROXYPASSWORD=proxy+word',
      'authMechanismProperties=SERVICE_NAME:mongo,AWS_SESSION_TOKEN:tok%2Fen',
      'unheardOf=whatever',
    ].join('&');
    const secrets = secretsOf(`mongodb://admin:s3%40c"ret@db/x?${query}`);
    expect(secrets).toEqual(
      expect.arrayContaining(['s3%40c"ret', 'key%20file', 'proxy+word', 'tok%2Fen', 'whatever']),
    );
    for (const harmless of ['true', 'admin', 'mongo']) expect(secrets).not.toContain(harmless);
  });

  it('are none where it has none or cannot be parsed', () => {
    expect(secretsOf('mongodb://db:27017/x').filter((secret) => secret !== '')).toEqual([]);
    expect(secretsOf('http://admin:s3cret@db')).toEqual([]);
  });
});
