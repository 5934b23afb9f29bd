/** How long a screen takes, and how long it keeps the main loop; see test/bench/README.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { createModerator } from '../../../moderation/moderator.ts';
import type { ScreenRequest } from '../../../sessions/moderator.ts';
import { describeMachine } from '../collab/machine.ts';
import { quantile } from '../collab/quantiles.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** Rounds over all texts; the first one warms up and is not counted. */
const ROUNDS = 3;
const TARGETS = { plainMs: 5, encoderMs: 80, blockedMs: 20 };

type Channel = ScreenRequest['channel'];
const CHANNELS: readonly Channel[] = ['story', 'talk', 'narrator', 'direction'];

const clock = { now: () => performance.now(), after: () => () => undefined };

/** The bundled texts of the evaluation, and story passages of two thousand characters glued from them. */
function corpus(): string[] {
  const file = gunzipSync(readFileSync(join(ROOT, 'moderation/fixtures/eval.jsonl.gz'))).toString();
  const texts = file
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text);
  const long = Array.from({ length: 20 }, (_, at) =>
    texts
      .slice(at * 12, at * 12 + 30)
      .join(' ')
      .slice(0, 2_000),
  );
  return [...texts, ...long];
}

function requestFor(text: string, at: number): ScreenRequest {
  return {
    text,
    channel: CHANNELS[at % CHANNELS.length] ?? 'story',
    sessionId: null,
    rules: { rating: 'teen', genre: 'fantasy', levels: {}, lines: ['spiders', 'torture'], veils: ['blood'] },
    cast: ['Borin', 'Ida'],
    players: ['Ann', 'Ben', 'Cat'],
    speaker: 'Ann',
    recent: ['The gate stood open.', 'Nobody spoke.', 'A bell rang twice.'],
    history: 0.8,
    playersPresent: 3,
  };
}

interface Timed {
  p50: number;
  p95: number;
  p99: number;
  /** Longest time for which nothing else ran, ms. */
  longestBlockMs: number;
}

/** Times `work` on every text; between two, whatever waits gets its turn, as it does in the server. */
async function time(texts: readonly string[], work: (text: string, at: number) => unknown): Promise<Timed> {
  const times: number[] = [];
  let delay = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round <= ROUNDS; round += 1) {
    if (round === 1) {
      delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
    }
    for (const [at, text] of texts.entries()) {
      const began = performance.now();
      await work(text, at);
      if (round > 0) times.push(performance.now() - began);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  delay.disable();
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(times, q)) as [number, number, number];
  return { p50, p95, p99, longestBlockMs: delay.max / 1e6 };
}

async function measure() {
  const texts = corpus();
  const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  // What a plain word filter costs, in the same run.
  const baseline = await time(texts, (text) => matcher.getAllMatches(text));
  const plain = await createModerator({ encoder: 'off', judge: null, clock });
  const look = await time(texts, (text, at) => plain.look(requestFor(text, at)));
  const screen = await time(texts, (text, at) => plain.screen(requestFor(text, at)));
  await plain.close();
  const full = await createModerator({
    encoder: 'auto',
    judge: null,
    clock,
    timeouts: { encoderMs: 5_000, judgeMs: 1 },
  });
  const hasEncoder = full.info().hasEncoder;
  let turn = 0;
  // A tail makes each text another one, so that nothing comes out of the encoder's cache.
  const withEncoder = hasEncoder
    ? await time(texts, (text, at) => full.screen(requestFor(`${text} ${(turn += 1)}.`, at)))
    : null;
  await full.close();
  return { texts: texts.length, baseline, look, screen, withEncoder };
}

function missed({ screen, withEncoder }: Awaited<ReturnType<typeof measure>>): string[] {
  return [
    screen.p95 > TARGETS.plainMs ? `p95 without the encoder ${screen.p95.toFixed(1)} ms` : '',
    withEncoder !== null && withEncoder.p95 > TARGETS.encoderMs
      ? `p95 with it ${withEncoder.p95.toFixed(1)} ms`
      : '',
    screen.longestBlockMs > TARGETS.blockedMs
      ? `loop blocked for ${screen.longestBlockMs.toFixed(1)} ms`
      : '',
  ].filter((line) => line !== '');
}

async function main(): Promise<void> {
  const startedAt = new Date();
  const measured = await measure();
  const { machine, versions } = describeMachine(tmpdir());
  const outFile = join(
    ROOT,
    'bench-results',
    `moderation-${startedAt.toISOString().replace(/[:.]/g, '-')}.json`,
  );
  mkdirSync(dirname(outFile), { recursive: true });
  const results = {
    startedAt: startedAt.toISOString(),
    machine,
    version: versions.taleloom,
    targets: TARGETS,
    ...measured,
  };
  writeFileSync(outFile, `${JSON.stringify(results, null, 2)}\n`);
  const { baseline, look, screen, withEncoder } = measured;
  const row = (name: string, timed: Timed | null) =>
    timed === null
      ? `${name.padEnd(22)} the encoder is not installed`
      : `${name.padEnd(22)} p50 ${timed.p50.toFixed(2)}  p95 ${timed.p95.toFixed(2)}  p99 ${timed.p99.toFixed(2)} ms  loop ${timed.longestBlockMs.toFixed(1)} ms`;
  console.log(
    [
      row('word filter alone', baseline),
      row('look', look),
      row('screen', screen),
      row('screen with encoder', withEncoder),
    ].join('\n'),
  );
  console.log(`All figures: ${outFile}`);
  const short = missed(measured);
  const verdict = short.length === 0 ? 'all targets met' : `missed: ${short.join(', ')}`;
  console.log(
    `moderation: screen p95 ${screen.p95.toFixed(2)} ms (${(screen.p95 / baseline.p95).toFixed(1)}x a word filter), with encoder ${withEncoder?.p95.toFixed(1) ?? '-'} ms; ${verdict}`,
  );
}

await main();
