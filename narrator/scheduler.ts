import type { TokenCost, WorkClass } from '../sessions/ports.ts';

/** A piece of work for the engine and who it is for, from the widest to the narrowest. */
export interface Job {
  /** Unique among the jobs of a scheduler. */
  id: string;
  workClass: WorkClass;
  tenantId: string;
  sessionId: string;
  playerId: string;
  /** Tokens of its prompt where they are known beforehand; only plain VTC looks at them. */
  promptTokens?: number;
}

/** What `schedule` did. */
export interface Changes {
  /** Jobs that got a permit, in order. */
  granted: string[];
  /** Jobs that lost theirs and wait again, in order. */
  paused: string[];
}

/**
 * Decides which jobs may be in the engine's next step. A job waits, or holds one of `permits` permits. Pure:
 * same calls (and clock), same decisions. Unknown ids are ignored everywhere.
 */
export interface Scheduler {
  /** Takes a job in; it waits. A known id changes nothing. */
  add(job: Job): void;
  /** Takes a job out, wherever it stands: it is done, or nobody wants it any more. */
  remove(id: string): void;
  /** Takes the permit of a running job; it goes back in front of its line. */
  putBack(id: string): void;
  /**
   * Before each step: gives free permits away and, with `mayPause`, takes permits of jobs that had more than
   * their share for jobs that had less.
   */
  schedule(mayPause: boolean): Changes;
  /** What a step has done for a job that ran. */
  charge(id: string, cost: TokenCost): void;
  /** Jobs with a permit, those whose prompt comes first in front. */
  running(): Job[];
  /** Jobs without one, by arrival. */
  waiting(): Job[];
  /** Jobs among the waiting ones that have run before, the one with the least right to memory first. */
  paused(): Job[];
  /** Permits from now on; `resident`: of how many jobs the engine keeps what it has evaluated, where that changes. */
  setPermits(permits: number, resident?: number): void;
  /** An independent copy, to play the future through. */
  clone(): Scheduler;
  /** How unequally those who wait have been served, and the most that a sound scheduler lets happen; cost units. */
  spread(): { units: number; bound: number };
}

/** Cost units of a prompt token and of a sampled one (VTC, Sheng et al., OSDI 2024: 1 and 2). */
export const COST = { input: 1, output: 2 } as const;

/** Cost units of some tokens. */
export function costUnits({ inputTokens, outputTokens }: TokenCost): number {
  return COST.input * inputTokens + COST.output * outputTokens;
}
