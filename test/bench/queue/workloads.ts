import { TraceMaker } from './trace.ts';
import type { Source, TraceTurn } from './trace.ts';

/** What the queue is put through. */
export interface Workload {
  name: string;
  about: string;
  /** Whose times are shown. */
  shown: string;
  makeTrace: (seed: number) => TraceTurn[];
  /** Turns of one session that may run together. */
  perSession: number;
  /** Share of a tenant. Default: 1. */
  weightOf?: (tenantId: string) => number;
  /** When the index of fairness is taken: at this time, or at this part of the first-come run. */
  jainAt: { ms: number } | { partOfRun: number };
  /** Times between which the shares of the engine are taken, ms. */
  window?: [fromMs: number, toMs: number];
  /** Turns that can keep what they have evaluated. Default: all. */
  resident?: number;
}

const ARRIVALS_MS = 300_000;
const HEAVY = { promptTokens: 1_200, outputTokens: 400 };
const LIGHT = { promptTokens: 300, outputTokens: 120, isShown: true };
const LIGHT_PER_MINUTE = 4;

const sessions = (count: number) => Array.from({ length: count }, (_, index) => `session ${index + 1}`);

function addLight(maker: TraceMaker, extra: Partial<Source> = {}, perMinute = LIGHT_PER_MINUTE): void {
  for (const sessionId of sessions(7)) {
    maker.stream({ sessionId, ...LIGHT, ...extra }, perMinute, ARRIVALS_MS);
  }
}

function flood(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  maker.stream({ sessionId: 'flooder', ...HEAVY }, 60, ARRIVALS_MS);
  addLight(maker);
  return maker.finish();
}

function unequal(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  for (let turn = 0; turn < 10; turn += 1) {
    for (const [at, sessionId] of sessions(8).entries()) {
      const promptTokens = Math.round(100 + (2_900 * at) / 7);
      const outputTokens = Math.round(400 - (340 * at) / 7);
      maker.ask({ sessionId, promptTokens, outputTokens, isShown: true }, 0);
    }
  }
  return maker.finish();
}

function bursts(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  for (let at = 0; at < ARRIVALS_MS; at += 60_000) {
    for (let turn = 0; turn < 20; turn += 1) maker.ask({ sessionId: 'burster', ...HEAVY }, at);
  }
  addLight(maker);
  return maker.finish();
}

const WEIGHTS = [1, 1, 1, 2, 2, 2, 4, 4];

function backlogged(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  for (let turn = 0; turn < 40; turn += 1) {
    for (const sessionId of sessions(8)) {
      maker.ask({ sessionId, promptTokens: 600, outputTokens: 200, isShown: true }, 0);
    }
  }
  return maker.finish();
}

function playerFlood(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  const busy = { sessionId: 'busy', promptTokens: 600, outputTokens: 240 };
  maker.stream({ ...busy, playerId: 'flooder' }, 40, ARRIVALS_MS);
  for (const playerId of ['quiet 1', 'quiet 2']) {
    maker.stream({ ...LIGHT, sessionId: 'busy', playerId }, 2, ARRIVALS_MS);
  }
  for (const sessionId of sessions(5)) {
    maker.stream({ ...LIGHT, sessionId, isShown: false }, LIGHT_PER_MINUTE, ARRIVALS_MS);
  }
  return maker.finish();
}

const JOIN_MS = 150_000;

function joiner(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  const size = { promptTokens: 600, outputTokens: 300 };
  for (const sessionId of sessions(2)) {
    for (let turn = 0; turn < 100; turn += 1) maker.ask({ sessionId, ...size }, 0);
  }
  // It was there before, and idle since.
  maker.ask({ sessionId: 'joiner', ...size }, 0);
  for (let turn = 0; turn < 60; turn += 1) {
    maker.ask({ sessionId: 'joiner', ...size, isShown: true }, JOIN_MS);
  }
  return maker.finish();
}

function judged(perMinute: number, judgesPerMinute: number): (seed: number) => TraceTurn[] {
  return (seed) => {
    const maker = new TraceMaker(seed);
    addLight(maker, {}, perMinute / 7);
    if (judgesPerMinute > 0) {
      for (const sessionId of sessions(7)) {
        const judge = { sessionId, workClass: 'background', promptTokens: 300, outputTokens: 20 } as const;
        maker.stream(judge, judgesPerMinute / 7, ARRIVALS_MS);
      }
    }
    return maker.finish();
  };
}

