import { costUnits } from '../../../narrator/scheduler.ts';
import type { Changes, Scheduler } from '../../../narrator/scheduler.ts';
import { createScheduler } from '../../../narrator/queue-policies.ts';
import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import { ENGINE, stepOf } from './engine-model.ts';
import { FlowWatch } from './flow-watch.ts';
import { WaitForecasts } from './wait-forecasts.ts';
import type { ForecastError } from './wait-forecasts.ts';
import type { TraceTurn } from './trace.ts';
import type { Workload } from './workloads.ts';

/** A turn and what has become of it; times of the virtual clock, null: not yet. */
export interface SimTurn {
  spec: TraceTurn;
  fate: 'future' | 'open' | 'done' | 'cancelled';
  isRunning: boolean;
  promptLeft: number;
  inputTokens: number;
  outputTokens: number;
  firstPermitMs: number | null;
  firstTokenMs: number | null;
  lastTokenMs: number | null;
  /** Has begun, and what it has evaluated is in memory. */
  isResident: boolean;
}

/** What each tenant had and still wanted of the narrator at a time, cost units. */
export type Snapshot = Map<string, { received: number; wanted: number }>;

/** One policy played on one trace. */
export interface PlayResult {
  turns: readonly SimTurn[];
  makespanMs: number;
  steps: number;
  /** Cost units of all steps. */
  units: number;
  /** Largest difference of service between two that wait, cost units over weight. */
  maxDifference: number;
  /** Between two tokens of the same turn, ms. */
  gapsMs: readonly number[];
  pauses: number;
  restoredTokens: number;
  /** Real time that the scheduler took, over all steps, ms. */
  schedulerMs: number;
  /** By the times that were asked for. */
  snapshots: ReadonlyMap<number, Snapshot>;
  forecasts: readonly ForecastError[];
}

/** How a trace is played. */
export interface PlayOptions {
  policy: QueuePolicy;
  workload: Workload;
  trace: readonly TraceTurn[];
  /** Times at which it is noted who had what. */
  snapshotsMs: readonly number[];
  /** Turns whose wait is foretold, at most; it takes time. */
  maxForecasts: number;
}

