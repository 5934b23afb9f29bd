import type { SimTurn } from './simulation.ts';
import { SpreadWatch } from './spread-watch.ts';
import type { FlowState } from './spread-watch.ts';
import type { Workload } from './workloads.ts';

interface Session {
  key: string;
  waiting: number;
  running: number;
  hasLeft: boolean;
}

interface Group {
  watch: SpreadWatch;
  /** Sessions of each flow of the group. */
  flows: Session[][];
}

/**
 * Watches the difference of service between the tenants, and between the sessions of each tenant with more
 * than one. Only turns of the narrator count: classes are strict, nothing is promised between them.
 */
export class FlowWatch {
  readonly #perSession: number;
  readonly #sessions = new Map<string, Session>();
  readonly #groups: Group[] = [];
  /** By session: the flows it belongs to. */
  readonly #places = new Map<string, { group: Group; flow: number }[]>();

  constructor(turns: readonly SimTurn[], { perSession, weightOf = () => 1 }: Workload) {
    this.#perSession = perSession;
    const tenants = new Map<string, Set<string>>();
    for (const { spec } of turns) {
      if (spec.workClass !== 'narrator') continue;
      tenants.set(spec.tenantId, (tenants.get(spec.tenantId) ?? new Set()).add(spec.sessionId));
    }
    const all = [...tenants].map(([tenantId, keys]) => ({ weight: weightOf(tenantId), keys: [...keys] }));
    this.#add(all);
    for (const { keys } of all) {
      if (keys.length > 1) this.#add(keys.map((key) => ({ weight: 1, keys: [key] })));
    }
  }

  /** The largest difference so far, cost units over weight. */
  get most(): number {
    return Math.max(...this.#groups.map(({ watch }) => watch.most));
  }

  /** A turn came to wait, or waits no more; `by` is 1 or -1. */
  waits({ spec }: SimTurn, by: 1 | -1): void {
    this.#change(spec, (session) => (session.waiting += by));
  }

  /** A turn got a permit, or lost it. */
  runs({ spec }: SimTurn, by: 1 | -1): void {
    this.#change(spec, (session) => (session.running += by));
  }

  /** A step is planned. */
  enter(): void {
    for (const { watch, flows } of this.#groups) watch.enter(flows.map((flow) => this.#stateOf(flow)));
    for (const session of this.#sessions.values()) session.hasLeft = false;
  }

  /** What the step did for a turn, cost units. */
  served({ spec }: SimTurn, units: number): void {
    if (spec.workClass !== 'narrator') return;
    for (const { group, flow } of this.#places.get(spec.sessionId) ?? []) group.watch.served(flow, units);
  }

  /** The step is over. */
  leave(): void {
    for (const { watch } of this.#groups) watch.leave();
  }

  #add(flows: readonly { weight: number; keys: string[] }[]): void {
    const watch = new SpreadWatch(flows.map(({ weight }) => weight));
    const group: Group = { watch, flows: [] };
    for (const [flow, { keys }] of flows.entries()) {
      group.flows.push(keys.map((key) => this.#sessionOf(key)));
      for (const key of keys) this.#places.set(key, [...(this.#places.get(key) ?? []), { group, flow }]);
    }
    this.#groups.push(group);
  }

  #sessionOf(key: string): Session {
    const session = this.#sessions.get(key) ?? { key, waiting: 0, running: 0, hasLeft: false };
    this.#sessions.set(key, session);
    return session;
  }

  #change({ workClass, sessionId }: SimTurn['spec'], change: (session: Session) => void): void {
    const session = this.#sessions.get(sessionId);
    if (workClass !== 'narrator' || session === undefined) return;
    change(session);
    if (!this.#isWaiting(session)) session.hasLeft = true;
  }

  #isWaiting({ waiting, running }: Session): boolean {
    return waiting > 0 && running < this.#perSession;
  }

  #stateOf(sessions: readonly Session[]): FlowState {
    const isWaiting = sessions.some((session) => this.#isWaiting(session));
    // A tenant left only when none of its other sessions kept waiting meanwhile.
    const stayed = sessions.some((session) => this.#isWaiting(session) && !session.hasLeft);
    return { isWaiting, hasLeft: !stayed };
  }
}
