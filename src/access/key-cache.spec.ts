import { jest } from '@jest/globals';
import type { ApiKey } from './api-key.schema.js';
import { KeyCache } from './key-cache.js';

const named = (name: string): ApiKey => ({ _id: 'k', name }) as ApiKey;

describe('the cache of keys', () => {
  let find: jest.Mock<(id: string) => Promise<ApiKey | null>>;
  let cache: KeyCache;

  beforeEach(() => {
    jest.useFakeTimers();
    find = jest.fn(() => Promise.resolve<ApiKey | null>(named('first')));
    cache = new KeyCache(find);
  });

  afterEach(() => jest.useRealTimers());

  it('reads a key once a second', async () => {
    await cache.get('k');
    jest.advanceTimersByTime(999);
    await cache.get('k');
    expect(find).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    await cache.get('k');
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('goes on with what it knows for half a second while the key is read again, and no longer', async () => {
    await cache.get('k');
    jest.advanceTimersByTime(1000);
    find.mockResolvedValue(named('second'));
    expect(await cache.get('k')).toEqual(named('first'));
    await jest.advanceTimersByTimeAsync(0);
    expect(await cache.get('k')).toEqual(named('second'));
    jest.advanceTimersByTime(1500);
    find.mockResolvedValue(null);
    expect(await cache.get('k')).toBeNull();
  });

  it('reads it once for all who ask at the same time, and unknown ids like known ones', async () => {
    find.mockResolvedValue(null);
    expect(await Promise.all([cache.get('k'), cache.get('k')])).toEqual([null, null]);
    await cache.get('k');
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('reads at once what it was told to forget', async () => {
    await cache.get('k');
    cache.forget('k');
    await cache.get('k');
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('goes on with what it knows while reading fails, and asks again a second later', async () => {
    await cache.get('k');
    jest.advanceTimersByTime(60_000);
    find.mockRejectedValue(new Error('away'));
    expect(await cache.get('k')).toEqual(named('first'));
    expect(await cache.get('k')).toEqual(named('first'));
    expect(find).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(1500);
    find.mockResolvedValue(null);
    expect(await cache.get('k')).toBeNull();
  });

  it('waits a quarter of a second at most for a key that it knows, and takes a late answer in', async () => {
    await cache.get('k');
    jest.advanceTimersByTime(1500);
    let answer!: (key: ApiKey | null) => void;
    find.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const asked = cache.get('k');
    jest.advanceTimersByTime(250);
    expect(await asked).toEqual(named('first'));
    answer(null);
    await jest.advanceTimersByTimeAsync(0);
    jest.advanceTimersByTime(500);
    expect(await cache.get('k')).toBeNull();
  });

  it('has nothing to go on with for a key that it never saw', async () => {
    find.mockRejectedValue(new Error('away'));
    await expect(cache.get('k')).rejects.toThrow('away');
  });

  it('forgets the id that it read first when there are too many', async () => {
    for (let i = 0; i <= 10_000; i++) await cache.get(String(i));
    await cache.get('1');
    expect(find).toHaveBeenCalledTimes(10_001);
    await cache.get('0');
    expect(find).toHaveBeenCalledTimes(10_002);
  });
});
