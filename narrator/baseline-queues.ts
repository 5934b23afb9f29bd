import type { TokenCost } from '../sessions/ports.ts';
import { COST, costUnits } from './scheduler.ts';
import type { Changes, Job, Scheduler } from './scheduler.ts';

/** Sessions whose counter is remembered. */
const MAX_COUNTERS = 4_096;

/** How a baseline is set up. */
export interface BaselineOptions {
  /** Jobs in one step. */
  permits: number;
  /** Jobs of one session that may run together. Default 1. */
  perSession?: number;
}

interface Entry {
  job: Job;
  seq: number;
  isRunning: boolean;
}

interface State {
  permits: number;
  nextSeq: number;
  entries: Map<string, Entry>;
}

/**
 * What the well-known policies have in common: one line by arrival, no pauses, and a choice among the oldest
 * waiting job of each session that may run. They are the baselines of the benchmark and can be chosen by the
 * operator. They know neither classes, tenants nor players.
 */
abstract class LineQueue implements Scheduler {
  protected readonly options: BaselineOptions;
  protected readonly line: State;

  constructor(options: BaselineOptions, line?: State) {
    this.options = options;
    this.line = line ?? { permits: options.permits, nextSeq: 0, entries: new Map() };
  }

  /** The job to serve next among `heads`, the oldest eligible one of each session, by arrival; never empty. */
  protected abstract choose(heads: readonly Job[]): Job | undefined;
  abstract charge(id: string, cost: TokenCost): void;
  abstract clone(): Scheduler;

  add(job: Job): void {
    const { entries } = this.line;
    if (entries.has(job.id)) return;
    entries.set(job.id, { job, seq: this.line.nextSeq++, isRunning: false });
  }

  remove(id: string): void {
    this.line.entries.delete(id);
  }

  putBack(id: string): void {
    const entry = this.line.entries.get(id);
    if (entry !== undefined) entry.isRunning = false;
  }

  schedule(): Changes {
    const granted: string[] = [];
    while (this.running().length < this.line.permits) {
      const heads = this.heads();
      const entry = heads.length === 0 ? undefined : this.line.entries.get(this.choose(heads)?.id ?? '');
      if (entry === undefined) break;
      entry.isRunning = true;
      granted.push(entry.job.id);
    }
    return { granted, paused: [] };
  }

  running(): Job[] {
    return this.byArrival(true);
  }

  waiting(): Job[] {
    return this.byArrival(false);
  }

  paused(): Job[] {
    return [];
  }

  setPermits(permits: number): void {
    this.line.permits = Math.max(1, permits);
  }

  /** These policies promise nothing. */
  spread(): { units: number; bound: number } {
    return { units: 0, bound: Infinity };
  }

  protected jobOf(id: string): Job | null {
    return this.line.entries.get(id)?.job ?? null;
  }

  /** The oldest waiting job of each session below its cap. */
  protected heads(): Job[] {
    const counts = new Map<string, number>();
    for (const { sessionId } of this.running()) counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
    const heads = new Map<string, Job>();
    for (const job of this.waiting()) {
      const isFree = (counts.get(job.sessionId) ?? 0) < (this.options.perSession ?? 1);
      if (isFree && !heads.has(job.sessionId)) heads.set(job.sessionId, job);
    }
    return [...heads.values()];
  }

  private byArrival(isRunning: boolean): Job[] {
    const found = [...this.line.entries.values()].filter((entry) => entry.isRunning === isRunning);
    return found.sort((a, b) => a.seq - b.seq).map((entry) => entry.job);
  }
}

/** First come, first served; a job whose session is at its cap is passed over. */
export class FirstComeQueue extends LineQueue {
  charge(): void {}

  clone(): FirstComeQueue {
    return new FirstComeQueue(this.options, structuredClone(this.line));
  }

  protected choose([oldest]: readonly Job[]): Job | undefined {
    return oldest;
  }
}

/** One job of each session in turn, whatever it costs: the session served longest ago comes next. */
export class RoundRobinQueue extends LineQueue {
  private readonly servedAt: Map<string, number>;

  constructor(options: BaselineOptions, line?: State, servedAt = new Map<string, number>()) {
    super(options, line);
    this.servedAt = servedAt;
  }

  charge(): void {}

