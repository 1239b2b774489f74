import { contractDigest } from './contracts.service.js';
import { contractSchema } from './contract.js';
import { tinyContract, tinySource } from './fixtures/tiny-contract.js';
import { retrainingSchema } from './retraining.js';

const faultsOf = (section: object): string[] =>
  retrainingSchema
    .safeParse(section)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the section retraining of a contract', () => {
  it('starts nothing where it is left out', () => {
    expect(tinyContract().retraining).toEqual({
      cron: null,
      timeZone: 'UTC',
      jitterSeconds: 0,
      promote: 'gate',
      newRecords: null,
      drift: null,
      coolDownMinutes: 60,
      dailyBudget: 4,
    });
  });

  it.each(['17 2 * * *', '*/3 * * * * *', '0 4 * * mon-fri', '30 1 1,15 * *'])('takes %s', (cron) => {
    expect(faultsOf({ cron, timeZone: 'America/Argentina/Buenos_Aires' })).toEqual([]);
  });

  it.each([
    ['61 2 * * *', 'is no cron expression: Invalid value for minute: 61'],
    ['nightly', 'is no cron expression: it has five fields, or six with the seconds first'],
    ['2 * *', 'is no cron expression: it has five fields, or six with the seconds first'],
    ['0 0 2 * * * *', 'is no cron expression: it has five fields, or six with the seconds first'],
    ['0 0 30 2 *', 'names a time that never comes'],
  ])('refuses the cron expression %s', (cron, fault) => {
    expect(faultsOf({ cron })).toEqual([`cron: ${fault}`]);
  });

  it.each(['Mars/Olympus', 'local', '+02:00', ''])('refuses the time zone "%s"', (timeZone) => {
    expect(faultsOf({ timeZone })).toEqual(['timeZone: must be an IANA time zone such as Europe/Berlin']);
  });

  it.each([
    ['a policy that overrides the gate', { promote: 'force' }],
    ['no new records', { newRecords: 0 }],
    ['a share above 1', { drift: 1.5 }],
    ['no budget', { dailyBudget: 0 }],
    ['an unknown member', { crom: '* * * * *' }],
  ])('refuses %s', (_, section) => {
    expect(faultsOf(section)).toHaveLength(1);
  });

  it('does not count to what a model is made of, so that another hour makes no model stale', () => {
    const nightly = tinyContract({ retraining: { cron: '17 2 * * *', dailyBudget: 1 } });
    expect(contractDigest(nightly)).toBe(contractDigest(tinyContract()));
    const stored = JSON.parse(JSON.stringify({ ...nightly, retraining: undefined })) as object;
    expect(contractDigest(contractSchema.parse(stored))).toBe(contractDigest(nightly));
    expect(contractDigest(tinyContract({ split: { ...tinySource.split, seed: 2 } }))).not.toBe(
      contractDigest(nightly),
    );
  });
});