function sybil(seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  for (let index = 0; index < 12; index += 1) {
    maker.stream({ sessionId: `of A ${index}`, tenantId: 'A', ...HEAVY }, 5, ARRIVALS_MS);
  }
  addLight(maker);
  return maker.finish();
}

function cancelStorm(seed: number): TraceTurn[] {
  const { random } = new TraceMaker(seed + 1_000);
  return flood(seed).map((turn) => {
    const delayMs = random() * 60_000;
    return random() < 0.5 ? { ...turn, cancelMs: turn.askedMs + delayMs } : turn;
  });
}

const atEnd = { ms: ARRIVALS_MS };
const many = { perSession: Infinity };

function judgeWorkload(perMinute: number, judges: number): Workload {
  const hasJudge = judges > 0;
  return {
    name: `W7-${perMinute}${hasJudge ? '-judge' : ''}`,
    about: `${perMinute} narrator turns a minute${hasJudge ? `, ${judges} judge jobs` : ''}`,
    shown: 'narrator turns',
    makeTrace: judged(perMinute, judges),
    ...many,
    jainAt: atEnd,
  };
}

/** All workloads, in the order they are shown. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'W1',
    about: 'one session asks 60 heavy turns a minute, 7 light sessions 4 each',
    shown: 'light sessions',
    makeTrace: flood,
    ...many,
    jainAt: atEnd,
  },
  {
    name: 'W1-linear',
    about: 'W1 with one running turn a session, as in the product',
    shown: 'light sessions',
    makeTrace: flood,
    perSession: 1,
    jainAt: atEnd,
  },
  {
    name: 'W2',
    about: '8 backlogged sessions, prompts of 100 to 3,000 and outputs of 400 to 60 tokens',
    shown: 'all turns',
    makeTrace: unequal,
    ...many,
    jainAt: { partOfRun: 0.4 },
  },
  {
    name: 'W2-short',
    about: 'W2 with memory for 4 turns: what is paused has to be restored',
    shown: 'all turns',
    makeTrace: unequal,
    ...many,
    jainAt: { partOfRun: 0.4 },
    resident: 4,
  },
  {
    name: 'W3',
    about: '20 heavy turns at once each minute, 7 light sessions',
    shown: 'light sessions',
    makeTrace: bursts,
    ...many,
    jainAt: atEnd,
  },
  {
    name: 'W4',
    about: '8 backlogged sessions of the weights 1, 1, 1, 2, 2, 2, 4, 4',
    shown: 'all turns',
    makeTrace: backlogged,
    ...many,
    weightOf: (tenantId) => WEIGHTS[Number(/\d+$/.exec(tenantId)?.[0] ?? 1) - 1] ?? 1,
    jainAt: { partOfRun: 0.4 },
  },
  {
    name: 'W5',
    about: 'one player asks 40 turns a minute in a session with two quiet players, 5 other sessions',
    shown: 'quiet players',
    makeTrace: playerFlood,
    ...many,
    jainAt: atEnd,
  },
  {
    name: 'W5-linear',
    about: 'W5 with one running turn a session, as in the product',
    shown: 'quiet players',
    makeTrace: playerFlood,
    perSession: 1,
    jainAt: atEnd,
  },
  {
    name: 'W6',
    about: 'two backlogged sessions, a third comes back after 150 s',
    shown: 'the third',
    makeTrace: joiner,
    ...many,
    jainAt: { ms: JOIN_MS + 60_000 },
    window: [JOIN_MS, JOIN_MS + 60_000],
  },
  judgeWorkload(28, 0),
  judgeWorkload(28, 240),
  judgeWorkload(63, 0),
  judgeWorkload(63, 240),
  {
    name: 'W8',
    about: 'one tenant with 12 sessions of 5 heavy turns a minute, 7 honest light sessions',
    shown: 'honest sessions',
    makeTrace: sybil,
    perSession: 1,
    jainAt: atEnd,
  },
  {
    name: 'W9',
    about: 'W1, half of all turns cancelled within a minute',
    shown: 'light sessions',
    makeTrace: cancelStorm,
    ...many,
    jainAt: atEnd,
  },
];
