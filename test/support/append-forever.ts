/**
 * Child program of the store's kill test: appends to 20 sessions at once until it is killed, and prints
 * `<session> <seq>` for every append that was acknowledged. Arguments: the database file, the first seq.
 */
import { writeSync } from 'node:fs';
import { openSqliteSessionStore } from '../../server/store/sql-session-store.ts';
import { record } from './journal-records.ts';

const [file = '', first = '1'] = process.argv.slice(2);
const store = await openSqliteSessionStore({ file, durability: 'process' });

/** Synchronous, so that an acknowledged append is never lost in a buffer of this process; a full pipe is waited for. */
function say(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function write(sessionId: string): Promise<void> {
  if (first === '1') await store.create(sessionId, 1);
  for (let seq = Number(first); ; seq += 2) {
    await store.append(sessionId, [
      record(seq, `${sessionId}/${seq}`),
      record(seq + 1, 'x'.repeat(seq % 900)),
    ]);
    say(`${sessionId} ${seq + 1}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, index) => write(`s${index}`)));
