import type { Clock, TokenCost, WorkClass } from '../sessions/ports.ts';
import { classBelowFloor, newClassService, noteService, noteWants } from './class-floor.ts';
import type { ClassService } from './class-floor.ts';
import * as flows from './fair-flows.ts';
import { MICRO } from './fair-flows.ts';
import type { Entry, EntryRange, Flow } from './fair-flows.ts';
import { COST, costUnits } from './scheduler.ts';
import type { Job } from './scheduler.ts';

/** Flows without work that each flow remembers below it; the longest known go first. */
const MAX_IDLE_CHILDREN = 1_024;

/** How the fair queue is set up. Cost units: a prompt token evaluated is 1, a token sampled is 2. */
export interface FairQueueOptions {
  clock: Pick<Clock, 'now'>;
  /** Jobs in one step. */
  permits: number;
  /** Prompt tokens in one step, at most. */
  chunk: number;
  /** H: a running flow yields when it is this far ahead of a waiting one, cost units over weight. Default 128. */
  preemptUnits?: number;
  /**
   * H while memory is short (see `resident`). Default 2,048; never less than `jobUnits`, or jobs that are
   * paused and evaluated anew in turn would get nowhere.
   */
  swapUnits?: number;
  /** K: head start of a flow that was idle. Default: `preemptUnits`. One whose turn just ended keeps H and a step. */
  creditUnits?: number;
  /** Largest cost of one job, cost units: the debt a player may enter with. Default 1,100. */
  jobUnits?: number;
  /** Jobs of one session that may run together. Default 1: a story is linear. */
  perSession?: number;
  /** Jobs that can keep what they have evaluated, running or not. Default: all. */
  resident?: number;
  /** Share of a tenant, session or player: 0.5 or 1 to 8. Asked at every charge. Default 1. */
  weightOf?: (level: 'tenant' | 'session' | 'player', key: string) => number;
}

interface State {
  permits: number;
  resident: number;
  nextSeq: number;
  root: Flow;
  entries: Map<string, Entry>;
  classes: ClassService;
  /** The figures that the bound of the spread is made of, the worst since the queue was last empty. */
  worst: { headUnits: number; permits: number; weight: number };
}

/**
 * What the fair queue knows: who waits, who runs, what each flow was served, and the rules by which a flow begins
 * and ceases to wait. It chooses nobody.
 */
export class FairTree {
  readonly #options: FairQueueOptions;
  readonly #state: State;

