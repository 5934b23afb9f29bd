import type { TokenCost } from '../sessions/ports.ts';
import * as choice from './fair-choice.ts';
import * as flows from './fair-flows.ts';
import { MICRO } from './fair-flows.ts';
import type { Entry, Flow } from './fair-flows.ts';
import { FairTree } from './fair-tree.ts';
import type { FairQueueOptions } from './fair-tree.ts';
import type { Changes, Job, Scheduler } from './scheduler.ts';

export type { FairQueueOptions } from './fair-tree.ts';

/**
 * The fair queue: a hierarchical, weighted Virtual Token Counter with preemption at every step. It extends VTC
 * (Sheng et al., Fairness in Serving Large Language Models, OSDI 2024) by a tree class > tenant > session >
 * player, charges on execution, credit and debt limits on entry, and pauses; ADR 0010 has the rules and the
 * bound. Classes are strict, with a floor of 5 %. A begun job goes on before others of its session. Pure apart
 * from `clock.now`; nothing throws.
 */
export class FairQueue implements Scheduler {
  readonly #options: FairQueueOptions;
  readonly #tree: FairTree;
  #moves: Changes = { granted: [], paused: [] };

  constructor(options: FairQueueOptions, tree = new FairTree(options)) {
    this.#options = options;
    this.#tree = tree;
  }

  add(job: Job): void {
    this.#tree.add(job);
  }

  remove(id: string): void {
    this.#tree.remove(id);
  }

  putBack(id: string): void {
    const entry = this.#tree.entry(id);
    if (entry?.isRunning === true) this.#tree.pause(entry);
  }

  schedule(mayPause: boolean): Changes {
    const moves: Changes = { granted: [], paused: [] };
    this.#moves = moves;
    const owed = this.#tree.owedClass();
    if (mayPause) this.#shrink(owed, moves);
    this.#fill(owed, moves);
    if (mayPause) this.#yieldClasses(owed, moves);
    if (mayPause) this.#yieldFlows(moves);
    // Of those that had the engine for themselves one may be paused, cut down to its debt limit and be next.
    const paused = moves.paused.filter((id) => !moves.granted.includes(id));
    return { paused, granted: moves.granted.filter((id) => !moves.paused.includes(id)) };
  }

  charge(id: string, cost: TokenCost): void {
    this.#tree.charge(id, cost);
  }

  running(): Job[] {
    return this.#tree
      .running()
      .sort(choice.compareRight)
      .map((entry) => entry.job);
  }

  waiting(): Job[] {
    const waiting = this.#tree.entries().filter((entry) => !entry.isRunning);
    return waiting.sort((a, b) => a.seq - b.seq).map((entry) => entry.job);
  }

  paused(): Job[] {
    const paused = this.#tree.begun().filter((entry) => !entry.isRunning);
    return paused.sort((a, b) => choice.compareRight(b, a)).map((entry) => entry.job);
  }

  setPermits(permits: number, resident?: number): void {
    this.#tree.setPermits(permits, resident);
  }

  clone(): FairQueue {
    return new FairQueue(this.#options, this.#tree.copy());
  }

  spread(): { units: number; bound: number } {
    return this.#tree.spread();
  }

  /**
   * For tests and for finding faults: all flows as they stand, parents first, and every move of the last
   * `schedule`, also those that cancelled each other out.
   */
  inspect(): { flows: flows.FlowFigures[]; moves: Changes } {
    return { flows: flows.figuresBelow(this.#tree.root), moves: this.#moves };
  }

  get #classes(): Flow[] {
    return choice.classesOf(this.#tree.root);
  }

  #grant(entry: Entry, changes: Changes): void {
    this.#tree.grant(entry);
    changes.granted.push(entry.job.id);
  }

  /** Takes the permit of `from` and gives it to whoever is next below `within`. */
  #swap(from: Entry, within: Flow, changes: Changes): void {
    this.#tree.pause(from);
    changes.paused.push(from.job.id);
    const next = choice.pick(within);
    if (next !== null) this.#grant(next, changes);
  }

  /** Permits that are no more: whoever has the least right to one loses it, but for one of the owed class. */
  #shrink(owed: Flow | null, changes: Changes): void {
    const { root, permits } = this.#tree;
    while (root.running > permits) {
      const mayYield = this.#classes.filter((flow) => flow.running > (flow === owed ? 1 : 0));
      const last = choice.leastRight(this.#tree.running(), mayYield.at(-1) ?? root);
      if (last === null) return;
      this.#tree.pause(last);
      changes.paused.push(last.job.id);
    }
  }

  #fill(owed: Flow | null, changes: Changes): void {
    while (this.#tree.root.running < this.#tree.permits) {
      const isOwed = owed !== null && owed.isWaiting && owed.running === 0;
      const ofClass = isOwed ? owed : this.#classes.find((flow) => flow.isWaiting);
      const entry = ofClass === undefined ? null : choice.pick(ofClass);
      if (entry === null) return;
      this.#grant(entry, changes);
    }
  }

  /** Lower classes yield to higher ones at once, but for one permit of a class that is below its floor. */
  #yieldClasses(owed: Flow | null, changes: Changes): void {
    // Where memory is short the floor waits for a free permit: a prompt evaluated for every 5 % would never end.
    if (owed !== null && owed.isWaiting && owed.running === 0 && !this.#tree.isTight()) {
      const giver = choice.lowestRunning(this.#tree.root, owed);
      const yielding = giver === null ? null : choice.leastRight(this.#tree.running(), giver);
      if (yielding !== null) this.#swap(yielding, owed, changes);
    }
    for (;;) {
      const first = this.#classes.find((flow) => flow.isWaiting);
      if (first === undefined) return;
      const lower = this.#classes.slice(this.#classes.indexOf(first) + 1);
      const giver = lower.reverse().find((flow) => flow.running > (flow === owed ? 1 : 0));
      const yielding = giver === undefined ? null : choice.leastRight(this.#tree.running(), giver);
      if (yielding === null) return;
      this.#swap(yielding, first, changes);
    }
  }

  /**
   * Within a class: no running flow stays further ahead of a waiting sibling than H. Nobody yields who was given
   * the permit just now, so this ends.
   */
  #yieldFlows(changes: Changes): void {
    for (;;) {
      const running = this.#tree.running();
      const ahead = choice.furthestAhead(running, this.#tree.headUnits() * MICRO);
      const yielding = ahead === null ? null : choice.leastRight(running, ahead);
      if (yielding === null || changes.granted.includes(yielding.job.id)) return;
      this.#swap(yielding, ahead?.parent ?? this.#tree.root, changes);
    }
  }
}
