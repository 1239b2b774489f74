import config from './jest.config.js';

const e2e = config.projects.find(({ displayName }) => displayName === 'e2e');

/** Suites that load the machine for minutes: one after the other, and never beside the rest. */
export default {
  ...config,
  maxWorkers: 1,
  projects: [{ ...e2e, testRegex: '\\.long-spec\\.ts$' }],
};
