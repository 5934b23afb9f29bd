import type { StepPlan, StepSource, TokenCost } from '../../../sessions/ports.ts';
import type { Job, Scheduler } from '../../../narrator/scheduler.ts';

/**
 * Lets a bare scheduler decide who is in each step of a real engine, as the narrator's queue does. Another one
 * can follow when all of its jobs are over.
 */
export class SchedulerSteps implements StepSource {
  pauses = 0;
  #scheduler: Scheduler | null = null;
  #begin: (id: string) => void = () => undefined;
  readonly #begun = new Set<string>();
  readonly #listeners = new Set<() => void>();

  /** Another scheduler; `begin` is called once for each of its jobs, with its first permit. */
  follow(scheduler: Scheduler, begin: (id: string) => void): void {
    this.#scheduler = scheduler;
    this.#begin = begin;
    this.#begun.clear();
    this.pauses = 0;
  }

  add(job: Job): void {
    this.#scheduler?.add(job);
    this.#fill();
  }

  charge(id: string, cost: TokenCost): void {
    this.#scheduler?.charge(id, cost);
  }

  remove(id: string): void {
    this.#scheduler?.remove(id);
    this.#fill();
  }

  plan(): StepPlan {
    const scheduler = this.#scheduler;
    if (scheduler === null) return { run: [], paused: [] };
    const { granted, paused } = scheduler.schedule(true);
    this.pauses += paused.length;
    this.#beginAll(granted);
    return {
      run: scheduler.running().map(({ id, workClass }) => ({ turnId: id, workClass })),
      paused: scheduler.paused().map(({ id }) => id),
    };
  }

  lost(): void {
    throw new Error('the engine was lost: the figures would be of no use');
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An engine without turns does not ask for a plan: free permits are given away at once. */
  #fill(): void {
    this.#beginAll(this.#scheduler?.schedule(false).granted ?? []);
    for (const listener of this.#listeners) listener();
  }

  #beginAll(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#begun.has(id)) continue;
      this.#begun.add(id);
      this.#begin(id);
    }
  }
}
