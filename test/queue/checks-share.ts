import fc from 'fast-check';
import { costUnits } from '../../narrator/scheduler.ts';
import { demand } from './checks.ts';
import { jobUnitsOf, limitsOf } from './limits.ts';
import { pathsOf } from './oracle.ts';
import type { Game } from './play.ts';
import type { Request, Scenario } from './scenario.ts';
import { scenarios } from './scenario.ts';
import type { Probe } from './simulation.ts';

const size = fc.record({ prompt: fc.integer({ min: 1, max: 600 }), output: fc.integer({ min: 1, max: 40 }) });

/** A trace without accidents, all weights 1: `floods[session]` requests of one size from each session. */
function contest(
  floods: (fill: (count: number, session: number, player?: number) => Request[]) => Request[],
) {
  return fc
    .tuple(scenarios([]), fc.array(size, { minLength: 10, maxLength: 10 }))
    .map(([scenario, sizes]): Scenario => {
      const fill = (count: number, session: number, player = 0) =>
        Array.from({ length: count }, (): Request => {
          return { gap: 0, session, player, workClass: 'narrator', ...sizes[session + player]! };
        });
      const even = (weights: readonly number[]) => weights.map(() => 1);
      return {
        ...scenario,
        spareMemory: null,
        tenants: [0, 1, 2, 3, 0, 0, 0, 0],
        tenantWeights: even(scenario.tenantWeights),
        sessionWeights: even(scenario.sessionWeights),
        playerWeights: even(scenario.playerWeights),
        requests: floods(fill),
      };
    });
}

const after = (gap: number, [first, ...rest]: Request[]): Request[] => [{ ...first!, gap }, ...rest];

/** Sessions 1 to 3 have work all the time; session 0 begins, is idle for long, and then has as much. */
export const latecomers = fc
  .integer({ min: 20, max: 200 })
  .chain((gap) =>
    contest((fill) => [
      ...fill(1, 0),
      ...fill(14, 1),
      ...fill(14, 2),
      ...fill(14, 3),
      ...after(gap, fill(14, 0)),
    ]).map((scenario) => ({ ...scenario, perSession: Infinity })),
  );

/** Session 0 has the engine for itself for long; then the others come. */
export const loners = fc.integer({ min: 20, max: 300 }).chain((gap) =>
  contest((fill) => [...fill(25, 0), ...after(gap, fill(6, 1)), ...fill(6, 2), ...fill(6, 3)]).map(
    (scenario) => ({
      ...scenario,
      permits: 1,
      perSession: 1,
    }),
  ),
);

/** Tenant 0 plays five sessions, the others one each. */
export const sybils = contest((fill) => [0, 4, 5, 6, 7, 1, 2, 3].flatMap((session) => fill(6, session))).map(
  (scenario) => ({ ...scenario, permits: 1, perSession: 1 }),
);

/** Player 0 floods session 0; player 1 asks once, later. */
export const floods = fc
  .integer({ min: 1, max: 60 })
  .chain((gap) => contest((fill) => [...fill(25, 0), ...fill(4, 1), ...after(gap, fill(1, 0, 1))]));

/** Q17: from when it comes back, who was idle gets what the others get, and 2U at most beyond. */
export function noCredit({ simulation }: Game): Probe {
  const bound = 2 * limitsOf(simulation).bound();
  const received = [0, 0, 0, 0];
  const waits = (session: number) =>
    simulation.live.some((job) => job.request.session === session && !job.isRunning && !job.hasBegun);
  let isContest = false;
  return {
    charged({ request }, cost) {
      const isAll = [0, 1, 2, 3].every(waits) && simulation.jobs.every((job) => job.fate !== 'future');
      if (!isAll) {
        isContest = false;
        received.fill(0);
        return;
      }
      isContest ||= true;
      received[request.session]! += costUnits(cost);
      const least = Math.min(...received.slice(1));
      demand(received[0]! <= least + bound, () => `the latecomer had ${received[0]}, another ${least}`);
    },
  };
}

/** Q17: who was alone waits no longer than the others' 2(n-1)U when they come. */
export function noPunishment({ simulation }: Game): Probe {
  const bound = 2 * 3 * limitsOf(simulation).bound();
  let others = 0;
  return {
    charged({ request }, cost) {
      const isWaiting = simulation.live.some((job) => job.request.session === 0 && !job.isRunning);
      others = request.session === 0 || !isWaiting ? 0 : others + costUnits(cost);
      demand(others <= bound, () => `it waited while the others had ${others} > ${bound}`);
    },
  };
}

/** Q18: of tenants with work none gets more than another and 2U, however many sessions it plays. */
export function oneShare({ simulation }: Game): Probe {
  const bound = 2 * limitsOf(simulation).bound();
  const received = [0, 0, 0, 0];
  return {
    charged({ request }, cost) {
      const tenantOf = (session: number) => simulation.scenario.tenants[session]!;
      received[tenantOf(request.session)]! += costUnits(cost);
      const busy = [...new Set(simulation.live.map((job) => tenantOf(job.request.session)))];
      for (const other of busy) {
        const ahead = received[0]! - received[other]!;
        demand(!busy.includes(0) || ahead <= bound, () => `tenant 0 had ${ahead} more than ${other}`);
      }
    },
  };
}

/** Q18: a quiet player waits for what its session has begun and two jobs more at most, for each that may run. */
export function quietPlayer({ simulation }: Game): Probe {
  const { scenario } = simulation;
  const bound = 3 * Math.min(scenario.perSession, scenario.permits) * jobUnitsOf(scenario);
  let others = 0;
  return {
    charged({ request }, cost) {
      const quiet = simulation.jobs.at(-1)!;
      if (quiet.fate !== 'queued' || quiet.hasBegun || request.session !== 0) return;
      others += costUnits(cost);
      demand(others <= bound, () => `the quiet player waited while the other had ${others} > ${bound}`);
    },
  };
}

/** Q21: a death leaves nobody running, who ran waits as begun, and no text is sampled twice. */
export function crash({ simulation, queue }: Game): Probe {
  const sampled = new Map<string, number>();
  return {
    crashed(hit) {
      demand(queue.running().length === 0, () => 'somebody runs on a dead engine');
      const paused = queue.paused().map((job) => job.id);
      for (const job of hit) {
        const isDue = job.crashes < 2;
        demand(paused.includes(job.job.id) === isDue, () => `job ${job.seq} died ${job.crashes} times`);
      }
    },
    charged: ({ job }, { outputTokens }) =>
      void sampled.set(job.id, (sampled.get(job.id) ?? 0) + outputTokens),
    ended() {
      for (const { job, seq, fate, request } of simulation.jobs) {
        const isWhole = fate !== 'done' || sampled.get(job.id) === request.output;
        demand(isWhole, () => `job ${seq} was charged for ${sampled.get(job.id)} of ${request.output}`);
        demand(pathsOf(job).length === 4, () => 'a path is broken');
      }
    },
  };
}
