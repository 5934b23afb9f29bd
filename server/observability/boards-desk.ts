import type { Registry } from 'prom-client';
import type { BoardData, BoardId, SloReport } from '../../sessions/ops-view.ts';
import type { Clock } from '../../sessions/ports.ts';
import { boardSelections } from './boards.ts';
import { boardData } from './boards-data.ts';
import { selectionsOf } from './expressions.ts';
import { MetricHistory } from './history.ts';
import { MetricSampler } from './history-sampler.ts';
import { SloKeeper, type SloStore } from './slo-keeper.ts';
import { AGREEMENTS, OBJECTIVES, valueExpression } from './slos.ts';

const PROMISES = [...OBJECTIVES, ...AGREEMENTS];

interface DeskParts {
  registry: Registry;
  store: SloStore;
  clock: Clock;
  /** Brings gauges up to date that are set when they are read. */
  refresh: () => void;
  /** Something could not be sampled or stored; it will be tried again. */
  onTrouble: (what: 'sample-failed' | 'objectives-not-stored', error: unknown) => void;
}

/** Boards, objectives and agreements, from what the metrics of this process say. */
export class BoardsDesk {
  readonly #history: MetricHistory;
  readonly #sampler: MetricSampler;
  readonly #keeper: SloKeeper;
  readonly #clock: Clock;
  #closing: Promise<void> | null = null;

  constructor({ registry, store, clock, refresh, onTrouble }: DeskParts) {
    this.#clock = clock;
    this.#history = new MetricHistory([
      ...boardSelections(),
      ...PROMISES.flatMap((each) => selectionsOf(valueExpression(each))),
    ]);
    this.#sampler = new MetricSampler({
      registry,
      history: this.#history,
      clock,
      refresh,
      onTrouble: (error) => onTrouble('sample-failed', error),
    });
    this.#keeper = new SloKeeper({
      history: this.#history,
      objectives: PROMISES,
      store,
      clock,
      onTrouble: (error) => onTrouble('objectives-not-stored', error),
    });
  }

  /** Goes on from what was counted before. Throws AppError STORAGE_UNAVAILABLE. */
  async start(): Promise<void> {
    await this.#keeper.start();
    await this.#sampler.start();
  }

  /** A board over the last minutes. */
  board(id: BoardId, minutes: number): BoardData {
    const at = this.#clock.now();
    return boardData(id, minutes, { history: this.#history, at, reports: this.objectives() });
  }

  objectives(): SloReport[] {
    return this.#keeper.report(OBJECTIVES);
  }

  agreements(): SloReport[] {
    return this.#keeper.report(AGREEMENTS);
  }

  /** Columns in memory and, about, their bytes. */
  get size(): { columns: number; bytes: number } {
    return this.#history.size;
  }

  /** Counts and stores the rest. To be called last but for the database. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#sampler.close();
    await this.#sampler.sample();
    await this.#keeper.close();
  }
}
