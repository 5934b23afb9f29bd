import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadSecret } from './secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-secret-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('takes the configured secret and touches no file', async () => {
  const data = join(folder, 'untouched');
  expect(await loadSecret(data, 'x'.repeat(32))).toBe('x'.repeat(32));
  expect(() => statSync(data)).toThrow();
});

it('makes a secret once, for its own account only, and finds it again', async () => {
  const data = join(folder, 'new', 'data');
  const [first, second] = await Promise.all([loadSecret(data, null), loadSecret(data, null)]);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(await loadSecret(data, null)).toBe(first);
  expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600);
  expect(readdirSync(data)).toEqual(['secret']);
});

it('names the file when it is too short or out of reach', async () => {
  const data = join(folder, 'short');
  await loadSecret(data, null);
  const file = join(data, 'secret');
  chmodSync(file, 0o600);
  writeFileSync(file, 'short');
  await expect(loadSecret(data, null)).rejects.toMatchObject({
    detail: expect.stringContaining(file) as string,
  });
  await expect(loadSecret(file, null)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
});
