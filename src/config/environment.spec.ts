import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { environmentSchema, parseEnvironment } from './environment.js';
import { projectRoot } from './project-root.js';

describe('the environment', () => {
  it('works with nothing set', () => {
    const environment = parseEnvironment({});
    expect(environment).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      mongodbUri: undefined,
      bootstrap: true,
      auth: true,
    });
    expect(environment.dataDir).toBe(resolve(projectRoot, '.data'));
    expect(isAbsolute(environment.engineDir)).toBe(true);
  });

  it('takes an empty value as not set', () => {
    expect(parseEnvironment({ PORT: '', MONGODB_URI: '' }).port).toBe(3000);
  });

  it('names every bad key and repeats no value', () => {
    const bad = { PORT: 'seventy', LOG_LEVEL: 'loud', MONGODB_URI: 'postgres://admin:s3cret@db' };
    expect(() => parseEnvironment(bad)).toThrow(/PORT[\s\S]*|LOG_LEVEL/);
    try {
      parseEnvironment(bad);
    } catch (error) {
      const { message } = error as Error;
      for (const key of Object.keys(bad)) expect(message).toContain(key);
      expect(message).not.toContain('s3cret');
    }
  });

  it('refuses a database address that cannot be read, without repeating it', () => {
    const parse = (): unknown => parseEnvironment({ MONGODB_URI: 'mongodb://admin:s3cr#et@db/x' });
    expect(parse).toThrow(/^.*\n {2}MONGODB_URI: cannot be read/);
    expect(parse).not.toThrow(/s3cr|et@/);
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('does without API keys on %s', (HOST) => {
    expect(parseEnvironment({ AUTH: 'off', HOST }).auth).toBe(false);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', '127.evil.example'])(
    'refuses to do without API keys on %s, naming the key',
    (HOST) => {
      expect(() => parseEnvironment({ AUTH: 'off', HOST })).toThrow(/^.*\n {2}AUTH: off is for/);
      expect(parseEnvironment({ AUTH: 'on', HOST }).auth).toBe(true);
    },
  );

  it('refuses a tracking server whose credentials cannot be read, without repeating them', () => {
    const uri = (password: string): Record<string, string> => ({
      MLFLOW_TRACKING_URI: `http://ann:${password}@127.0.0.1:5000`,
    });
    expect(() => parseEnvironment(uri('100%sure'))).toThrow(
      /^.*\n {2}MLFLOW_TRACKING_URI: must have a %(?!.*sure)/,
    );
    expect(parseEnvironment(uri('100%25sure')).tracking?.uri).toContain('100%25sure');
  });

  it('is described key by key in .env.example', () => {
    const example = readFileSync(resolve(projectRoot, '.env.example'), 'utf8');
    const listed = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]).sort();
    expect(listed).toEqual(Object.keys(environmentSchema.shape).sort());
  });
});
