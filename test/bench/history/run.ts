/** What history costs by the length of the story: looking back, planning, rolling back, storing; see ../README.md. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as Y from 'yjs';
import { HistoryThread } from '../../../server/history-thread.ts';
import { systemClock } from '../../../server/clock.ts';
import { openDatabase } from '../../../server/store/database.ts';
import { SqlHistoryStore } from '../../../server/store/sql-history-store.ts';
import { SqlSessionStore } from '../../../server/store/sql-session-store.ts';
import type { RollbackScope } from '../../../sessions/history-view.ts';
import { newSession } from '../../../sessions/new-session.ts';
import { JournalPast, replay } from '../../../sessions/past.ts';
import { createSessionSchema, type Command } from '../../../sessions/protocol.ts';
import { Sessions } from '../../../sessions/sessions.ts';
import type { Session } from '../../../sessions/session.ts';
import { ListGenerations, ScriptedSummariser } from '../../support/memory-history.ts';
import { ListLog, ManualFlags, ScriptedModerator } from '../../support/scripted-moderator.ts';
import { ListFacts, MemoryFeedback, ScriptedQuality } from '../../support/monitor-parts.ts';
import { ScriptedNarrator } from '../../support/scripted-narrator.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { describeMachine } from '../collab/machine.ts';
import { quantile } from '../collab/quantiles.ts';
import { JournalWriter } from './journal.ts';

const SIZES = [100, 1_000, 5_000];
const LOOKS = 30;
const ROLLBACKS = 8;
/** Passages that a rollback takes back. */
const TAKEN = 10;
const TARGETS = { lookMs: 300 };

interface Figures {
  passages: number;
  /** A look at a random point, ms; and, as the baseline, the same by replaying from the first record. */
  lookP50: number;
  lookP95: number;
  fromStartP50: number;
  /** A preview of the last passages going, and carrying it out until it is durable, ms. */
  planP50: number;
  executeP50: number;
  /** Bytes that a rollback adds to the story's updates, and a whole document, which a naive one would store. */
  rollbackBytes: number;
  documentBytes: number;
  /** Bytes of the file per 1,000 passages: as written, and packed. */
  rawPerThousand: number;
  packedPerThousand: number;
}

const quiet = {
  editPropagated: () => undefined,
  updateRefused: () => undefined,
  merged: () => undefined,
  passageCommitted: () => undefined,
  turnEnded: () => undefined,
  turnWaited: () => undefined,
  sessionUnloaded: () => undefined,
  assessed: () => undefined,
  qualityAlerted: () => undefined,
  monitored: () => undefined,
  intervened: () => undefined,
  feedbackGiven: () => undefined,
  rolledBack: () => undefined,
};

