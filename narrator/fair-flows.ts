import type { Job } from './scheduler.ts';

/** Counters are whole numbers of micro-units, so that charges divided by the weights 0.5 and 1 to 8 are exact. */
export const MICRO = 840;

type FlowLevel = 'root' | 'class' | 'tenant' | 'session' | 'player';

/** A job and where it stands. */
export interface Entry {
  job: Job;
  /** Number of its arrival: decides ties, never its name. */
  seq: number;
  isRunning: boolean;
  /** It has run before: it waits in front. */
  hasBegun: boolean;
  player: Flow;
}

/** A node of the tree class > tenant > session > player. Plain data without methods, so that it can be copied. */
export interface Flow {
  key: string;
  level: FlowLevel;
  parent: Flow | null;
  children: Map<string, Flow>;
  /** Service received over weight, micro-units. */
  counter: number;
  /** Virtual time over the children: never falls. */
  virtual: number;
  /** Counter of the child that was the last to stop waiting. */
  last: number;
  /** Something below it waits and may get a permit. */
  isWaiting: boolean;
  /** Permits held below it. */
  running: number;
  /** Waiting jobs by arrival: of a player, and of a session that runs one at a time those that have begun. */
  line: Entry[];
}

/** What can be seen of a flow; counters in micro-units. */
export interface FlowFigures {
  /** Keys from its class down, joined by '/'. */
  path: string;
  level: FlowLevel;
  counter: number;
  virtual: number;
  last: number;
  isWaiting: boolean;
  running: number;
}

/** How far a counter may stand from the virtual time when its flow begins to wait, micro-units. */
export interface EntryRange {
  credit: number;
  debt: number;
}

/** A flow without history. */
export function newFlow(level: FlowLevel, key: string, parent: Flow | null): Flow {
  const figures = { counter: 0, virtual: 0, last: 0, isWaiting: false, running: 0 };
  return { key, level, parent, children: new Map(), ...figures, line: [] };
}

/** The child of that name, made when it is new. */
export function childOf(parent: Flow, level: FlowLevel, key: string): Flow {
  let child = parent.children.get(key);
  if (child === undefined) parent.children.set(key, (child = newFlow(level, key, parent)));
  return child;
}

/** From the flow up to its class. */
export function* pathOf(flow: Flow): Generator<Flow> {
  for (let at: Flow | null = flow; at !== null && at.parent !== null; at = at.parent) yield at;
}

/** The flow's ancestor at `level`, or itself. */
export function ancestor(flow: Flow, level: FlowLevel): Flow {
  for (const at of pathOf(flow)) if (at.level === level) return at;
  return flow;
}

/** Children that wait, without `except`. */
export function waitingChildren(parent: Flow, except: Flow | null = null): Flow[] {
  return [...parent.children.values()].filter((child) => child.isWaiting && child !== except);
}

/** The smallest counter among flows; Infinity for none. */
export function leastCounter(flows: readonly Flow[]): number {
  return flows.reduce((least, flow) => Math.min(least, flow.counter), Infinity);
}

/**
 * A flow begins to wait: by arrival, because a turn of it ended, or because it was paused. Time spent idle
 * gives no credit beyond `credit`, and service had alone no debt beyond `debt`.
 */
export function enter(flow: Flow, range: EntryRange): void {
  const { parent } = flow;
  if (parent === null) return;
  const siblings = waitingChildren(parent, flow);
  const base = siblings.length > 0 ? leastCounter(siblings) : parent.last;
  parent.virtual = Math.max(parent.virtual, base);
  const lifted = Math.max(flow.counter, parent.virtual - range.credit);
  flow.counter = Math.min(lifted, parent.virtual + range.debt);
  flow.isWaiting = true;
}

/** A flow waits no more: its last waiting job got a permit or is gone. */
export function leave(flow: Flow): void {
  flow.isWaiting = false;
  const { parent } = flow;
  if (parent === null || waitingChildren(parent).length > 0) return;
  parent.last = flow.counter;
  parent.virtual = Math.max(parent.virtual, parent.last);
}

/** Arrival of the job that would be next below a waiting flow. */
function headSeq(flow: Flow): number {
  const own = flow.line[0];
  if (own !== undefined) return own.seq;
  return waitingChildren(flow).reduce((least, child) => Math.min(least, headSeq(child)), Infinity);
}

/** The waiting child with the least service; ties go to fewer permits, then to the longer wait. */
export function nextChild(parent: Flow): Flow | null {
  let best: Flow | null = null;
  for (const child of waitingChildren(parent)) if (best === null || isBefore(child, best)) best = child;
  return best;
}

function isBefore(a: Flow, b: Flow): boolean {
  if (a.counter !== b.counter) return a.counter < b.counter;
  if (a.running !== b.running) return a.running < b.running;
  return headSeq(a) < headSeq(b);
}

/** Puts an entry into a line at its place by arrival. */
export function insert(line: Entry[], entry: Entry): void {
  const at = line.findIndex((other) => other.seq > entry.seq);
  line.splice(at < 0 ? line.length : at, 0, entry);
}

/** The figures of all flows below one, parents first. */
export function figuresBelow(parent: Flow, prefix = ''): FlowFigures[] {
  return [...parent.children.values()].flatMap((flow) => {
    const { level, counter, virtual, last, isWaiting, running } = flow;
    const path = prefix + flow.key;
    return [{ path, level, counter, virtual, last, isWaiting, running }, ...figuresBelow(flow, `${path}/`)];
  });
}
