import { WORK_CLASSES } from '../../sessions/ports.ts';
import type { TokenCost } from '../../sessions/ports.ts';
import { costUnits } from '../../narrator/scheduler.ts';
import { divideBudget } from '../../narrator/step-budget.ts';
import type { Changes, Job, Scheduler } from '../../narrator/scheduler.ts';
import type { Happening, Request, Scenario } from './scenario.ts';

export type Fate = 'future' | 'queued' | 'done' | 'cancelled' | 'expired' | 'lost';

/** A request on its way through the queue and the engine. */
export interface SimJob {
  job: Job;
  request: Request;
  /** Number of its arrival. */
  seq: number;
  fate: Fate;
  isRunning: boolean;
  hasBegun: boolean;
  promptLeft: number;
  sampled: number;
  /** What the engine remembers of it. */
  hasMemory: boolean;
  crashes: number;
  spentUnits: number;
}

/** Who looks on; each is called right after what its name says. */
export interface Probe {
  added?(job: SimJob): void;
  removed?(job: SimJob): void;
  putBack?(job: SimJob): void;
  scheduled?(changes: Changes): void;
  beforeCharge?(job: SimJob, cost: TokenCost): void;
  charged?(job: SimJob, cost: TokenCost): void;
  crashed?(hit: SimJob[]): void;
  ended?(): void;
}

export type WeightedLevel = 'tenant' | 'session' | 'player';

/** What a scheduler is built from. */
export interface Setup {
  clock: { now(): number };
  weightOf(level: WeightedLevel, key: string): number;
}

const MAX_STEPS = 50_000;
/** Plays a trace on a scheduler with an engine that only counts, on a clock of its own. */
export class Simulation {
  readonly scenario: Scenario;
  queue: Scheduler;
  readonly jobs: SimJob[];
  readonly weights: Record<WeightedLevel, number[]>;
  readonly probes: Probe[] = [];
  /** Every decision in order, by number of arrival. */
  readonly log: string[] = [];
  nowMs = 0;
  step = 0;
  permits: number;
  mostPermits: number;
  /** Smallest weight of a tenant or session, and of a player, that was ever in force. */
  leastWeight = Infinity;
  leastPlayerWeight = Infinity;
  /** Multiplies what is charged. */
  costFactor = 1;
  private readonly indexes = new Map<string, number>();
  private arrivals = 0;
  private readonly byId = new Map<string, SimJob>();
  private isMidStep = false;
  private hasCrashed = false;

  constructor(scenario: Scenario, build: (setup: Setup) => Scheduler, rename = (name: string) => name) {
    this.scenario = scenario;
    this.permits = this.mostPermits = scenario.permits;
    this.weights = {
      tenant: [...scenario.tenantWeights],
      session: [...scenario.sessionWeights],
      player: [...scenario.playerWeights],
    };
    this.noteWeights();
    this.jobs = scenario.requests.map((request, index) => this.jobOf(request, index, rename));
    for (const job of this.jobs) this.byId.set(job.job.id, job);
    for (const { job, request } of this.jobs) {
      this.indexes.set(job.tenantId, this.tenantOf(request)).set(job.sessionId, this.sessionOf(request));
      this.indexes.set(job.playerId, request.player);
    }
    const weightOf = (level: WeightedLevel, key: string) => this.weightOf(level, key);
    this.queue = build({ clock: { now: () => this.nowMs }, weightOf });
  }

  weightOf(level: WeightedLevel, key: string): number {
    return this.weights[level][this.indexes.get(key) ?? 0] ?? 1;
  }

  /** Jobs that fit into memory. */
  get resident(): number {
    const { permits, spareMemory } = this.scenario;
    return spareMemory === null ? Infinity : permits + spareMemory;
  }

  get live(): SimJob[] {
    return this.jobs.filter((job) => job.fate === 'queued');
  }

  find(id: string): SimJob {
    return this.byId.get(id)!;
  }

  run(): void {
    const dueAt: number[] = [];
    this.scenario.requests.reduce((sum, request) => (dueAt.push(sum + request.gap), sum + request.gap), 0);
    const happenings = [...this.scenario.happenings].sort((a, b) => a.step - b.step);
    while (this.arrivals < this.jobs.length || this.live.length > 0) {
      if (this.step > MAX_STEPS) throw new Error(`not at rest after ${MAX_STEPS} steps`);
      const due = happenings.filter((happening) => happening.step === this.step);
      for (const happening of due) if (!happening.isMidStep) this.happen(happening);
      const isBetween = this.step % 2 === 0;
      if (isBetween) this.arrive(dueAt);
      this.schedule();
      this.work(() => {
        if (!isBetween) this.arrive(dueAt);
        for (const happening of due) if (happening.isMidStep) this.happen(happening);
      });
      this.nowMs += this.scenario.stepMs;
      this.step += 1;
    }
    this.tell((probe) => probe.ended?.());
  }

  private tenantOf(request: Request): number {
    return this.scenario.tenants[this.sessionOf(request)] ?? 0;
  }

  private sessionOf(request: Request): number {
    return request.session % this.scenario.tenants.length;
  }

