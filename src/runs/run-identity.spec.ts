import { requestDigest, runIdOf } from './run-identity.js';

describe('the id of a run', () => {
  it('follows from actor and idempotency key', () => {
    expect(runIdOf('key ci', 'a')).toBe(runIdOf('key ci', 'a'));
    const ids = [
      runIdOf('key ci', 'a'),
      runIdOf('key ci', 'b'),
      runIdOf('key', 'ci a'),
      runIdOf('schedule', 'a'),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('is a UUID with and without a key', () => {
    expect(runIdOf('key ci', 'a')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(runIdOf('key ci')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(runIdOf('key ci')).not.toBe(runIdOf('key ci'));
  });
});

describe('the digest of a request', () => {
  const digest = requestDigest('tiny', { actor: 'a', seed: 1, promote: 'never' });

  it('does not depend on the order of the members, or on who sends them under which key', () => {
    expect(requestDigest('tiny', { promote: 'never', seed: 1, actor: 'b', idempotencyKey: 'k' })).toBe(
      digest,
    );
    expect(requestDigest('tiny', { actor: 'a', seed: 1, promote: 'never', maxFits: undefined })).toBe(digest);
    const trigger = { kind: 'records', detail: '12 records are new' } as const;
    expect(requestDigest('tiny', { actor: 'a', seed: 1, promote: 'never', trigger })).toBe(digest);
  });

  it('depends on everything else', () => {
    expect(requestDigest('other', { actor: 'a', seed: 1, promote: 'never' })).not.toBe(digest);
    expect(requestDigest('tiny', { actor: 'a', seed: 2, promote: 'never' })).not.toBe(digest);
    expect(requestDigest('tiny', { actor: 'a', seed: 1 })).not.toBe(digest);
  });
});