  clone(): RoundRobinQueue {
    return new RoundRobinQueue(this.options, structuredClone(this.line), new Map(this.servedAt));
  }

  override remove(id: string): void {
    super.remove(id);
    if (this.line.entries.size === 0) this.servedAt.clear();
  }

  protected choose(heads: readonly Job[]): Job | undefined {
    const turnOf = (job: Job) => this.servedAt.get(job.sessionId) ?? -1;
    const next = heads.reduce((best, job) => (turnOf(job) < turnOf(best) ? job : best), heads[0] as Job);
    this.servedAt.delete(next.sessionId);
    this.servedAt.set(next.sessionId, Math.max(-1, ...this.servedAt.values()) + 1);
    return next;
  }
}

interface Counters {
  of: Map<string, number>;
  /** Counter of the session that was the last to stop waiting. */
  last: number;
  /** Jobs charged for their prompt when they were granted: tokens still covered by that. */
  prepaid: Map<string, number>;
}

/**
 * Virtual Token Counter per session as published (Sheng et al., OSDI 2024): the session with the least service
 * is next, its prompt is charged at once where its length is known, sampled tokens as they come. Without
 * `lifts` it is the paper's LCF: idle sessions keep all their credit.
 */
export class VirtualTokenQueue extends LineQueue {
  private readonly lifts: boolean;
  private readonly counters: Counters;

  constructor(options: BaselineOptions & { lifts: boolean }, line?: State, counters?: Counters) {
    super(options, line);
    this.lifts = options.lifts;
    this.counters = counters ?? { of: new Map(), last: 0, prepaid: new Map() };
  }

  override add(job: Job): void {
    if (this.jobOf(job.id) !== null) return;
    const waiting = new Set(this.waiting().map((other) => other.sessionId));
    if (this.lifts && !waiting.has(job.sessionId)) {
      const counters = [...waiting].map((session) => this.counterOf(session));
      const base = counters.length === 0 ? this.counters.last : Math.min(...counters);
      this.counters.of.set(job.sessionId, Math.max(this.counterOf(job.sessionId), base));
    }
    super.add(job);
  }

  override remove(id: string): void {
    const job = this.jobOf(id);
    super.remove(id);
    this.counters.prepaid.delete(id);
    if (job !== null) this.noteLeft(job.sessionId);
  }

  override schedule(): Changes {
    const changes = super.schedule();
    for (const id of changes.granted) this.noteLeft(this.jobOf(id)?.sessionId ?? '');
    return changes;
  }

  charge(id: string, { inputTokens, outputTokens }: TokenCost): void {
    const job = this.jobOf(id);
    if (job === null) return;
    const covered = Math.min(inputTokens, this.counters.prepaid.get(id) ?? 0);
    if (covered > 0) this.counters.prepaid.set(id, (this.counters.prepaid.get(id) ?? 0) - covered);
    this.bill(job.sessionId, costUnits({ inputTokens: inputTokens - covered, outputTokens }));
  }

  clone(): VirtualTokenQueue {
    const options = { ...this.options, lifts: this.lifts };
    return new VirtualTokenQueue(options, structuredClone(this.line), structuredClone(this.counters));
  }

  protected choose(heads: readonly Job[]): Job | undefined {
    const cost = (job: Job) => this.counterOf(job.sessionId);
    const next = heads.reduce((best, job) => (cost(job) < cost(best) ? job : best), heads[0] as Job);
    const prompt = next.promptTokens ?? 0;
    if (prompt > 0 && !this.counters.prepaid.has(next.id)) {
      this.counters.prepaid.set(next.id, prompt);
      this.bill(next.sessionId, COST.input * prompt);
    }
    return next;
  }

  private counterOf(sessionId: string): number {
    return this.counters.of.get(sessionId) ?? 0;
  }

  private bill(sessionId: string, units: number): void {
    const { of } = this.counters;
    of.set(sessionId, this.counterOf(sessionId) + units);
    const [oldest] = of.keys();
    if (of.size > MAX_COUNTERS && oldest !== undefined) of.delete(oldest);
  }

  private noteLeft(sessionId: string): void {
    const isLeft = !this.waiting().some((job) => job.sessionId === sessionId);
    if (isLeft) this.counters.last = this.counterOf(sessionId);
  }
}
