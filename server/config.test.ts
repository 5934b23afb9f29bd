import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, configTable, readConfig, secretsOf } from './config.ts';
import { VARIABLES } from './config-variables.ts';
import { PACKAGE_ROOT } from './package-root.ts';

function problemOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('readConfig', () => {
  it('has a working default for everything', () => {
    const { config, warnings } = readConfig({});
    expect(warnings).toEqual([]);
    expect(config.http).toEqual({ host: '127.0.0.1', port: 3000, publicUrl: null, trustProxy: 0 });
    expect(config.storage.durability).toBe('power');
    expect(isAbsolute(config.storage.dataDir)).toBe(true);
    expect(existsSync(config.narrator.model)).toBe(true);
    expect(config.narrator).toMatchObject({ isOn: true, openai: null, modelContext: null, modelParallel: 4 });
    expect(config.operation).toMatchObject({ sessionIdleUnloadMs: 300_000, shutdownMs: 20_000 });
  });

  it('Y5: a login server needs a name for this one and a list of operators, and TLS unless it is on this machine', () => {
    const oidc = { OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'tales' };
    expect(readConfig({}).config.operation).toMatchObject({ oidc: null, otlpEndpoint: null });
    const { config } = readConfig({ ...oidc, OIDC_OPERATORS: ' ann@example.org, f3b1 ,' });
    expect(config.operation.oidc).toEqual({
      issuer: 'https://login.example.org',
      clientId: 'tales',
      clientSecret: null,
      operators: ['ann@example.org', 'f3b1'],
    });
    expect(problemOf(oidc)).toContain('OIDC_OPERATORS is not set, and OIDC_ISSUER needs it');
    expect(problemOf({ ...oidc, OIDC_CLIENT_ID: '' })).toContain('OIDC_CLIENT_ID is not set');
    expect(problemOf({ OIDC_ISSUER: 'http://login.example.org' })).toContain('OIDC_ISSUER is "http://login');
    const local = { ...oidc, OIDC_ISSUER: 'http://127.0.0.1:9/x', OIDC_OPERATORS: 'f3b1' };
    expect(readConfig(local).config.operation.oidc?.issuer).toBe('http://127.0.0.1:9/x');
  });

  it('Y6: knows all of its secrets', () => {
    const secrets = Object.entries(VARIABLES)
      .filter(([name]) => /_(?:TOKEN|SECRET|KEY)$/.test(name))
      .map(([name]) => [name, `${name.toLowerCase()}-0123456789-0123456789-0123456789`] as const);
    const { config } = readConfig({
      ...Object.fromEntries(secrets),
      OIDC_ISSUER: 'https://login.example.org',
      OIDC_CLIENT_ID: 'tales',
      OIDC_OPERATORS: 'f3b1',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      MODERATION_JUDGE: 'endpoint',
      MODERATION_ENDPOINT_URL: 'http://127.0.0.1:9/v1',
    });
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    expect(secretsOf(config).sort()).toEqual(secrets.map(([, value]) => value).sort());
    expect(secretsOf(readConfig({}).config)).toEqual([]);
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ PORT: '', PUBLIC_URL: '' }).config.http.port).toBe(3000);
  });

  it('is frozen all the way down', () => {
    const { config } = readConfig({});
    expect(Object.isFrozen(config) && Object.values(config).every(Object.isFrozen)).toBe(true);
  });

  it('reports all problems at once, each with name, rule and example', () => {
    const message = problemOf({ PORT: '70000', DURABILITY: 'maybe', TICK_MS: '5' });
    expect(message).toContain('3 settings are wrong');
    expect(message).toContain(
      'PORT is "70000"\n    must be a whole number from 0 to 65535\n    for example PORT=8080',
    );
    expect(message).toContain('DURABILITY is "maybe"\n    must be one of: power, process');
    expect(message).toContain('TICK_MS is "5"');
  });

  it.each([
    ['PORT', '3e3'],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'tales.example.org'],
    ['PUBLIC_URL', 'https://example.org/tales'],
    ['MODEL_PARALLEL', '17'],
    ['NARRATOR', 'yes'],
    ['HOST', 'a b'],
    ['OPENAI_BASE_URL', 'ftp://example.org'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemOf({ [name]: value })).toContain(`${name} is "${value}"`);
  });

  it('never shows a secret', () => {
    const message = problemOf({
      SESSION_SECRET: 'hunter2',
      METRICS_TOKEN: 'hunter2',
      OPERATOR_TOKEN: 'hunter2',
    });
    expect(message).toContain('SESSION_SECRET\n    must be at least 32');
    expect(message).not.toContain('hunter2');
  });

  it('takes the origin of PUBLIC_URL', () => {
    expect(readConfig({ PUBLIC_URL: 'https://Tales.Example.org/' }).config.http.publicUrl).toBe(
      'https://tales.example.org',
    );
  });

  it('takes an OpenAI-compatible server with and without the name of a model', () => {
    const base = { OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1/' };
    expect(readConfig(base).config.narrator.openai?.model).toBeNull();
    expect(readConfig({ ...base, OPENAI_MODEL: 'm' }).config.narrator.openai).toEqual({
      baseUrl: 'http://127.0.0.1:8000/v1',
      apiKey: null,
      model: 'm',
    });
  });

  it('takes a judge of its own address only with that address', () => {
    expect(readConfig({}).config.moderation).toEqual({
      policyFile: null,
      encoder: 'auto',
      judge: 'off',
      endpoint: null,
      logDays: 90,
    });
    expect(problemOf({ MODERATION_JUDGE: 'endpoint' })).toContain('MODERATION_ENDPOINT_URL is not set');
    const judged = { MODERATION_JUDGE: 'endpoint', MODERATION_ENDPOINT_URL: 'http://127.0.0.1:8001/v1/' };
    expect(readConfig(judged).config.moderation.endpoint).toEqual({
      baseUrl: 'http://127.0.0.1:8001/v1',
      apiKey: null,
    });
    expect(readConfig({ ...judged, MODERATION_JUDGE: 'narrator' }).config.moderation.endpoint).toBeNull();
  });

  it.each(['REDIS_URL', 'DATABASE_URL'])('refuses %s: this version is for one machine', (name) => {
    expect(problemOf({ [name]: 'x://y' })).toContain('single machine');
  });

  it('warns of probable typos with the closest name, not of what Kubernetes sets', () => {
    const { warnings } = readConfig({
      TALELOOM_DURABILTY: 'power',
      TALELOOM_PORT: 'tcp://10.0.0.1:80',
      TALELOOM_SERVICE_HOST: '10.0.0.1',
    });
    expect(warnings).toEqual([
      'TALELOOM_DURABILTY is not a setting and has no effect. Did you mean DURABILITY?',
    ]);
  });

  it('has a default and an example that its own rule allows', () => {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      if (variable.default !== null) readConfig({ [name]: variable.default });
      if (!('isSecret' in variable))
        expect(variable.schema.safeParse(variable.example).success, name).toBe(true);
    }
  });
});

describe('configTable', () => {
  it('names every variable and is in step with README.md', () => {
    for (const name of Object.keys(VARIABLES)) expect(configTable()).toContain(`| \`${name}\` |`);
    const file = join(PACKAGE_ROOT, 'README.md');
    const readme = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const shown = /<!-- config:begin -->([^]*)<!-- config:end -->/.exec(readme)?.[1];
    if (shown !== undefined) expect(shown.trim(), 'run: npm run docs:config').toBe(configTable());
  });
});
