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

/** Medians over the rounds, and the total time of the first-come run over that of the policy. */
export function realMedians(runs: readonly RealRun[], workload: string): [QueuePolicy, Figures][] {
  const own = runs.filter((run) => run.workload === workload);
  const medians = POLICIES.map((policy): [QueuePolicy, Figures] => {
    const ofPolicy = own.filter((run) => run.policy === policy);
    const ratios = ofPolicy.map(({ round, figures }) => {
      const firstCome = own.find((run) => run.round === round && run.policy === 'first-come');
      return (firstCome?.figures['totalS'] ?? Number.NaN) / (figures['totalS'] ?? Number.NaN);
    });
    const names = Object.keys(ofPolicy[0]?.figures ?? {});
    const figures = names.map((name) => [
      name,
      median(ofPolicy.map((run) => run.figures[name] ?? Number.NaN)),
    ]);
    return [policy, { ...Object.fromEntries(figures), totalRatio: median(ratios) } as Figures];
  });
  return medians;
}

/** Plays the workloads on the bundled model; the policies take turns. */
export async function runReal(options: RealOptions): Promise<{ times: TurnTimes; runs: RealRun[] }> {
  const engine = await openEngine();
  try {
    const times = await measureTurns(engine);
    const runs: RealRun[] = [];
    for (const workload of REAL_WORKLOADS) {
      const trace = await withPrompts(workload, workload.makeTrace(times, options.workMs, 1), engine);
      for (let round = 1; round <= options.rounds; round += 1) {
        for (const policy of POLICIES) {
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
