import { WORK_CLASSES } from '../sessions/ports.ts';
import type { Clock, TokenCost, WorkClass } from '../sessions/ports.ts';
import { classBelowFloor, newClassService, noteService, noteWants } from './class-floor.ts';
import type { ClassService } from './class-floor.ts';
import * as flows from './fair-flows.ts';
import { MICRO } from './fair-flows.ts';
import type { Entry, EntryRange, Flow } from './fair-flows.ts';
import { COST, costUnits } from './scheduler.ts';
import type { Changes, Job, Scheduler } from './scheduler.ts';

/** Flows without work that each flow remembers below it; the longest known go first. */
const MAX_IDLE_CHILDREN = 1_024;
/** Nearest the root first: these are the levels at which a running turn yields to others. */
const PREEMPTED = ['tenant', 'session'] as const;

/** How the fair queue is set up. Cost units: a prompt token evaluated is 1, a token sampled is 2. */
export interface FairQueueOptions {
  clock: Pick<Clock, 'now'>;
  /** Jobs in one step. */
  permits: number;
  /** Prompt tokens in one step, at most. */
  chunk: number;
  /** H: a running flow yields when it is this far ahead of a waiting one, cost units over weight. Default 128. */
  preemptUnits?: number;
  /** H while pausing costs memory that is short (see `resident`). Default 2,048. */
  swapUnits?: number;
  /** K: head start of a flow that was idle. Default: `preemptUnits`. */
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
  nextSeq: number;
  root: Flow;
  entries: Map<string, Entry>;
  classes: ClassService;
  /** Memory was short since the queue was last empty. */
  wasTight: boolean;
}

/**
 * The fair queue: a hierarchical, weighted Virtual Token Counter with preemption at every step. It extends VTC
 * (Sheng et al., Fairness in Serving Large Language Models, OSDI 2024) by a tree class > tenant > session >
 * player, charges on execution, credit and debt limits on entry, and pauses; ADR 0010 has the rules and the
 * bound. Classes are strict, with a floor of 5 %. A begun job goes on before others of its session. Pure apart
 * from `clock.now`; nothing throws.
 */
export class FairQueue implements Scheduler {
  readonly #options: FairQueueOptions;
  readonly #state: State;

