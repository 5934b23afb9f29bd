import { WORK_CLASSES } from '../sessions/ports.ts';
import * as flows from './fair-flows.ts';
import type { Entry, Flow } from './fair-flows.ts';

/** Nearest the root first: these are the levels at which a running turn yields to others. */
const PREEMPTED = ['tenant', 'session'] as const;

/** The next job below a flow: its flow with the least service, there the begun one, else the oldest. */
export function pick(flow: Flow): Entry | null {
  const own = flow.line[0];
  if (own !== undefined) return own;
  const next = flows.nextChild(flow);
  return next === null ? null : pick(next);
}

/** The classes that were ever used, most urgent first. */
export function classesOf(root: Flow): Flow[] {
  return WORK_CLASSES.flatMap((name) => root.children.get(name) ?? []);
}

/** Orders jobs by their right to be served: class, then the service of tenant and session, then arrival. */
export function compareRight(a: Entry, b: Entry): number {
  const rank = (entry: Entry) => WORK_CLASSES.indexOf(entry.job.workClass);
  const counter = (entry: Entry, level: 'tenant' | 'session') => flows.ancestor(entry.player, level).counter;
  const byTenant = () => counter(a, 'tenant') - counter(b, 'tenant');
  const bySession = () => counter(a, 'session') - counter(b, 'session');
  return rank(a) - rank(b) || byTenant() || bySession() || a.seq - b.seq;
}

/** Of the jobs running below a flow the one with the least right to it. */
export function leastRight(running: readonly Entry[], flow: Flow): Entry | null {
  const below = running.filter((entry) => flows.ancestor(entry.player, flow.level) === flow);
  return below.sort(compareRight).at(-1) ?? null;
}

/** The running flow nearest the root, there with the largest counter, that has to yield; null: none. */
export function furthestAhead(running: readonly Entry[], head: number): Flow | null {
  for (const level of PREEMPTED) {
    let found: Flow | null = null;
    for (const entry of running) {
      const flow = flows.ancestor(entry.player, level);
      if (flow.parent === null) continue;
      const isAhead = flow.counter > flows.leastCounter(flows.waitingChildren(flow.parent, flow)) + head;
      if (isAhead && (found === null || flow.counter > found.counter)) found = flow;
    }
    if (found !== null) return found;
  }
  return null;
}

/** The lowest class that runs, without `except`; null: none. */
export function lowestRunning(root: Flow, except: Flow): Flow | null {
  const running = classesOf(root).filter((flow) => flow.running > 0 && flow !== except);
  return running.at(-1) ?? null;
}