  constructor(options: FairQueueOptions, state?: State) {
    this.#options = options;
    this.#state = state ?? {
      permits: options.permits,
      resident: options.resident ?? Infinity,
      nextSeq: 0,
      root: flows.newFlow('root', '', null),
      entries: new Map(),
      classes: newClassService(),
      worst: { headUnits: 0, permits: options.permits, weight: Infinity },
    };
  }

  get root(): Flow {
    return this.#state.root;
  }

  get permits(): number {
    return this.#state.permits;
  }

  /** The entry of a job; undefined: unknown. */
  entry(id: string): Entry | undefined {
    return this.#state.entries.get(id);
  }

  /** All entries, in no order. */
  entries(): Entry[] {
    return [...this.#state.entries.values()];
  }

  /** A new job waits; a known one changes nothing. */
  add(job: Job): void {
    const { entries, root } = this.#state;
    if (entries.has(job.id)) return;
    const ofClass = flows.childOf(root, 'class', job.workClass);
    const tenant = flows.childOf(ofClass, 'tenant', job.tenantId);
    const session = flows.childOf(tenant, 'session', job.sessionId);
    const player = flows.childOf(session, 'player', job.playerId);
    const entry = { job, seq: this.#state.nextSeq++, isRunning: false, hasBegun: false, player };
    entries.set(job.id, entry);
    flows.insert(player.line, entry);
    this.#refresh(player, false);
  }

  /** A job is gone, wherever it stood. */
  remove(id: string): void {
    const entry = this.#state.entries.get(id);
    if (entry === undefined) return;
    this.#state.entries.delete(id);
    const wasRunning = entry.isRunning;
    if (wasRunning) this.#count(entry, -1);
    else this.#takeFromLine(entry);
    this.#refresh(entry.player, wasRunning);
    if (this.#state.entries.size === 0)
      this.#state.worst = { headUnits: 0, permits: this.#state.permits, weight: Infinity };
    for (const flow of flows.pathOf(entry.player)) this.#forget(flow.parent);
  }

  /** What a step has done for a job. */
  charge(id: string, cost: TokenCost): void {
    const entry = this.#state.entries.get(id);
    if (entry === undefined) return;
    const units = costUnits(cost);
    for (const flow of flows.pathOf(entry.player)) flow.counter += (units * MICRO) / this.#weightOf(flow);
    noteService(this.#state.classes, entry.job.workClass, units, this.#options.clock.now());
  }

  /** How many jobs may run from now on, one at least, and of how many memory keeps what was evaluated. */
  setPermits(permits: number, resident?: number): void {
    this.#state.permits = Math.max(1, permits);
    this.#state.resident = resident ?? this.#state.resident;
    this.#state.worst.permits = Math.max(this.#state.worst.permits, this.#state.permits);
  }

  /** An independent copy. */
  copy(): FairTree {
    return new FairTree(this.#options, structuredClone(this.#state));
  }

  /** Entries that have run, running or not. */
  begun(): Entry[] {
    return [...this.#state.entries.values()].filter((entry) => entry.hasBegun);
  }

  /** Entries with a permit. */
  running(): Entry[] {
    return [...this.#state.entries.values()].filter((entry) => entry.isRunning);
  }

  /** The class that may not be kept waiting for its floor; null: none. */
  owedClass(): Flow | null {
    const owed = classBelowFloor(this.#state.classes, this.#options.clock.now());
    return owed === null ? null : (this.#state.root.children.get(owed) ?? null);
  }

  /** Gives a permit to a waiting job. */
  grant(entry: Entry): void {
    this.#takeFromLine(entry);
    entry.hasBegun = true;
    this.#count(entry, 1);
    this.#refresh(entry.player, false);
  }

  /** Takes the permit of a running job; it waits in front. */
  pause(entry: Entry): void {
    this.#count(entry, -1);
    flows.insert(this.#lineOf(entry), entry);
    this.#refresh(entry.player, true);
  }

  /** The widest gap between waiting siblings, and its bound; cost units over weight. */
  spread(): { units: number; bound: number } {
    let most = 0;
    const visit = (flow: Flow): void => {
      const waiting = flows.waitingChildren(flow);
      const counters = waiting.map((child) => child.counter);
      const isCompared = waiting[0]?.level === 'tenant' || waiting[0]?.level === 'session';
      if (isCompared) most = Math.max(most, Math.max(...counters) - Math.min(...counters));
      for (const child of flow.children.values()) visit(child);
    };
    visit(this.#state.root);
    const { headUnits, permits, weight } = this.#state.worst;
    const head = Math.max(headUnits, this.#preemptUnits);
    const step = this.#stepUnits(permits) / (weight === Infinity ? 1 : weight);
    return { units: most / MICRO, bound: head + step + Math.max(this.#creditUnits, head + step) };
  }

  get #preemptUnits(): number {
    return this.#options.preemptUnits ?? 128;
  }

  get #swapUnits(): number {
    return Math.max(this.#preemptUnits, this.#jobUnits, this.#options.swapUnits ?? 2_048);
  }

  get #jobUnits(): number {
    return this.#options.jobUnits ?? 1_100;
  }

  get #creditUnits(): number {
    return this.#options.creditUnits ?? this.#preemptUnits;
  }

  /** The most that one step can charge: the chunk, and of each job the last token of its prompt and a sampled one. */
  #stepUnits(permits: number): number {
    return COST.input * this.#options.chunk + (COST.input + COST.output) * permits;
  }

  #weightOf(flow: Flow): number {
    if (flow.level === 'root' || flow.level === 'class') return 1;
    const weight = this.#options.weightOf?.(flow.level, flow.key) ?? 1;
    const { worst } = this.#state;
    if (flow.level !== 'player') worst.weight = Math.min(worst.weight, weight);
    return weight;
  }

  /** Whoever is paused now may lose what it has evaluated. */
  isTight(): boolean {
    return this.begun().length >= this.#state.resident;
  }

  /** H as things stand, cost units. */
  headUnits(): number {
    const head = this.isTight() ? this.#swapUnits : this.#preemptUnits;
    this.#state.worst.headUnits = Math.max(this.#state.worst.headUnits, head);
    return head;
  }

  #rangeOf(flow: Flow, wasRunning: boolean): EntryRange {
    const weight = this.#weightOf(flow);
    if (flow.level === 'player') {
      return { credit: 0, debt: (this.#jobUnits * MICRO) / weight };
    }
    const head = this.headUnits() * MICRO;
    const step = (this.#stepUnits(this.#state.permits) * MICRO) / weight;
    const credit = this.#creditUnits * MICRO;
    return {
      // While a turn ran its flow was not idle: what it was behind then is still due to it.
      credit: wasRunning ? Math.max(credit, head + step) : credit,
      // What still runs is charged for one more step before it can be paused.
      debt: flow.running > 0 ? head : head + step,
    };
  }

  /** Brings `isWaiting` up to date from a player upwards. A session's players wait in turn, whatever it runs. */
  #refresh(player: Flow, wasRunning: boolean): void {
    for (const flow of flows.pathOf(player)) {
      const isWaiting = this.#canRun(flow);
      if (isWaiting && !flow.isWaiting)
        flows.enter(flow, this.#rangeOf(flow, wasRunning || flow.running > 0));
      else if (!isWaiting && flow.isWaiting) flows.leave(flow);
      if (flow.level === 'class') this.#noteWants(flow);
    }
  }

  #canRun(flow: Flow): boolean {
    if (flow.level === 'player') return flow.line.length > 0;
    if (flow.level === 'session' && flow.running >= (this.#options.perSession ?? 1)) return false;
    return flow.line.length > 0 || [...flow.children.values()].some((child) => child.isWaiting);
  }

  #noteWants(ofClass: Flow): void {
    const wants = ofClass.isWaiting || ofClass.running > 0;
    noteWants(this.#state.classes, ofClass.key as WorkClass, wants, this.#options.clock.now());
  }

  #count(entry: Entry, by: 1 | -1): void {
    entry.isRunning = by === 1;
    this.#state.root.running += by;
    for (const flow of flows.pathOf(entry.player)) flow.running += by;
  }

  #lineOf(entry: Entry): Entry[] {
    const isLinear = (this.#options.perSession ?? 1) === 1;
    return entry.hasBegun && isLinear ? flows.ancestor(entry.player, 'session').line : entry.player.line;
  }

  #takeFromLine(entry: Entry): void {
    const line = this.#lineOf(entry);
    line.splice(line.indexOf(entry), 1);
  }

  /** Bounds the memory for flows without work. */
  #forget(parent: Flow | null): void {
    if (parent === null || parent.children.size <= MAX_IDLE_CHILDREN) return;
    for (const [key, child] of parent.children) {
      if (child.isWaiting || child.running > 0 || child.line.length > 0) continue;
      parent.children.delete(key);
      if (parent.children.size <= MAX_IDLE_CHILDREN) return;
    }
  }
}
