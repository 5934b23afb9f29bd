import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noteSource, pulledFile } from './model-sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('model sources', () => {
  it('finds the file that was pulled from an address', async () => {
    expect(await pulledFile(folder, 'hf:a/b')).toBeNull();
    await noteSource(folder, 'hf:a/b', 'b-q4.gguf');
    await noteSource(folder, 'https://x/y.gguf', 'y.gguf');
    expect(await pulledFile(folder, 'hf:a/b')).toBe(join(folder, 'b-q4.gguf'));
  });

  it('takes a damaged list, or one that leads out of the folder, for an empty one', async () => {
    for (const text of ['{', '{"hf:a/b": "../../etc/passwd"}', '[]']) {
      writeFileSync(join(folder, 'sources.json'), text);
      expect(await pulledFile(folder, 'hf:a/b')).toBeNull();
    }
  });
});
