import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Environment } from '../config/environment.js';
import { Public, Requires } from './access.decorators.js';
import { AccessGuard } from './access.guard.js';
import { type Caller, callerOf, requireScope } from './caller.js';
import type { KeysService } from './keys.service.js';
import { type Role, roles } from './roles.js';

class Routes {
  @Public()
  open(): void {
    return;
  }
  @Requires('viewer')
  viewer(): void {
    return;
  }
  @Requires('scorer')
  scorer(): void {
    return;
  }
  @Requires('trainer')
  trainer(): void {
    return;
  }
  @Requires('admin')
  admin(): void {
    return;
  }
  @Requires('admin', { allDetectors: true })
  everything(): void {
    return;
  }
  forgotten(): void {
    return;
  }
}

/** A key is its role, and perhaps a detector: `viewer`, `admin/tiny`. */
const keys = {
  authenticate: (key: string): Promise<Caller> => {
    const [role, detector] = key.split('/');
    return Promise.resolve({
      actor: `key ${key}`,
      key,
      role: role as Role,
      detectors: detector ? [detector] : null,
    });
  },
} as unknown as KeysService;

describe('the guard', () => {
  const ask = async (route: keyof Routes, given: object = {}, auth = true): Promise<string> => {
    const request = { headers: {}, params: {}, query: {}, ...given } as unknown as FastifyRequest;
    const context = {
      getHandler: () => Object.getOwnPropertyDescriptor(Routes.prototype, route)!.value as object,
      getClass: () => Routes,
      switchToHttp: () => ({ getRequest: () => request }),
    } as unknown as ExecutionContext;
    const guard = new AccessGuard(new Reflector(), keys, { auth } as Environment);
    try {
      await guard.canActivate(context);
      return callerOf(request)?.actor ?? 'nobody';
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).message;
    }
  };
  const withKey = (key: string): object => ({ headers: { 'x-api-key': key } });

  it('lets everybody through to what is public, and nobody to a route without a rule', async () => {
    expect(await ask('open')).toBe('nobody');
    expect(await ask('forgotten', withKey('admin'))).toBe('the route forgotten has no access rule');
    expect(await ask('forgotten', {}, false)).toBe('the route forgotten has no access rule');
  });

  it.each(roles)('lets the role %s through to what it covers', async (role) => {
    for (const needed of roles) {
      const covered = roles.indexOf(role) >= roles.indexOf(needed);
      expect(await ask(needed, withKey(role))).toBe(covered ? `key ${role}` : 'ROLE_TOO_LOW');
    }
  });

  it('takes the key from its header or as a bearer token', async () => {
    expect(await ask('viewer', { headers: { authorization: 'Bearer viewer' } })).toBe('key viewer');
    expect(await ask('viewer', { headers: { authorization: 'bearer viewer' } })).toBe('key viewer');
    for (const headers of [
      {},
      { authorization: 'Basic dmlld2Vy' },
      { authorization: 'Bearer' },
      { 'x-api-key': '' },
    ]) {
      expect(await ask('viewer', { headers })).toBe('KEY_MISSING');
    }
  });

  it.each(['params', 'query', 'body'])('checks the detector in the %s', async (part) => {
    expect(await ask('scorer', { ...withKey('scorer/tiny'), [part]: { detector: 'tiny' } })).toBe(
      'key scorer/tiny',
    );
    for (const detector of ['other', ['tiny', 'other']]) {
      expect(await ask('scorer', { ...withKey('scorer/tiny'), [part]: { detector } })).toBe(
        'DETECTOR_OUT_OF_SCOPE',
      );
    }
    expect(await ask('scorer', { ...withKey('scorer'), [part]: { detector: 'other' } })).toBe('key scorer');
  });

  it('keeps what concerns all detectors from keys that are for some', async () => {
    expect(await ask('everything', withKey('admin/tiny'))).toBe('DETECTOR_OUT_OF_SCOPE');
    expect(await ask('everything', withKey('admin'))).toBe('key admin');
  });

  it('takes everybody for an admin without a name where keys are off', async () => {
    expect(await ask('everything', {}, false)).toBe('anonymous');
  });
});

describe('what is found by its id', () => {
  const caller = { actor: 'key a', key: 'a', role: 'viewer', detectors: ['tiny'] } as const;

  it('is refused where it is of a detector that the key is not for', () => {
    expect(requireScope(caller, { detector: 'tiny', n: 1 })).toEqual({ detector: 'tiny', n: 1 });
    expect(() => requireScope(caller, { detector: 'other' })).toThrow('not for the detector other');
    expect(requireScope({ ...caller, detectors: null }, { detector: 'other' })).toBeDefined();
  });
});
