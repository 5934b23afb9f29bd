import * as Y from 'yjs';
import type { BenchDocument } from '../backend.ts';
import { BenchClient } from '../bench-client.ts';
import type { Figures } from '../job.ts';
import { quantile } from '../quantiles.ts';
import { between, seededRandom } from '../random.ts';
import { prose } from '../typing.ts';
import { assertEqualTexts, until } from '../wait.ts';
import type { WorkloadContext } from '../workload.ts';
import { openWindow, settle } from '../workload.ts';

/** Typed characters that may be on their way while the history is written. */
const FILL_WINDOW = 400;

/** Characters of all writers that a replica has seen, removed ones included. */
function seenBy(client: BenchClient): number {
  let total = 0;
  for (const clock of Y.decodeStateVector(Y.encodeStateVector(client.doc)).values()) total += clock;
  return total;
}

/** Writers take turns in typing bursts at places of their own, one transaction a key, some backspaces after. */
async function writeHistory(
  clients: readonly BenchClient[],
  characters: number,
  seed: number,
): Promise<void> {
  const random = seededRandom(seed);
  const allHaveSeen = (count: number) => () => clients.every((client) => seenBy(client) >= count);
  let typed = 0;
  for (let turn = 0; typed < characters; turn++) {
    const text = clients[turn % clients.length]?.text;
    if (text === undefined) throw new Error('a history needs writers');
    let cursor = between(random, 0, text.length);
    const burst = prose(random, Math.min(characters - typed, between(random, 10, 40)));
    for (const character of burst) text.insert(cursor++, character);
    typed += burst.length;
    if (random() < 0.2) for (let n = between(random, 1, 6); n > 0; n--) text.delete(--cursor, 1);
    await until('the history spreads', allHaveSeen(typed - FILL_WINDOW), { clients });
  }
  await until('the history is complete everywhere', allHaveSeen(typed), { clients });
  assertEqualTexts(clients);
}

/** What a newcomer went through. */
interface Visit {
  syncedMs: number;
  receivedBytes: number;
}

async function visit(document: BenchDocument, writer: number, expected: string): Promise<Visit> {
  const wire = await document.wireFor(writer);
  const start = performance.now();
  const client = await BenchClient.connect(wire);
  const syncedMs = performance.now() - start;
  const receivedBytes = client.bytes().received;
  const isComplete = client.text.toJSON() === expected;
  await client.close();
  if (!isComplete) throw new Error('a newcomer was called synced without the whole text');
  return { syncedMs, receivedBytes };
}

/** Newcomers, one after the other, open a document that its writers still have open. */
export async function runJoin({ job, backend }: WorkloadContext): Promise<Figures> {
  const sizes = job.sizes.join;
  const document = await backend.openDocument(sizes.writers);
  const writers: BenchClient[] = [];
  for (let n = 0; n < sizes.writers; n++) writers.push(await BenchClient.connect(await document.wireFor(n)));
  await writeHistory(writers, sizes.characters, job.seed);
  const expected = writers[0]?.text.toJSON() ?? '';
  await settle(job);

  for (let n = 0; n < sizes.warmUpJoins; n++) await visit(document, n, expected);
  const closeWindow = openWindow(job.pid, writers);
  const visits: Visit[] = [];
  for (let n = 0; n < sizes.joins; n++) visits.push(await visit(document, n, expected));
  const window = closeWindow();

  await Promise.all(writers.map((client) => client.close()));
  document.close();
  const times = visits.map(({ syncedMs }) => syncedMs);
  return {
    cpuMillisPerJoin: window.serverCpuMicros / 1000 / sizes.joins,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    bytesPerJoin: visits.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0) / visits.length,
    textLength: expected.length,
    serverCpuShare: window.serverCpuShare,
    loadCpuShare: window.loadCpuShare,
    rssMiB: window.rssMiB,
  };
}
