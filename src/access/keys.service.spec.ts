import type { Page } from '../common/page.dto.js';
import type { ContractsService } from '../detector/contracts.service.js';
import { DetectorUnknownError } from '../detector/detector.errors.js';
import { KeyRefusedError } from './access.errors.js';
import type { ApiKey } from './api-key.schema.js';
import { parseKey } from './key-text.js';
import type { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

class FakeRepository {
  readonly rows = new Map<string, ApiKey>();
  readonly uses: string[] = [];

  add = (key: ApiKey): Promise<void> => Promise.resolve(void this.rows.set(key._id, key));
  find = (id: string): Promise<ApiKey | null> => Promise.resolve(structuredClone(this.rows.get(id)) ?? null);
  list = (): Promise<Page<ApiKey>> =>
    Promise.resolve({ items: [...this.rows.values()], page: 1, pageSize: 20, total: this.rows.size });
  revoke = (id: string): Promise<ApiKey> => {
    const row = this.rows.get(id)!;
    row.revokedAt = new Date();
    return Promise.resolve(row);
  };
  used = (id: string): Promise<void> => Promise.resolve(void this.uses.push(id));
}

const contracts = {
  get: (detector: string) => {
    if (detector !== 'tiny') throw new DetectorUnknownError(detector, ['tiny'], null);
    return { detector };
  },
} as unknown as ContractsService;

describe('keys', () => {
  let repository: FakeRepository;
  let keys: KeysService;

  beforeEach(() => {
    repository = new FakeRepository();
    keys = new KeysService(repository as unknown as KeysRepository, contracts);
  });

  it('are stored as digests and shown whole once', async () => {
    const made = await keys.create({ name: 'siem', role: 'scorer' }, 'cli me');
    const { id, secret } = parseKey(made.key)!;
    expect(made.id).toBe(id);
    const stored = repository.rows.get(id)!;
    expect(stored).toMatchObject({ name: 'siem', role: 'scorer', detectors: null, createdBy: 'cli me' });
    expect(stored.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(stored)).not.toContain(secret);
    const [listed] = (await keys.list({ page: 1, pageSize: 20 })).items;
    expect(Object.keys(listed)).not.toEqual(expect.arrayContaining(['digest']));
    expect(Object.keys(listed)).not.toEqual(expect.arrayContaining(['key']));
  });

  it('stand for their name, role and detectors', async () => {
    const { key, id } = await keys.create({ name: 'siem', role: 'scorer', detectors: ['tiny'] }, 'me');
    expect(await keys.authenticate(key)).toEqual({
      actor: 'key siem',
      key: id,
      role: 'scorer',
      detectors: ['tiny'],
    });
  });

  it('are for detectors that there are', async () => {
    const order = { name: 'siem', role: 'scorer', detectors: ['tiny', 'huge'] } as const;
    await expect(keys.create(order, 'me')).rejects.toThrow(DetectorUnknownError);
    expect(repository.rows.size).toBe(0);
  });

  it('are refused alike when damaged, unknown, false or expired', async () => {
    const { key } = await keys.create({ name: 'siem', role: 'scorer' }, 'me');
    const other = await keys.create({ name: 'other', role: 'admin' }, 'me');
    const expired = await keys.create({ name: 'old', role: 'admin', expiresAt: new Date(1) }, 'me');
    const attempts = [
      key.slice(1),
      key.replace(/^nw_.{12}/, 'nw_000000000000'),
      key.slice(0, 16) + other.key.slice(16),
      expired.key,
    ];
    for (const attempt of attempts) await expect(keys.authenticate(attempt)).rejects.toThrow(KeyRefusedError);
    await expect(keys.authenticate(key)).resolves.toMatchObject({ role: 'scorer' });
  });

  it('end at once where they are revoked', async () => {
    const { key, id } = await keys.create({ name: 'siem', role: 'scorer' }, 'me');
    await keys.authenticate(key);
    expect(await keys.revoke(id)).toMatchObject({ id, revokedAt: expect.any(Date) });
    await expect(keys.authenticate(key)).rejects.toThrow(KeyRefusedError);
  });

  it('note their use once a minute', async () => {
    const { key, id } = await keys.create({ name: 'siem', role: 'scorer' }, 'me');
    await keys.authenticate(key);
    await keys.authenticate(key);
    expect(repository.uses).toEqual([id]);
  });
});
