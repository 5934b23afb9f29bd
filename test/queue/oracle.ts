import { MICRO } from '../../narrator/fair-flows.ts';
import { costUnits } from '../../narrator/scheduler.ts';
import type { Changes, Job } from '../../narrator/scheduler.ts';
import type { TokenCost } from '../../sessions/ports.ts';
import type { Probe, SimJob, Simulation, WeightedLevel } from './simulation.ts';
import { limitsOf } from './limits.ts';
import type { Limits } from './limits.ts';

export interface OracleFlow {
  path: string;
  parent: string;
  level: 'class' | WeightedLevel;
  key: string;
  counter: number;
  virtual: number;
  last: number;
  isWaiting: boolean;
}

/** Is asked before each move is followed. */
export interface MoveWatch {
  grant?(id: string): void;
  swap?(from: string, to: string): void;
}

export interface OracleJob {
  job: Job;
  paths: readonly string[];
  state: 'new' | 'running' | 'paused';
  hasBegun: boolean;
}

const LEVELS = ['class', 'tenant', 'session', 'player'] as const;

/** Paths of a job's flows, class first. */
export function pathsOf(job: Job): string[] {
  const keys = [job.workClass, job.tenantId, job.sessionId, job.playerId];
  return keys.map((_, index) => keys.slice(0, index + 1).join('/'));
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * The tree and its entry rules written down once more, as plainly as possible: who waits is worked out from the
 * jobs anew each time. It follows the decisions of a queue and makes none.
 */
export class Oracle implements Probe {
  readonly flows = new Map<string, OracleFlow>();
  /** What happened to a flow's counter when it began to wait. */
  readonly entries: { path: string; from: number; to: number; virtual: number }[] = [];
  private readonly simulation: Simulation;
  private readonly limits: Limits;
  private readonly root = { virtual: 0, last: 0 };
  readonly jobs = new Map<string, OracleJob>();

  constructor(simulation: Simulation) {
    this.simulation = simulation;
    this.limits = limitsOf(simulation);
  }

  added({ job }: SimJob): void {
    const paths = pathsOf(job);
    const keys = [job.workClass, job.tenantId, job.sessionId, job.playerId];
    paths.forEach((path, index) => {
      if (this.flows.has(path)) return;
      const figures = { counter: 0, virtual: 0, last: 0, isWaiting: false };
      this.flows.set(path, {
        path,
        parent: parentOf(path),
        level: LEVELS[index]!,
        key: keys[index]!,
        ...figures,
      });
    });
    this.jobs.set(job.id, { job, paths, state: 'new', hasBegun: false });
    this.follow(job);
  }

  removed({ job }: SimJob): void {
    const ran = this.jobs.get(job.id)?.state === 'running';
    this.jobs.delete(job.id);
    this.follow(job, ran);
  }

  putBack({ job }: SimJob): void {
    this.turn(job.id, 'paused');
  }

  /**
   * The moves of a `schedule`: pauses for permits that are no more or grants of free ones come first, then each
   * pause with the grant it was for.
   */
  scheduled({ granted, paused }: Changes, watch: MoveWatch = {}): void {
    const free = Math.max(0, granted.length - paused.length);
    const surplus = Math.max(0, paused.length - granted.length);
    const grant = (id: string) => {
      watch.grant?.(id);
      this.turn(id, 'running');
    };
    for (const id of paused.slice(0, surplus)) this.turn(id, 'paused');
    granted.slice(0, free).forEach(grant);
    paused.slice(surplus).forEach((id, index) => {
      watch.swap?.(id, granted[free + index]!);
      this.turn(id, 'paused');
      grant(granted[free + index]!);
    });
  }

  charged({ job }: SimJob, cost: TokenCost): void {
    for (const path of pathsOf(job)) {
      const flow = this.flows.get(path)!;
      flow.counter += (costUnits(cost) * MICRO) / this.weightOf(flow);
    }
  }

  /** Groups of siblings of a kind. */
  siblings(isMeant: (flow: OracleFlow) => boolean): OracleFlow[][] {
    const groups = new Map<string, OracleFlow[]>();
    for (const flow of this.flows.values()) {
      if (!isMeant(flow)) continue;
      const group = groups.get(flow.parent);
      if (group === undefined) groups.set(flow.parent, [flow]);
      else group.push(flow);
    }
    return [...groups.values()];
  }

  /** Jobs that have run. */
  get begun(): number {
    return [...this.jobs.values()].filter(({ hasBegun }) => hasBegun).length;
  }

  weightOf({ level, key }: OracleFlow): number {
    return level === 'class' ? 1 : this.limits.weightOf(level, key);
  }

  private turn(id: string, state: 'running' | 'paused'): void {
    const found = this.jobs.get(id)!;
    found.state = state;
    found.hasBegun = true;
    this.follow(found.job, state === 'paused');
  }

  private waits(flow: OracleFlow): boolean {
    const below = [...this.jobs.values()].filter(({ paths }) => paths.includes(flow.path));
    const cap = this.simulation.scenario.perSession;
    if (flow.level === 'player')
      return below.some(({ state }) => state === 'new' || (state === 'paused' && cap !== 1));
    const running = new Map<string, number>();
    for (const { job, state } of below) {
      if (state === 'running') running.set(job.sessionId, (running.get(job.sessionId) ?? 0) + 1);
    }
    return below.some(({ job, state }) => state !== 'running' && (running.get(job.sessionId) ?? 0) < cap);
  }

  private follow(job: Job, ran = false): void {
    for (const path of pathsOf(job).reverse()) {
      const flow = this.flows.get(path)!;
      const waits = this.waits(flow);
      if (waits && !flow.isWaiting) this.enter(flow, ran);
      if (!waits && flow.isWaiting) this.leave(flow);
      flow.isWaiting = waits;
    }
  }

  rivals(flow: OracleFlow): OracleFlow[] {
    return [...this.flows.values()].filter(
      (other) => other !== flow && other.isWaiting && other.parent === flow.parent,
    );
  }

  private parentFigures(flow: OracleFlow): { virtual: number; last: number } {
    return this.flows.get(flow.parent) ?? this.root;
  }

  private enter(flow: OracleFlow, ran: boolean): void {
    const parent = this.parentFigures(flow);
    const siblings = this.rivals(flow);
    const base = siblings.length > 0 ? Math.min(...siblings.map((other) => other.counter)) : parent.last;
    parent.virtual = Math.max(parent.virtual, base);
    const jobs = [...this.jobs.values()];
    const runs = jobs.some(({ paths, state }) => state === 'running' && paths.includes(flow.path));
    const { credit, debt } = this.limits.range({ ...flow, runs, ran: ran || runs }, this.begun);
    const from = flow.counter;
    if (flow.counter < parent.virtual - credit) flow.counter = parent.virtual - credit;
    if (flow.counter > parent.virtual + debt) flow.counter = parent.virtual + debt;
    this.entries.push({ path: flow.path, from, to: flow.counter, virtual: parent.virtual });
  }

  private leave(flow: OracleFlow): void {
    if (this.rivals(flow).length > 0) return;
    const parent = this.parentFigures(flow);
    parent.last = flow.counter;
    parent.virtual = Math.max(parent.virtual, flow.counter);
  }
}
