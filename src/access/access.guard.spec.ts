import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AccessRule } from './access.decorators.js';
import { AccessGuard } from './access.guard.js';
import { type Caller, rememberCaller, requireScope } from './caller.js';

describe('the guard', () => {
  const caller: Caller = { actor: 'key a', key: 'a', role: 'admin', detectors: ['tiny'] };
  const named: AccessRule = { role: 'scorer', detectors: 'body' };

  const outcome = (
    access: AccessRule | 'public' | undefined,
    body: unknown,
    who: Caller | null = caller,
  ): string => {
    const request = { routeOptions: { config: { access } }, body } as unknown as FastifyRequest;
    if (who) rememberCaller(request, who);
    const context = {
      getHandler: () => ({ name: 'start' }),
      switchToHttp: () => ({ getRequest: () => request }),
    } as unknown as ExecutionContext;
    try {
      return String(new AccessGuard().canActivate(context));
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).message;
    }
  };

  it('lets nobody through to a route without a rule, and everybody to a public one', () => {
    expect(outcome(undefined, {})).toBe('the route start has no access rule');
    expect(outcome('public', {}, null)).toBe('true');
  });

  it('lets nobody through whom the access hook has not seen', () => {
    expect(outcome(named, { detector: 'tiny' }, null)).toBe('the access hook has not seen start');
  });

  it('keeps a limited key to the detector that the body names', () => {
    expect(outcome(named, { detector: 'tiny' })).toBe('true');
    for (const body of [
      { detector: 'other' },
      { detector: ['tiny'] },
      { detector: null },
      {},
      [],
      null,
      undefined,
    ]) {
      expect(outcome(named, body)).toBe('DETECTOR_OUT_OF_SCOPE');
    }
    expect(outcome(named, { detector: 'other' }, { ...caller, detectors: null })).toBe('true');
  });
});

describe('what is found by its id', () => {
  const caller = { actor: 'key a', key: 'a', role: 'viewer', detectors: ['tiny'] } as const;

  it('is as unknown as any other id where it is of a detector that the key is not for', () => {
    const unknown = (): Error => new Error('there is no such run');
    const found = { detector: 'tiny', n: 1 };
    expect(requireScope(caller, found, unknown)).toBe(found);
    expect(() => requireScope(caller, { detector: 'other' }, unknown)).toThrow('there is no such run');
    expect(requireScope({ ...caller, detectors: null }, { detector: 'other' }, unknown)).toBeDefined();
  });
});
