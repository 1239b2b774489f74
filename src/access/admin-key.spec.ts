import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureAdminKey } from './admin-key.js';
import { type KeyParts, formatKey, newKey } from './key-text.js';
import type { KeyOrder, KeysService } from './keys.service.js';

class FakeKeys {
  readonly made: { order: KeyOrder; actor: string; parts: KeyParts }[] = [];

  isKnown = (id: string): Promise<boolean> => Promise.resolve(this.made.some(({ parts }) => parts.id === id));
  hasAnyBy = (by: string): Promise<boolean> => Promise.resolve(this.made.some(({ actor }) => actor === by));
  create = (order: KeyOrder, actor: string, parts: KeyParts): Promise<void> =>
    Promise.resolve(void this.made.push({ order, actor, parts }));
}

describe('the admin key of a first start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'netwarden-key-'));
  const file = join(folder, 'admin.key');
  let keys: FakeKeys;

  const ensure = (): Promise<string | null> => ensureAdminKey(keys as unknown as KeysService, folder);

  beforeEach(() => {
    keys = new FakeKeys();
    rmSync(file, { force: true });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is in a file that its user alone can read, and stays', async () => {
    expect(await ensure()).toBe(file);
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(`${formatKey(keys.made[0].parts)}\n`);
    expect(keys.made[0]).toMatchObject({ order: { role: 'admin' }, actor: 'first start' });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await ensure()).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['admin.key']);
  });

  it('is not made again when someone took it away', async () => {
    await ensure();
    rmSync(file);
    expect(await ensure()).toBeNull();
    expect(keys.made).toHaveLength(1);
  });

  it.each([formatKey(newKey()), '', 'not a key'])(
    'replaces %j, which this database does not know',
    async (text) => {
      writeFileSync(file, text, { mode: 0o644 });
      expect(await ensure()).toBe(file);
      expect(readFileSync(file, 'utf8')).toBe(`${formatKey(keys.made[0].parts)}\n`);
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );
});
