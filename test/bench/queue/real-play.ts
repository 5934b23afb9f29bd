import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenCost } from '../../../sessions/ports.ts';
import { costUnits } from '../../../narrator/scheduler.ts';
import { createScheduler } from '../../../narrator/queue-policies.ts';
import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import { LlamaModel } from '../../../narrator/llama-model.ts';
import { DEMO_MODEL } from '../../support/engine-requests.ts';
import { readUsage } from '../collab/process-stats.ts';
import { quantile } from '../collab/quantiles.ts';
import type { Figures } from './figures.ts';
import { SchedulerSteps } from './scheduler-steps.ts';
import type { RealWorkload } from './real-workloads.ts';
import type { TraceTurn } from './trace.ts';

/** How the engine is set up: one turn in each step and small chunks, as for a processor. */
export const REAL_ENGINE = { permits: 1, chunk: 64, resident: 24 } as const;

/** A trace with its prompts. */
export interface RealTrace {
  workload: RealWorkload;
  turns: readonly TraceTurn[];
  prompts: readonly string[];
}

/** The engine of the benchmark and who decides about its steps. */
export interface RealEngine {
  model: LlamaModel;
  steps: SchedulerSteps;
}

/** Loads the bundled model; `model.close()` ends it. */
export async function openEngine(): Promise<RealEngine> {
  const { permits, chunk, resident } = REAL_ENGINE;
  const steps = new SchedulerSteps();
  const model = new LlamaModel({
    modelPath: DEMO_MODEL,
    parallel: permits,
    resident,
    chunk: { first: chunk, min: chunk / 2, max: chunk },
    gpu: 'off',
    steps,
  });
  await model.load();
  return { model, steps };
}

interface Played {
  askedMs: number;
  firstTokenMs: number | null;
}

/** What was worked on, in order. */
interface Charge {
  tenantId: string;
  units: number;
}

/**
 * Plays a trace in real time on the bundled model under one policy. Nothing that the engine keeps of other plays
 * is reused.
 */
export class RealPlay {
  readonly #trace: RealTrace;
  readonly #engine: RealEngine;
  readonly #key = randomUUID();
  readonly #played = new Map<string, Played>();
  readonly #charges: Charge[] = [];
  readonly #running: Promise<unknown>[] = [];
  #outputTokens = 0;

  constructor(policy: QueuePolicy, trace: RealTrace, engine: RealEngine) {
    const { weightOf } = trace.workload;
    const { permits, chunk, resident } = REAL_ENGINE;
    const scheduler = createScheduler(policy, {
      clock: { now: () => Date.now() },
      permits,
      chunk,
      resident,
      ...(weightOf === undefined ? {} : { tenantWeight: weightOf }),
    });
    this.#trace = trace;
    this.#engine = engine;
    engine.steps.follow(scheduler, (id) => this.#begin(id));
  }

  /** Plays it from the first asking to the last token. */
  async run(): Promise<Figures> {
    const cpuMicros = () => readUsage(this.#engine.model.pid ?? process.pid).cpuMicros;
    const cpuBefore = cpuMicros();
    const began = performance.now();
    for (const turn of this.#trace.turns) {
      const restMs = began + turn.askedMs - performance.now();
      if (restMs > 0) await sleep(restMs);
      this.#played.set(turn.id, { askedMs: performance.now(), firstTokenMs: null });
      this.#engine.steps.add({ ...turn });
    }
    await this.#allDone();
    const totalS = (performance.now() - began) / 1_000;
    return { ...this.#figures(), totalS, engineCpuS: (cpuMicros() - cpuBefore) / 1e6 };
  }

  async #allDone(): Promise<void> {
    while (this.#running.length < this.#trace.turns.length) {
      await Promise.all(this.#running);
      await sleep(1);
    }
    await Promise.all(this.#running);
  }

  #begin(id: string): void {
    const at = this.#trace.turns.findIndex((turn) => turn.id === id);
    const turn = this.#trace.turns[at];
    if (turn === undefined) return;
    const done = this.#engine.model.generate({
      turnId: id,
      storyId: `${this.#key} ${turn.sessionId}`,
      prompt: { shape: 'continuation', text: this.#trace.prompts[at] ?? '' },
      maxTokens: turn.outputTokens,
      temperature: 0.7,
      topP: 0.95,
      minP: 0.05,
      // The same turn has the same text under every policy.
      seed: Number(id) + 1,
      signal: new AbortController().signal,
      onText: () => undefined,
      onCost: (cost) => this.#charge(turn, cost),
    });
    this.#running.push(done.then(() => this.#engine.steps.remove(id)));
  }

  #charge({ id, tenantId }: TraceTurn, cost: TokenCost): void {
    this.#engine.steps.charge(id, cost);
    this.#charges.push({ tenantId, units: costUnits(cost) });
    this.#outputTokens += cost.outputTokens;
    const played = this.#played.get(id);
    if (played !== undefined && cost.outputTokens > 0) played.firstTokenMs ??= performance.now();
  }

  #figures(): Figures {
    const { turns, workload } = this.#trace;
    const timesMs = (isShown: boolean) =>
      turns.flatMap((turn) => {
        const played = this.#played.get(turn.id);
        if (turn.isShown !== isShown || played?.firstTokenMs == null) return [];
        return [played.firstTokenMs - played.askedMs];
      });
    return {
      turns: turns.length,
      firstTokenP50Ms: quantile(timesMs(true), 0.5),
      firstTokenP95Ms: quantile(timesMs(true), 0.95),
      othersP50Ms: quantile(timesMs(false), 0.5),
      units: this.#charges.reduce((sum, { units }) => sum + units, 0),
      outputTokens: this.#outputTokens,
      pauses: this.#engine.steps.pauses,
      ...(workload.weightOf === undefined ? {} : this.#shares(workload.weightOf)),
    };
  }

  /** What the weights 2 and 4 had of the first 40 % of the work, in terms of the weight 1. */
  #shares(weightOf: (tenantId: string) => number): Figures {
    const all = this.#charges.reduce((sum, { units }) => sum + units, 0);
    const received = new Map<number, number>();
    let done = 0;
    for (const { tenantId, units } of this.#charges) {
      if ((done += units) > 0.4 * all) break;
      const weight = weightOf(tenantId);
      received.set(weight, (received.get(weight) ?? 0) + units);
    }
    const of = (weight: number) => (received.get(weight) ?? 0) / (received.get(1) ?? Number.NaN);
    return { shareOfWeight2: of(2), shareOfWeight4: of(4) };
  }
}
