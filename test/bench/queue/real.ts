import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import { median } from '../collab/quantiles.ts';
import type { Figures } from './figures.ts';
import { makePrompts } from './real-prompts.ts';
import { openEngine, RealPlay } from './real-play.ts';
import type { RealEngine, RealTrace } from './real-play.ts';
import { HEAVY, LIGHT, REAL_WORKLOADS } from './real-workloads.ts';
import type { RealWorkload, TurnTimes } from './real-workloads.ts';
import { TraceMaker } from './trace.ts';
import type { Source, TraceTurn } from './trace.ts';

const POLICIES: readonly QueuePolicy[] = ['first-come', 'round-robin', 'lcf', 'vtc', 'fair'];
const TRIALS = 8;

/** One policy on one workload in one round. */
export interface RealRun {
  round: number;
  workload: string;
  policy: QueuePolicy;
  figures: Figures;
}

/** How long the runs are. */
export interface RealOptions {
  rounds: number;
  /** Work in each run, milliseconds on this machine. */
  workMs: number;
  onWorkload: (workload: RealWorkload, runs: readonly RealRun[]) => void;
}

/** A trace with prompts of the sizes it asks for, as the model counts them. */
async function withPrompts(
  workload: RealWorkload,
  made: readonly TraceTurn[],
  { model }: RealEngine,
): Promise<RealTrace> {
  const prompts = await makePrompts(model, made);
  const counts = await model.countTokens(prompts);
  const turns = made.map((turn, at) => ({ ...turn, promptTokens: counts[at] ?? turn.promptTokens }));
  return { workload, turns, prompts };
}

/** Times of turns one after the other, on average. */
async function measureTurns(engine: RealEngine): Promise<TurnTimes> {
  const timeOf = async (size: Pick<Source, 'promptTokens' | 'outputTokens'>): Promise<number> => {
    const maker = new TraceMaker(1);
    for (let trial = 0; trial < TRIALS; trial += 1) maker.ask({ sessionId: `trial ${trial}`, ...size }, 0);
    const workload = { name: 'trial', about: '', shown: '', makeTrace: () => [] };
    const trace = await withPrompts(workload, maker.finish(), engine);
    const { totalS = Number.NaN } = await new RealPlay('first-come', trace, engine).run();
    return (totalS * 1_000) / TRIALS;
  };
  await timeOf(LIGHT);
  return { heavyMs: await timeOf(HEAVY), lightMs: await timeOf(LIGHT) };
}

/** Medians over the rounds, and the first-come run's total and engine CPU time over the policy's. */
export function realMedians(runs: readonly RealRun[], workload: string): [QueuePolicy, Figures][] {
  const own = runs.filter((run) => run.workload === workload);
  const medians = POLICIES.map((policy): [QueuePolicy, Figures] => {
    const ofPolicy = own.filter((run) => run.policy === policy);
    const ratioOf = (name: string) =>
      median(
        ofPolicy.map(({ round, figures }) => {
          const firstCome = own.find((run) => run.round === round && run.policy === 'first-come');
          return (firstCome?.figures[name] ?? Number.NaN) / (figures[name] ?? Number.NaN);
        }),
      );
    const names = Object.keys(ofPolicy[0]?.figures ?? {});
    const figures: Figures = {};
    for (const name of names) figures[name] = median(ofPolicy.map((run) => run.figures[name] ?? Number.NaN));
    return [policy, { ...figures, totalRatio: ratioOf('totalS'), cpuRatio: ratioOf('engineCpuS') }];
  });
  return medians;
}

/** Plays the workloads on the bundled model; the policies take turns, in every second round the other way round. */
export async function runReal(
  options: RealOptions,
): Promise<{ times: Record<string, TurnTimes>; runs: RealRun[] }> {
  const engine = await openEngine();
  try {
    const runs: RealRun[] = [];
    const times: Record<string, TurnTimes> = {};
    for (const workload of REAL_WORKLOADS) {
      // Each time anew: a machine that others use is not equally fast all the time.
      const own = await measureTurns(engine);
      times[workload.name] = own;
      const trace = await withPrompts(workload, workload.makeTrace(own, options.workMs, 1), engine);
      for (let round = 1; round <= options.rounds; round += 1) {
        for (const policy of round % 2 === 1 ? POLICIES : POLICIES.toReversed()) {
          const figures = await new RealPlay(policy, trace, engine).run();
          runs.push({ round, workload: workload.name, policy, figures });
        }
      }
      options.onWorkload(workload, runs);
    }
    return { times, runs };
  } finally {
    await engine.model.close();
  }
}
