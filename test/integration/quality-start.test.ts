import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The built server with what belongs to it, in a folder of its own, so that its files can be spoilt. */
describe('a server whose quality baseline is damaged', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taleloom-baseline-start-'));
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    mkdirSync(join(folder, 'narrator'));
    cpSync(join(ROOT, 'narrator/baselines'), join(folder, 'narrator/baselines'), { recursive: true });
    for (const shared of ['node_modules', 'moderation'])
      symlinkSync(join(ROOT, shared), join(folder, shared), 'dir');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What it says, and how it ends; one that runs is ended. */
  function start(): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ['dist/server/main.js'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        DATA_DIR: join(folder, 'data'),
        HOST: '127.0.0.1',
        PORT: '0',
        NARRATOR: 'off',
        MODERATION_ENCODER: 'off',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    return new Promise((resolve) => {
      const listen = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Taleloom is ready')) child.kill('SIGTERM');
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', (code) => resolve({ code, said }));
    });
  }

  it('J5: ends with 1 and says which file, and what is wrong with it', async () => {
    expect((await start()).said).toContain('is ready');
    const file = join(folder, 'narrator/baselines/quality-en-1.json');
    writeFileSync(file, '{"schema": 1}');
    const { code, said } = await start();
    expect(code).toBe(1);
    expect(said).toContain(file);
    expect(said).toContain('metrics');
    expect(said).not.toContain('is ready');
    expect(said).not.toContain('    at ');
  });
});
