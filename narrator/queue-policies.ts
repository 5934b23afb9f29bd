import type { Clock } from '../sessions/ports.ts';
import { FirstComeQueue, RoundRobinQueue, VirtualTokenQueue } from './baseline-queues.ts';
import { FairQueue } from './fair-queue.ts';
import { NarratorQueue } from './narrator-queue.ts';
import type { Scheduler } from './scheduler.ts';
import { ServiceMeter } from './service-meter.ts';
import { TurnAdmission } from './turn-admission.ts';
import type { TokenBudgets } from './turn-admission.ts';

/** Ways to decide who is next; all but the first are there to compare with. */
export const QUEUE_POLICIES = ['fair', 'vtc', 'lcf', 'round-robin', 'first-come'] as const;
export type QueuePolicy = (typeof QUEUE_POLICIES)[number];

/** What a scheduler needs to know of the engine and of its clients. */
export interface SchedulerOptions {
  clock: Pick<Clock, 'now'>;
  /** Turns in one step. */
  permits: number;
  /** Prompt tokens in one step, at most. */
  chunk: number;
  /** Turns of one session that may run together. Default 1. */
  perSession?: number;
  /** Stories whose prompts the engine keeps. Default: all. */
  resident?: number;
  /** Share of a tenant: 1, 2 or 4. Default 1. */
  tenantWeight?: (tenantId: string) => number;
}

/** A scheduler of that policy. */
export function createScheduler(policy: QueuePolicy, options: SchedulerOptions): Scheduler {
  const { tenantWeight = () => 1, ...rest } = options;
  switch (policy) {
    case 'fair':
      return new FairQueue({
        ...rest,
        weightOf: (level, key) => (level === 'tenant' ? tenantWeight(key) : 1),
      });
    case 'vtc':
    case 'lcf':
      return new VirtualTokenQueue({ ...rest, lifts: policy === 'vtc' });
    case 'round-robin':
      return new RoundRobinQueue(rest);
    case 'first-come':
      return new FirstComeQueue(rest);
  }
}

/** The narrator's queue over a scheduler of that policy. */
export function createNarratorQueue(
  policy: QueuePolicy,
  options: Omit<SchedulerOptions, 'clock'> & {
    clock: Clock;
    budgets: TokenBudgets;
    onPaused?: (count: number) => void;
  },
): NarratorQueue {
  const { budgets, onPaused, ...scheduling } = options;
  return new NarratorQueue({
    clock: options.clock,
    scheduler: createScheduler(policy, scheduling),
    admission: new TurnAdmission(budgets),
    meter: new ServiceMeter(options.tenantWeight ?? (() => 1)),
    ...(onPaused === undefined ? {} : { onPaused }),
  });
}