  constructor(options: FairQueueOptions, state?: State) {
    this.#options = options;
    this.#state = state ?? {
      permits: options.permits,
      nextSeq: 0,
      root: flows.newFlow('root', '', null),
      entries: new Map(),
      classes: newClassService(),
      wasTight: false,
    };
  }

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
    this.#refresh(player);
  }

  remove(id: string): void {
    const entry = this.#state.entries.get(id);
    if (entry === undefined) return;
    this.#state.entries.delete(id);
    if (entry.isRunning) this.#count(entry, -1);
    else this.#takeFromLine(entry);
    this.#refresh(entry.player);
    if (this.#state.entries.size === 0) this.#state.wasTight = false;
    for (const flow of flows.pathOf(entry.player)) this.#forget(flow.parent);
  }

  putBack(id: string): void {
    const entry = this.#state.entries.get(id);
    if (entry?.isRunning === true) this.#pause(entry);
  }

  schedule(mayPause: boolean): Changes {
    const changes: Changes = { granted: [], paused: [] };
    this.#fill(changes);
    if (!mayPause) return changes;
    this.#yieldClasses(changes);
    this.#yieldFlows(changes);
    return changes;
  }

  charge(id: string, cost: TokenCost): void {
    const entry = this.#state.entries.get(id);
    if (entry === undefined) return;
    const units = costUnits(cost);
    for (const flow of flows.pathOf(entry.player)) flow.counter += (units * MICRO) / this.#weightOf(flow);
    noteService(this.#state.classes, entry.job.workClass, units, this.#options.clock.now());
  }

  running(): Job[] {
    const rank = ({ job }: Entry) => WORK_CLASSES.indexOf(job.workClass);
    const counter = (entry: Entry) => flows.ancestor(entry.player, 'session').counter;
    return this.#running()
      .sort((a, b) => rank(a) - rank(b) || counter(a) - counter(b) || a.seq - b.seq)
      .map((entry) => entry.job);
  }

  waiting(): Job[] {
    const waiting = [...this.#state.entries.values()].filter((entry) => !entry.isRunning);
    return waiting.sort((a, b) => a.seq - b.seq).map((entry) => entry.job);
  }

  paused(): Job[] {
    const counter = (entry: Entry) => flows.ancestor(entry.player, 'session').counter;
    return this.#begun()
      .filter((entry) => !entry.isRunning)
      .sort((a, b) => counter(b) - counter(a))
      .map((entry) => entry.job);
  }

  setPermits(permits: number): void {
    this.#state.permits = Math.max(1, permits);
  }

  clone(): FairQueue {
    return new FairQueue(this.#options, structuredClone(this.#state));
  }

  spread(): { units: number; bound: number } {
    let most = 0;
    let least = Infinity;
    const visit = (flow: Flow): void => {
      const waiting = flows.waitingChildren(flow);
      const counters = waiting.map((child) => child.counter);
      const isCompared = waiting[0]?.level === 'tenant' || waiting[0]?.level === 'session';
      if (isCompared) most = Math.max(most, Math.max(...counters) - Math.min(...counters));
      for (const child of flow.children.values()) {
        if (child.level !== 'class' && child.level !== 'player')
          least = Math.min(least, this.#weightOf(child));
        visit(child);
      }
    };
    visit(this.#state.root);
    const head = this.#state.wasTight ? this.#swapUnits : this.#preemptUnits;
    const step = this.#stepUnits / (least === Infinity ? 1 : least);
    return { units: most / MICRO, bound: head + step + this.#creditUnits };
  }

  get #preemptUnits(): number {
    return this.#options.preemptUnits ?? 128;
  }

  get #swapUnits(): number {
    return Math.max(this.#preemptUnits, this.#options.swapUnits ?? 2_048);
  }

  get #creditUnits(): number {
    return this.#options.creditUnits ?? this.#preemptUnits;
  }

  /** The most that one step can charge. */
  get #stepUnits(): number {
    return COST.input * this.#options.chunk + COST.output * this.#state.permits;
  }

  #weightOf(flow: Flow): number {
    if (flow.level === 'root' || flow.level === 'class') return 1;
    return this.#options.weightOf?.(flow.level, flow.key) ?? 1;
  }

  #begun(): Entry[] {
    return [...this.#state.entries.values()].filter((entry) => entry.hasBegun);
  }

  #running(): Entry[] {
    return [...this.#state.entries.values()].filter((entry) => entry.isRunning);
  }

  /** H as things stand, cost units. */
  #headUnits(): number {
    const isTight = this.#begun().length >= (this.#options.resident ?? Infinity);
    if (isTight) this.#state.wasTight = true;
    return isTight ? this.#swapUnits : this.#preemptUnits;
  }

  #rangeOf(flow: Flow): EntryRange {
    const weight = this.#weightOf(flow);
    if (flow.level === 'player') {
      return { credit: 0, debt: ((this.#options.jobUnits ?? 1_100) * MICRO) / weight };
    }
    const debt = (this.#headUnits() + this.#stepUnits / weight) * MICRO;
    return { credit: this.#creditUnits * MICRO, debt };
  }

  /** Brings `isWaiting` up to date from a player upwards. A session's players wait in turn, whatever it runs. */
  #refresh(player: Flow): void {
    for (const flow of flows.pathOf(player)) {
      const isWaiting = this.#canRun(flow);
      if (isWaiting && !flow.isWaiting) flows.enter(flow, this.#rangeOf(flow));
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
    for (const flow of flows.pathOf(entry.player)) flow.running += by;
  }

  #lineOf(entry: Entry): Entry[] {
    return entry.hasBegun ? flows.ancestor(entry.player, 'session').line : entry.player.line;
  }

  #takeFromLine(entry: Entry): void {
    const line = this.#lineOf(entry);
    line.splice(line.indexOf(entry), 1);
  }

  #grant(entry: Entry, changes: Changes): void {
    this.#takeFromLine(entry);
    entry.hasBegun = true;
    this.#count(entry, 1);
    this.#refresh(entry.player);
    changes.granted.push(entry.job.id);
  }

  #pause(entry: Entry): void {
    this.#count(entry, -1);
    flows.insert(this.#lineOf(entry), entry);
    this.#refresh(entry.player);
  }

  /** Takes the permit of `from` and gives it to whoever is next below `within`. */
  #swap(from: Entry, within: Flow, changes: Changes): void {
    this.#pause(from);
    changes.paused.push(from.job.id);
    const next = this.#pick(within);
    if (next !== null) this.#grant(next, changes);
  }

  #fill(changes: Changes): void {
    while (this.#running().length < this.#state.permits) {
      const ofClass = this.#nextClass();
      const entry = ofClass === null ? null : this.#pick(ofClass);
      if (entry === null) return;
      this.#grant(entry, changes);
    }
  }

  /** The next job below a flow: its flow with the least service, there the begun one, else the oldest. */
  #pick(flow: Flow): Entry | null {
    const own = flow.line[0];
    if (own !== undefined) return own;
    const next = flows.nextChild(flow);
    return next === null ? null : this.#pick(next);
  }

  #classes(): Flow[] {
    const { children } = this.#state.root;
    return WORK_CLASSES.flatMap((name) => children.get(name) ?? []);
  }

  /** The class that may not be kept waiting for its floor; null: none. */
  #owedClass(): Flow | null {
    const owed = classBelowFloor(this.#state.classes, this.#options.clock.now());
    return owed === null ? null : (this.#state.root.children.get(owed) ?? null);
  }

  #nextClass(): Flow | null {
    const owed = this.#owedClass();
    if (owed !== null && owed.isWaiting && owed.running === 0) return owed;
    return this.#classes().find((flow) => flow.isWaiting) ?? null;
  }

  /** Lower classes yield to higher ones at once, but for one permit of a class that is below its floor. */
  #yieldClasses(changes: Changes): void {
    const owed = this.#owedClass();
    if (owed !== null && owed.isWaiting && owed.running === 0) {
      const yielding = this.#mostServed(this.#classes().find((flow) => flow.running > 0) ?? owed);
      if (yielding !== null) this.#swap(yielding, owed, changes);
    }
    for (;;) {
      const [first] = this.#classes().filter((flow) => flow.isWaiting);
      if (first === undefined) return;
      const lower = this.#classes().slice(this.#classes().indexOf(first) + 1);
      const giver = lower.reverse().find((flow) => flow.running > (flow === owed ? 1 : 0));
      const yielding = giver === undefined ? null : this.#mostServed(giver);
      if (yielding === null) return;
      this.#swap(yielding, first, changes);
    }
  }

  /** Within a class: no running flow stays further ahead of a waiting sibling than H. */
  #yieldFlows(changes: Changes): void {
    for (;;) {
      const ahead = this.#furthestAhead();
      if (ahead === null) return;
      const yielding = this.#mostServed(ahead);
      if (yielding === null || ahead.parent === null) return;
      this.#swap(yielding, ahead.parent, changes);
    }
  }

  /** The running flow nearest the root, there with the largest counter, that has to yield; null: none. */
  #furthestAhead(): Flow | null {
    const head = this.#headUnits() * MICRO;
    for (const level of PREEMPTED) {
      let found: Flow | null = null;
      for (const entry of this.#running()) {
        const flow = flows.ancestor(entry.player, level);
        if (flow.parent === null) continue;
        const isAhead = flow.counter > flows.leastCounter(flows.waitingChildren(flow.parent, flow)) + head;
        if (isAhead && (found === null || flow.counter > found.counter)) found = flow;
      }
      if (found !== null) return found;
    }
    return null;
  }

  /** Of the jobs running below a flow the one whose session had most, then the latest. */
  #mostServed(flow: Flow): Entry | null {
    const counter = (entry: Entry) => flows.ancestor(entry.player, 'session').counter;
    const below = this.#running().filter((entry) => flows.ancestor(entry.player, flow.level) === flow);
    return below.sort((a, b) => counter(b) - counter(a) || b.seq - a.seq)[0] ?? null;
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
