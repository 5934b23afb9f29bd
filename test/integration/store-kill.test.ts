import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openSqliteSessionStore } from '../../server/store/sql-session-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL('../support/append-forever.ts', import.meta.url));

/** Runs the program until it has acknowledged `lines` appends, kills it with SIGKILL, gives what it said. */
async function runAndKill(file: string, first: number, lines: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  const acknowledged = new Map<string, number>();
  for (const [, id = '', seq] of said.matchAll(/^(\w+) (\d+)$/gm)) acknowledged.set(id, Number(seq));
  return acknowledged;
}

it('every acknowledged append is there after kill -9, without holes, and writing goes on', async () => {
  const file = join(folder, 'story.sqlite');
  let first = 1;
  for (const lines of [300, 2_000, 6_000]) {
    const acknowledged = await runAndKill(file, first, lines);
    expect(acknowledged.size).toBe(20);
    const store = await openSqliteSessionStore({ file, durability: 'process' });
    let newest = 0;
    for (const [id, seq] of acknowledged) {
      const tail = (await store.load(id))?.tail ?? [];
      expect(tail.length).toBeGreaterThanOrEqual(seq);
      tail.forEach((row, index) => expect(row.seq).toBe(index + 1));
      newest = Math.max(newest, tail.length);
    }
    // All go on at the same position: sessions that were behind catch up first.
    for (const id of acknowledged.keys()) {
      const length = (await store.load(id))?.tail.length ?? 0;
      for (let seq = length + 1; seq <= newest; seq += 1) {
        await store.append(id, [
          { seq, at: 1, kind: 'event', doc: 'state', author: null, data: new Uint8Array(1) },
        ]);
      }
    }
    await store.close();
    first = newest + 1;
  }
});