/** Plays a trace through a scheduler and the modelled engine on a virtual clock. Same options, same result. */
export function play(options: PlayOptions): PlayResult {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: PlayOptions;
  readonly #turns: SimTurn[];
  readonly #byId: Map<string, SimTurn>;
  readonly #cancels: SimTurn[];
  readonly #scheduler: Scheduler;
  readonly #watch: FlowWatch;
  readonly #forecasts: WaitForecasts;
  readonly #gapsMs: number[] = [];
  readonly #snapshots = new Map<number, Snapshot>();
  #now = 0;
  #asked = 0;
  #cancelled = 0;
  #open = 0;
  #steps = 0;
  #units = 0;
  #pauses = 0;
  #restoredTokens = 0;
  #schedulerMs = 0;

  constructor(options: PlayOptions) {
    const { workload, policy, trace } = options;
    this.#options = options;
    this.#turns = trace.map(newTurn);
    this.#byId = new Map(this.#turns.map((turn) => [turn.spec.id, turn]));
    const cancelMs = ({ spec }: SimTurn) => spec.cancelMs ?? Infinity;
    this.#cancels = this.#turns
      .filter(({ spec }) => spec.cancelMs !== null)
      .sort((a, b) => cancelMs(a) - cancelMs(b));
    const { permits, chunk } = ENGINE;
    this.#scheduler = createScheduler(policy, {
      clock: { now: () => this.#now },
      permits,
      chunk,
      perSession: workload.perSession,
      ...(workload.resident === undefined ? {} : { resident: workload.resident }),
      ...(workload.weightOf === undefined ? {} : { tenantWeight: workload.weightOf }),
    });
    this.#watch = new FlowWatch(this.#turns, workload);
    const stride = Math.ceil(trace.length / Math.max(1, options.maxForecasts));
    this.#forecasts = new WaitForecasts(this.#scheduler, options.maxForecasts === 0 ? Infinity : stride);
  }

  run(): PlayResult {
    while (this.#asked < this.#turns.length || this.#open > 0) {
      this.#snap();
      this.#letIn();
      this.#schedule();
      const running = this.#scheduler.running().map((job) => this.#find(job.id));
      if (running.length > 0) this.#step(running);
      else this.#now = Math.max(this.#now, this.#turns[this.#asked]?.spec.askedMs ?? this.#now);
    }
    const makespanMs = this.#now;
    this.#now = Infinity;
    this.#snap();
    return {
      turns: this.#turns,
      makespanMs,
      steps: this.#steps,
      units: this.#units,
      maxDifference: this.#watch.most,
      gapsMs: this.#gapsMs,
      pauses: this.#pauses,
      restoredTokens: this.#restoredTokens,
      schedulerMs: this.#schedulerMs,
      snapshots: this.#snapshots,
      forecasts: this.#forecasts.errors,
    };
  }

  #find(id: string): SimTurn {
    const turn = this.#byId.get(id);
    if (turn === undefined) throw new Error(`the scheduler made up the turn ${id}`);
    return turn;
  }

  /** What was asked and cancelled until now. */
  #letIn(): void {
    for (let next = this.#turns[this.#asked]; next !== undefined; next = this.#turns[this.#asked]) {
      if (next.spec.askedMs > this.#now) break;
      this.#asked += 1;
      this.#open += 1;
      next.fate = 'open';
      const { spec } = next;
      this.#timed(() => this.#scheduler.add({ ...spec }));
      this.#watch.waits(next, 1);
      this.#forecasts.asked(next, this.#now);
    }
    for (
      let next = this.#cancels[this.#cancelled];
      next !== undefined;
      next = this.#cancels[this.#cancelled]
    ) {
      if ((next.spec.cancelMs ?? Infinity) > this.#now) break;
      this.#cancelled += 1;
      if (next.fate === 'open') this.#end(next, 'cancelled');
    }
  }

  #end(turn: SimTurn, fate: 'done' | 'cancelled'): void {
    this.#open -= 1;
    turn.fate = fate;
    turn.isResident = false;
    this.#timed(() => this.#scheduler.remove(turn.spec.id));
    if (turn.isRunning) this.#watch.runs(turn, -1);
    else this.#watch.waits(turn, -1);
    turn.isRunning = false;
    this.#forecasts.ended(turn);
    if (this.#open === 0) this.#forecasts.rest();
  }

  #schedule(): void {
    const changes = this.#timed((): Changes => this.#scheduler.schedule(true));
    this.#pauses += changes.paused.length;
    for (const id of changes.granted) {
      const turn = this.#find(id);
      turn.isRunning = true;
      turn.firstPermitMs ??= this.#now;
      this.#watch.waits(turn, -1);
      this.#watch.runs(turn, 1);
      this.#forecasts.granted(turn, this.#now);
    }
    for (const id of changes.paused) {
      const turn = this.#find(id);
      turn.isRunning = false;
      this.#watch.runs(turn, -1);
      this.#watch.waits(turn, 1);
    }
  }

  #step(running: readonly SimTurn[]): void {
    this.#watch.enter();
    const toRestore = running.map((turn) => (turn.isResident ? 0 : turn.inputTokens + turn.outputTokens));
    this.#evict(running);
    const asked = running.map(({ spec, promptLeft }, at) => {
      return { workClass: spec.workClass, promptLeft, toRestore: toRestore[at] ?? 0 };
    });
    const { ms, costs, restoredTokens } = stepOf(asked);
    this.#now += ms;
    this.#steps += 1;
    this.#restoredTokens += restoredTokens;
    for (const [at, turn] of running.entries()) {
      this.#work(turn, costs[at] ?? { inputTokens: 0, outputTokens: 0 });
    }
    this.#watch.leave();
    for (const turn of running) {
      if (turn.outputTokens >= turn.spec.outputTokens) this.#end(turn, 'done');
    }
  }

  #work(turn: SimTurn, cost: { inputTokens: number; outputTokens: number }): void {
    this.#timed(() => this.#scheduler.charge(turn.spec.id, cost));
    const units = costUnits(cost);
    this.#units += units;
    this.#watch.served(turn, units);
    this.#forecasts.charged(cost, this.#now);
    turn.promptLeft -= cost.inputTokens;
    turn.inputTokens += cost.inputTokens;
    turn.outputTokens += cost.outputTokens;
    if (cost.outputTokens === 0) return;
    if (turn.lastTokenMs !== null) this.#gapsMs.push(this.#now - turn.lastTokenMs);
    turn.firstTokenMs ??= this.#now;
    turn.lastTokenMs = this.#now;
  }

  /** What runs comes into memory, and paused turns leave it when there is not enough. */
  #evict(running: readonly SimTurn[]): void {
    for (const turn of running) turn.isResident = true;
    const { resident } = this.#options.workload;
    if (resident === undefined) return;
    let held = this.#turns.filter((turn) => turn.isResident).length;
    for (const { id } of this.#scheduler.paused()) {
      const turn = this.#find(id);
      if (held <= resident || !turn.isResident) continue;
      turn.isResident = false;
      held -= 1;
    }
  }

  #snap(): void {
    for (const at of this.#options.snapshotsMs) {
      if (at <= this.#now && !this.#snapshots.has(at)) this.#snapshots.set(at, snapshotOf(this.#turns));
    }
  }

  #timed<T>(work: () => T): T {
    const began = performance.now();
    const result = work();
    this.#schedulerMs += performance.now() - began;
    return result;
  }
}

function newTurn(spec: TraceTurn): SimTurn {
  return {
    spec,
    fate: 'future',
    isRunning: false,
    promptLeft: spec.promptTokens,
    inputTokens: 0,
    outputTokens: 0,
    firstPermitMs: null,
    firstTokenMs: null,
    lastTokenMs: null,
    isResident: false,
  };
}

function snapshotOf(turns: readonly SimTurn[]): Snapshot {
  const snapshot: Snapshot = new Map();
  for (const turn of turns) {
    const { tenantId, workClass, outputTokens } = turn.spec;
    if (turn.fate === 'future' || workClass !== 'narrator') continue;
    const entry = snapshot.get(tenantId) ?? { received: 0, wanted: 0 };
    const received = costUnits(turn);
    const left = {
      inputTokens: Math.max(0, turn.promptLeft - 1),
      outputTokens: outputTokens - turn.outputTokens,
    };
    entry.received += received;
    entry.wanted += received + (turn.fate === 'open' ? costUnits(left) : 0);
    snapshot.set(tenantId, entry);
  }
  return snapshot;
}