  private jobOf(request: Request, index: number, rename: (name: string) => string): SimJob {
    const session = this.sessionOf(request);
    const job: Job = {
      id: rename(`j${index}`),
      workClass: request.workClass,
      tenantId: rename(`t${this.tenantOf(request)}`),
      sessionId: rename(`s${session}`),
      playerId: rename(`p${session}.${request.player}`),
      promptTokens: request.prompt,
    };
    const state = { fate: 'future' as const, isRunning: false, hasBegun: false, hasMemory: false };
    return {
      job,
      request,
      seq: index,
      ...state,
      promptLeft: request.prompt,
      sampled: 0,
      crashes: 0,
      spentUnits: 0,
    };
  }

  private noteWeights(): void {
    const { tenant, session, player } = this.weights;
    this.leastWeight = Math.min(this.leastWeight, ...tenant, ...session);
    this.leastPlayerWeight = Math.min(this.leastPlayerWeight, ...player);
  }

  private tell(what: (probe: Probe) => void): void {
    for (const probe of this.probes) what(probe);
  }

  private arrive(dueAt: readonly number[]): void {
    while (this.arrivals < this.jobs.length && dueAt[this.arrivals]! <= this.step) {
      const job = this.jobs[this.arrivals]!;
      this.arrivals += 1;
      job.fate = 'queued';
      this.queue.add(job.job);
      this.tell((probe) => probe.added?.(job));
    }
  }

  private remove(job: SimJob, fate: Fate): void {
    job.fate = fate;
    this.queue.remove(job.job.id);
    job.isRunning = false;
    this.tell((probe) => probe.removed?.(job));
  }

  private happen({ kind, target }: Happening): void {
    const { live } = this;
    if (kind === 'weight') {
      const level = (['tenant', 'session', 'player'] as const)[target % 3]!;
      const list = this.weights[level];
      const values = level === 'player' ? [0.5, 1, 2] : [1, 2, 4];
      list[target % list.length] = values[Math.floor(target / 24) % 3]!;
      this.noteWeights();
    } else if (kind === 'permits') {
      this.permits = 1 + (target % 5);
      this.mostPermits = Math.max(this.mostPermits, this.permits);
      this.queue.setPermits(this.permits);
    } else if (kind === 'crash') {
      this.crash();
    } else if (live.length > 0) {
      const waiting = live.filter((job) => !job.isRunning);
      const of = kind === 'expire' ? waiting : live;
      if (of.length > 0) this.remove(of[target % of.length]!, kind === 'expire' ? 'expired' : 'cancelled');
    }
  }

  /** The engine dies: what it remembered is gone; each job may be tried once more. */
  private crash(): void {
    if (this.isMidStep) this.hasCrashed = true;
    const hit = this.live.filter((job) => job.isRunning);
    for (const job of this.live) this.forget(job);
    for (const job of hit) {
      job.crashes += 1;
      if (job.crashes > 1) {
        this.remove(job, 'lost');
        continue;
      }
      this.queue.putBack(job.job.id);
      job.isRunning = false;
      this.tell((probe) => probe.putBack?.(job));
    }
    this.tell((probe) => probe.crashed?.(hit));
  }

  private forget(job: SimJob): void {
    if (job.hasMemory) job.promptLeft = job.request.prompt + job.sampled;
    job.hasMemory = false;
  }

  private schedule(): void {
    const changes = this.queue.schedule(true);
    for (const id of changes.paused) this.find(id).isRunning = false;
    for (const id of changes.granted) {
      const job = this.find(id);
      job.isRunning = true;
      job.hasBegun = true;
    }
    const numbers = (ids: readonly string[]) => ids.map((id) => this.find(id).seq).join(',');
    if (changes.granted.length + changes.paused.length > 0)
      this.log.push(`${this.step}: +${numbers(changes.granted)} -${numbers(changes.paused)}`);
    this.tell((probe) => probe.scheduled?.(changes));
  }

  /** One step: all running jobs together; `meanwhile` happens before any is charged. */
  private work(meanwhile: () => void): void {
    const running = this.queue.running().map((job) => this.find(job.id));
    this.log.push(running.map((job) => job.seq).join(' '));
    this.evict(running);
    const rank = (job: SimJob) => WORK_CLASSES.indexOf(job.job.workClass);
    const shares = divideBudget(
      running.map((job) => ({ promptLeft: job.promptLeft, isUrgent: rank(job) === 0 })),
      this.scenario.chunk,
    );
    this.isMidStep = true;
    meanwhile();
    this.isMidStep = false;
    if (!this.hasCrashed) running.forEach((job, index) => this.finish(job, shares[index]!));
    this.hasCrashed = false;
  }

  private evict(running: readonly SimJob[]): void {
    for (const job of running) job.hasMemory = true;
    const inMemory = () => this.live.filter((job) => job.hasMemory).length;
    for (const { id } of this.queue.paused()) {
      if (inMemory() <= this.resident) return;
      this.forget(this.find(id));
    }
  }

  private finish(job: SimJob, promptTokens: number): void {
    const isSampled = job.promptLeft <= 1;
    if (!isSampled && promptTokens === 0) return;
    const tokens = isSampled ? job.promptLeft : promptTokens;
    const factor = this.costFactor;
    const cost = { inputTokens: tokens * factor, outputTokens: isSampled ? factor : 0 };
    if (job.fate === 'queued') this.tell((probe) => probe.beforeCharge?.(job, cost));
    this.queue.charge(job.job.id, cost);
    if (job.fate !== 'queued') return;
    job.promptLeft -= tokens;
    if (isSampled) job.sampled += 1;
    job.spentUnits += costUnits(cost);
    this.tell((probe) => probe.charged?.(job, cost));
    if (job.sampled >= job.request.output) this.remove(job, 'done');
  }
}
