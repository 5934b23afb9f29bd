/** What watching costs: CPU for a passage, memory for a session, and the time of a scrape; see ../README.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAssessor } from '../../../narrator/quality/assessor.ts';
import { loadBaseline } from '../../../narrator/quality/baseline.ts';
import { createMetrics } from '../../../server/metrics.ts';
import { refreshSessionHealth, sessionObserver } from '../../../server/metric-sessions.ts';
import { newSession } from '../../../sessions/new-session.ts';
import { createSessionSchema } from '../../../sessions/protocol.ts';
import { hashSecret } from '../../../sessions/secrets.ts';
import { Monitor, readForMonitor } from '../../../sessions/monitor.ts';
import { newMonitorState } from '../../../sessions/monitor-state.ts';
import type { PassageToAssess, QualityAssessor } from '../../../sessions/quality.ts';
import type { Passage } from '../../../sessions/story-shape.ts';
import { STORIES, storyPassages } from '../../fixtures/stories/stories.ts';
import { ScriptedQuality } from '../../support/monitor-parts.ts';
import { SessionsFixture } from '../../support/sessions-fixture.ts';
import { describeMachine } from '../collab/machine.ts';
import { quantile } from '../collab/quantiles.ts';

const SIZES = [100, 1_000, 10_000];
const BUSY = 50;
const PASSAGES = 40;
const SCRAPES = 20;
const TARGETS = { passageMs: 5, scrapeMs: 100, idleBytes: 100 * 1024 };

interface Figures {
  idle: number;
  /** CPU of reading and measuring one passage in one of the busy sessions, ms. */
  passageP50: number;
  passageP95: number;
  /** The same with a judge of quality that does nothing: what the monitor alone takes. */
  monitorP50: number;
  /** Working out all figures of a session, ms. */
  scoresP50: number;
  /** Heap of a session nobody is in, whole, and the part of its monitor, bytes. */
  idleBytes: number;
  monitorBytes: number;
  /** Heap of the monitor of a session with 40 passages, bytes. */
  busyBytes: number;
  /** A scrape with all gauges of the sessions in memory brought up to date, ms. */
  scrapeP50: number;
  scrapeP95: number;
  series: number;
}

const texts = STORIES.flatMap((name) => storyPassages(name));

function passageAt(session: number, number: number): Passage {
  const author = `player${(session + number) % 4}`;
  const text = texts[(session * 97 + number) % texts.length] ?? '';
  const at = 1_790_000_000_000 + number * 60_000;
  const alternative = { id: 'a', state: 'complete' as const, at, edits: 0, editedAt: null, info: {} };
  return {
    ...{ id: `p${number}`, kind: 'player', by: author, turnId: 't', castId: null, createdAt: at },
    ...{ state: 'shown', rollbackId: null, isPurged: false, chosen: 0 },
    alternatives: [{ ...alternative, spans: [{ author, text }] }],
  };
}

/** Plays the busy sessions passage by passage, as the server meets them; answers the CPU of each, ms. */
function play(monitors: readonly Monitor[], assessor: QualityAssessor): number[] {
  const times: number[] = [];
  for (let number = 0; number < PASSAGES; number += 1) {
    for (const [session, monitor] of monitors.entries()) {
      const passage = passageAt(session, number);
      const previous = [3, 2, 1].flatMap((back) =>
        number < back ? [] : [texts[(session * 97 + number - back) % texts.length] ?? ''],
      );
      const before = process.cpuUsage();
      const read = readForMonitor(passage);
      if (read === null) continue;
      monitor.wrote(read);
      const of: PassageToAssess = {
        ...{ sessionId: `s${session}`, passageId: passage.id, alternativeId: 'a', authorKind: 'player' },
        ...{ text: read.text, previous, cast: [], speaksAs: null, version: null },
        ...{ engagement: monitor.engaged(read.at), narratorWaiting: 0 },
      };
      monitor.assessed(assessor.assess(of, read.at), read.author);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1_000);
    }
  }
  return times;
}