async function timed(count: number, work: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const began = performance.now();
    await work(at);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

/** Size of the file once nothing is left in its log and no page is empty. */
async function fileBytes(database: Awaited<ReturnType<typeof openDatabase>>, file: string): Promise<number> {
  const { sql } = await import('kysely');
  await sql`vacuum`.execute(database.db);
  await sql`pragma wal_checkpoint(truncate)`.execute(database.db);
  return statSync(file).size;
}

async function fromStart(store: SqlHistoryStore, sessionId: string, upTo: number): Promise<void> {
  const updates: Uint8Array[] = [];
  for await (const page of store.read(sessionId, { after: 0, upTo, docs: ['story'] }))
    for (const { data } of page) updates.push(data);
  replay({ base: null, updates });
}

async function execute(
  session: Session,
  playerId: string,
  command: Command,
): Promise<Record<string, unknown>> {
  const answer = await session.execute(playerId, command);
  if (!answer.ok) throw new Error(`${command.name}: ${answer.code}`);
  return answer.value;
}

function order(scope: RollbackScope): Command {
  const payload = { scope, planId: null, choices: {}, timing: 'now' as const, reason: '', isSafety: false };
  return { name: 'rollback:execute', payload };
}

/** Rolls the last passages back and takes that back again, so that every round finds the same story. */
async function rollbacks(session: Session, playerId: string) {
  const line = session.kernel.story.line();
  const scope: RollbackScope = { kind: 'point', to: { passageId: line.at(-TAKEN - 1) ?? null } };
  const preview: Command = { name: 'rollback:preview', payload: { scope } };
  await execute(session, playerId, preview);
  const plan = await timed(ROLLBACKS, () => execute(session, playerId, preview));
  let bytes = 0;
  session.kernel.story.onUpdate((update) => (bytes = update.byteLength));
  const times: number[] = [];
  for (let round = 0; round < ROLLBACKS; round += 1) {
    const began = performance.now();
    const { rollbackId } = await execute(session, playerId, order(scope));
    times.push(performance.now() - began);
    await execute(session, playerId, order({ kind: 'undo', rollbackId: rollbackId as string }));
  }
  return { plan, times: times.sort((a, b) => a - b), bytes };
}

async function measure(passages: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'taleloom-history-'));
  const file = join(folder, 'bench.sqlite');
  const database = await openDatabase({ file, durability: 'process' });
  const store = new SqlSessionStore(database, {});
  const history = new SqlHistoryStore(database);
  const thread = new HistoryThread(systemClock);
  const past = new JournalPast(history, (what) => thread.replay(what));
  const random = new SeededRandom(passages);
  const input = createSessionSchema.parse({ title: 'Bench', ownerName: 'Olga' });
  const { state } = newSession(input, { sessionId: 's1', identityHash: 'h', now: 1_790_000_000_000, random });
  const playerId = Object.keys(state.players)[0] ?? '';
  const seq = await new JournalWriter(store, state).write(passages);
  const raw = await fileBytes(database, file);
  const sessions = new Sessions({
    store,
    clock: systemClock,
    random,
    narrator: new ScriptedNarrator(),
    moderator: new ScriptedModerator(),
    moderationLog: new ListLog(),
    flags: new ManualFlags(),
    observer: quiet,
    history: {
      store: history,
      past,
      generations: new ListGenerations(),
      summariser: new ScriptedSummariser(),
    },
    quality: new ScriptedQuality().assessor,
    feedback: new MemoryFeedback(),
    facts: new ListFacts(),
    options: {
      tickMs: 10,
      idleUnloadMs: 600_000,
      onTrouble: (what, _session, cause) => console.error(what, cause),
    },
  });
  const session = await sessions.open('s1');
  // As a session leaves it: with snapshots, a base where one is due, and packed records.
  await basesAlong(session, history, seq);
  await history.compact('s1', seq);
  const point = () => 1 + random.int(0, seq - 1);
  await past.storyAt('s1', { seq });
  const looks = await timed(LOOKS, () => past.storyAt('s1', { seq: point() }));
  const baseline = await timed(LOOKS / 3, () => fromStart(history, 's1', point()));
  const { plan, times, bytes } = await rollbacks(session, playerId);
  const documentBytes = Y.encodeStateAsUpdate(session.kernel.story.doc).byteLength;
  await sessions.close();
  const packed = await fileBytes(database, file);
  await thread.close();
  await store.close();
  rmSync(folder, { recursive: true });
  return {
    passages,
    lookP50: quantile(looks, 0.5),
    lookP95: quantile(looks, 0.95),
    fromStartP50: quantile(baseline, 0.5),
    planP50: quantile(plan, 0.5),
    executeP50: quantile(times, 0.5),
    rollbackBytes: bytes,
    documentBytes,
    rawPerThousand: (raw / passages) * 1_000,
    packedPerThousand: (packed / passages) * 1_000,
  };
}

/** Bases as the server would have kept them while the story grew (see HistoryWriter). */
async function basesAlong(session: Session, history: SqlHistoryStore, seq: number): Promise<void> {
  const doc = new Y.Doc();
  let size = 0;
  let grown = 0;
  for await (const page of history.read(session.id, { after: 0, upTo: seq, docs: ['story'] })) {
    for (const record of page) {
      Y.applyUpdate(doc, record.data);
      grown += record.data.byteLength;
      if (grown < Math.max(128 * 1024, size / 2)) continue;
      const data = Y.encodeStateAsUpdate(doc);
      await history.saveBase(session.id, { seq: record.seq, data });
      size = data.byteLength;
      grown = 0;
    }
  }
}

async function main(): Promise<void> {
  const out = process.argv.includes('--out') ? process.argv[process.argv.indexOf('--out') + 1] : undefined;
  const figures: Figures[] = [];
  for (const passages of SIZES) figures.push(await measure(passages));
  console.table(
    figures.map((of) =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [name, Math.round(value * 10) / 10])),
    ),
  );
  const file = out ?? join(tmpdir(), 'taleloom-bench-history.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...describeMachine(tmpdir()), targets: TARGETS, figures }, null, 2));
  const [small, mid, large] = figures;
  if (small === undefined || mid === undefined || large === undefined) return;
  const ratio = (of: Figures) => (of.lookP50 / of.fromStartP50).toFixed(2);
  console.log(
    `history: look at 1,000 passages p95 ${mid.lookP95.toFixed(0)} ms (aim ${TARGETS.lookMs}), ` +
      `${ratio(mid)} of a replay from the start (5,000: ${ratio(large)}); rollback of ${TAKEN} ` +
      `${small.rollbackBytes} B at 100, ${large.rollbackBytes} B at 5,000 passages; ` +
      `1,000 passages take ${(mid.packedPerThousand / 1e6).toFixed(1)} MB packed, ${(mid.rawPerThousand / mid.packedPerThousand).toFixed(1)} x less than written. ${file}`,
  );
}

await main();
