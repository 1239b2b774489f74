import { describePython, unsupportedReason } from './python.js';

const linux = {
  implementation: 'CPython',
  version: [3, 11] as [number, number],
  system: 'linux',
  machine: 'x86_64',
};

describe('the choice of a Python', () => {
  it.each([
    [linux, null],
    [{ ...linux, version: [3, 10] as [number, number], system: 'win32', machine: 'AMD64' }, null],
    [{ ...linux, version: [3, 13] as [number, number], system: 'darwin', machine: 'arm64' }, null],
    [{ ...linux, version: [3, 9] as [number, number] }, 'Python 3.9 is not 3.10-3.13'],
    [{ ...linux, version: [3, 14] as [number, number] }, 'Python 3.14 is not 3.10-3.13'],
    [{ ...linux, implementation: 'PyPy' }, 'PyPy is not supported'],
    [{ ...linux, system: 'darwin' }, 'there is no package for darwin on x86_64'],
    [{ ...linux, system: 'freebsd14' }, 'there is no package for freebsd14 on x86_64'],
  ])('%j: %s', (python, reason) => {
    expect(unsupportedReason(python)).toBe(reason);
  });

  it('passes over a program that is not there or is no Python', async () => {
    expect(await describePython(['netwarden-no-such-python'])).toBeNull();
    expect(await describePython([process.execPath])).toBeNull();
  });
});