/** Bytes of heap in use once all that is unreachable has gone. */
function heap(): number {
  if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function idleSessions(count: number): Promise<{ table: SessionsFixture; bytes: number }> {
  const table = SessionsFixture.inMemory();
  const before = heap();
  for (let index = 0; index < count; index += 1) {
    await table.sessions.create(stateOf(table, index), null);
  }
  return { table, bytes: (heap() - before) / count };
}

function stateOf(table: SessionsFixture, index: number) {
  const input = createSessionSchema.parse({ title: 'Idle', ownerName: 'Olga' });
  const sessionId = `idle${index}`;
  const identityHash = hashSecret(sessionId);
  return newSession(input, { sessionId, identityHash, now: table.clock.now(), random: table.random }).state;
}

function makeMonitors(count: number, assessor: QualityAssessor): { monitors: Monitor[]; bytes: number } {
  const before = heap();
  const monitors = Array.from({ length: count }, () => new Monitor(assessor.background, 1_790_000_000_000));
  return { monitors, bytes: (heap() - before) / count };
}

async function scrapes({ sessions }: SessionsFixture): Promise<{ times: number[]; series: number }> {
  const metrics = createMetrics({ model: 'bench' });
  const observer = sessionObserver(metrics, { model: 'bench', delivered: () => undefined });
  observer.passageCommitted('player');
  const times: number[] = [];
  let text = '';
  for (let index = 0; index < SCRAPES; index += 1) {
    const startedAt = performance.now();
    metrics.sessionsActive.set(sessions.counts().active);
    metrics.reviewItems.set(sessions.reviewQueue().items);
    refreshSessionHealth(metrics, sessions.healths());
    text = await metrics.registry.metrics();
    times.push(performance.now() - startedAt);
  }
  metrics.registry.clear();
  return { times, series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length };
}

async function measure(idle: number, assessor: QualityAssessor): Promise<Figures> {
  const { table, bytes: idleBytes } = await idleSessions(idle);
  const { monitors, bytes: monitorBytes } = makeMonitors(BUSY, assessor);
  const beforePlay = heap();
  const times = play(monitors, assessor);
  const busyBytes = (heap() - beforePlay) / BUSY;
  const alone = play(makeMonitors(BUSY, assessor).monitors, new ScriptedQuality().assessor);
  const scores = monitors.map((monitor) => {
    const startedAt = performance.now();
    monitor.scores(1_790_000_000_000 + PASSAGES * 60_000, newMonitorState());
    return performance.now() - startedAt;
  });
  const { times: scraped, series } = await scrapes(table);
  await table.close();
  return {
    idle,
    passageP50: quantile(times, 0.5),
    passageP95: quantile(times, 0.95),
    monitorP50: quantile(alone, 0.5),
    scoresP50: quantile(scores, 0.5),
    idleBytes,
    monitorBytes,
    busyBytes,
    scrapeP50: quantile(scraped, 0.5),
    scrapeP95: quantile(scraped, 0.95),
    series,
  };
}

async function main(): Promise<void> {
  const out = process.argv.includes('--out') ? process.argv[process.argv.indexOf('--out') + 1] : undefined;
  const file = join(import.meta.dirname, '../../../narrator/baselines/quality-en-1.json');
  const assessor = createAssessor({ baseline: await loadBaseline(file), engine: null });
  play(makeMonitors(BUSY, assessor).monitors, assessor);
  const figures: Figures[] = [];
  for (const size of SIZES) figures.push(await measure(size, assessor));
  console.table(
    figures.map((of) =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [name, Math.round(value * 100) / 100])),
    ),
  );
  const target = out ?? join(tmpdir(), 'taleloom-bench-monitor.json');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, JSON.stringify({ ...describeMachine(tmpdir()), targets: TARGETS, figures }, null, 2));
  const small = figures[0];
  const large = figures.at(-1);
  if (small === undefined || large === undefined) return;
  console.log(
    `monitor: a passage takes ${large.passageP50.toFixed(1)} ms of CPU (p95 ${large.passageP95.toFixed(1)}, aim ${TARGETS.passageMs}), ` +
      `${(large.passageP50 / small.passageP50).toFixed(2)} x that beside 100 idle sessions; an idle session takes ` +
      `${(large.idleBytes / 1024).toFixed(0)} KiB, its monitor ${(large.monitorBytes / 1024).toFixed(1)}, a busy one's ` +
      `${(large.busyBytes / 1024).toFixed(0)}; scrape of ${large.series} series p95 ${large.scrapeP95.toFixed(0)} ms (aim ${TARGETS.scrapeMs}). ${target}`,
  );
}

await main();
