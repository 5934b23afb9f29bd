import { TraceMaker } from './trace.ts';
import type { Source, TraceTurn } from './trace.ts';

/** How long turns take on this machine when they are alone, ms; traces are scaled by it. */
export interface TurnTimes {
  heavyMs: number;
  lightMs: number;
}

/** A workload of the simulation, scaled down to the bundled model. */
export interface RealWorkload {
  name: string;
  about: string;
  shown: string;
  /** Turns whose work takes about `workMs` on this machine, asked within 0.6 of that time. */
  makeTrace: (times: TurnTimes, workMs: number, seed: number) => TraceTurn[];
  weightOf?: (tenantId: string) => number;
}

export const HEAVY = { promptTokens: 300, outputTokens: 60 } as const;
export const LIGHT = { promptTokens: 60, outputTokens: 20, isShown: true } as const;
const ARRIVALS = 0.6;
/** Share of the work that is light. */
const LIGHT_SHARE = 0.15;

/** Heavy turns of `heavy` and light ones of `light`, at random times. */
function mixed(heavy: readonly Source[], light: readonly Source[]): RealWorkload['makeTrace'] {
  return (times, workMs, seed) => {
    const maker = new TraceMaker(seed);
    const add = (sources: readonly Source[], turnMs: number, share: number): void => {
      const turns = Math.max(sources.length, Math.round((workMs * share) / turnMs));
      for (let turn = 0; turn < turns; turn += 1) {
        const source = sources[turn % sources.length];
        if (source !== undefined) maker.ask(source, maker.random() * workMs * ARRIVALS);
      }
    };
    add(heavy, times.heavyMs, 1 - LIGHT_SHARE);
    add(light, times.lightMs, LIGHT_SHARE);
    return maker.finish();
  };
}

const sessions = (count: number, of: Partial<Source> = {}) =>
  Array.from({ length: count }, (_, at) => ({ sessionId: `session ${at + 1}`, ...LIGHT, ...of }));

const WEIGHTS = [1, 2, 4];

function backlogged({ heavyMs }: TurnTimes, workMs: number, seed: number): TraceTurn[] {
  const maker = new TraceMaker(seed);
  const turns = Math.max(4, Math.round(workMs / heavyMs / WEIGHTS.length));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { sessionId } of sessions(WEIGHTS.length))
      maker.ask({ sessionId, ...HEAVY, isShown: true }, 0);
  }
  return maker.finish();
}

/** The workloads in the order they are run. */
export const REAL_WORKLOADS: readonly RealWorkload[] = [
  {
    name: 'W1',
    about: 'one session with heavy turns only, 7 light sessions',
    shown: 'light sessions',
    makeTrace: mixed([{ sessionId: 'flooder', ...HEAVY }], sessions(7)),
  },
  {
    name: 'W4',
    about: '3 backlogged sessions of the weights 1, 2, 4',
    shown: 'all turns',
    makeTrace: backlogged,
    weightOf: (tenantId) => WEIGHTS[Number(/\d+$/.exec(tenantId)?.[0] ?? 1) - 1] ?? 1,
  },
  {
    name: 'W5',
    about: 'one player with heavy turns only in a session with two quiet players, 3 other sessions',
    shown: 'quiet players',
    makeTrace: mixed(
      [{ sessionId: 'busy', playerId: 'flooder', ...HEAVY }],
      [
        { sessionId: 'busy', playerId: 'quiet 1', ...LIGHT },
        { sessionId: 'busy', playerId: 'quiet 2', ...LIGHT },
        ...sessions(3, { isShown: false }),
      ],
    ),
  },
  {
    name: 'W8',
    about: 'one tenant with 6 sessions of heavy turns, 4 honest light sessions',
    shown: 'honest sessions',
    makeTrace: mixed(
      Array.from({ length: 6 }, (_, at) => ({ sessionId: `of A ${at}`, tenantId: 'A', ...HEAVY })),
      sessions(4),
    ),
  },
];
