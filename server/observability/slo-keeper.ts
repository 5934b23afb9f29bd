import type { SloReport } from '../../sessions/ops-view.ts';
import type { Clock } from '../../sessions/ports.ts';
import { increase } from './expressions.ts';
import type { MetricHistory } from './history.ts';
import { evaluate, historySource, quantileOf, totalsSource, valueOf } from './history-values.ts';
import { budgetLeft, burnRate, statusOf } from './slo-status.ts';
import { objectivePromql, type Counts, type Objective } from './slos.ts';

/** What was counted in one hour. */
export interface SloRow {
  /** Id of the counts; of quantiles with the bound of a bucket behind an `@`. */
  slo: string;
  /** Hours since 1970, UTC. */
  hour: number;
  good: number;
  total: number;
}

/** Durable home of what objectives have counted. */
export interface SloStore {
  load(sinceHour: number): Promise<SloRow[]>;
  /** Adds to the rows of these hours, all of it or nothing. */
  add(rows: readonly SloRow[]): Promise<void>;
  forget(beforeHour: number): Promise<void>;
}

interface Tally {
  good: number;
  total: number;
}

interface KeeperParts {
  history: MetricHistory;
  objectives: readonly Objective[];
  store: SloStore;
  clock: Clock;
  /** What was counted could not be stored; it will be tried again. */
  onTrouble: (error: unknown) => void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STORE_EVERY_MS = 60_000;
/** Hours that are kept: the longest window, and one day more. */
const KEEP_HOURS = 31 * 24;
const BURN_WINDOWS = { '5m': 300_000, '1h': HOUR_MS, '6h': 6 * HOUR_MS } as const;

const add = (a: Tally, b: Tally): Tally => ({ good: a.good + b.good, total: a.total + b.total });
const NOTHING: Tally = { good: 0, total: 0 };

/**
 * Counts for objectives over 30 days, restarts included: hourly rows in the store, and what is not stored yet. A crash
 * loses the last minute of counting at most. Windows under a day are read from the history and begin anew with the
 * process.
 */
export class SloKeeper {
  readonly #parts: KeeperParts;
  readonly #counts: Map<string, Counts>;
  /** Stored, by counts and hour. */
  readonly #stored = new Map<string, Map<number, Tally>>();
  /** How much of what this process has counted is stored. */
  readonly #marks = new Map<string, Tally>();
  #cancel: (() => void) | null = null;
  #storing: Promise<void> | null = null;
  #forgotAt = 0;
  #isClosed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const counts = parts.objectives.flatMap((each) => (each.kind === 'quantile' ? [] : [each.counts]));
    this.#counts = new Map(counts.map((each) => [each.id, each]));
  }

  /** Reads what was counted before and goes on from there. Throws AppError STORAGE_UNAVAILABLE. */
  async start(): Promise<void> {
    for (const row of await this.#parts.store.load(this.#hour() - KEEP_HOURS)) this.#keep(row);
    this.#plan();
  }

  /** Stores what was counted since the last time. Never rejects. */
  flush(): Promise<void> {
    this.#storing ??= this.#write()
      .catch((error: unknown) => this.#parts.onTrouble(error))
      .finally(() => (this.#storing = null));
    return this.#storing;
  }

  /** Stores the rest. To be called after the last sample, while the database is open. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel?.();
    // A write under way may have begun before the last sample.
    await this.flush();
    await this.flush();
  }

  /** How objectives stand now, in the given order. */
  report(objectives: readonly Objective[]): SloReport[] {
    const counted = this.#counted();
    return objectives.map((objective) => this.#reportOn(objective, counted));
  }

  #reportOn(objective: Objective, counted: ReadonlyMap<string, Tally>): SloReport {
    const { id, title, good, total, windowDays, target, unit, kind } = objective;
    const { value, tally } = this.#measure(objective, counted);
    const events = Math.round(tally.total);
    const burn = (windowMs: number) =>
      kind === 'share' ? burnRate(target, this.#shareOver(objective.counts, windowMs)) : null;
    return {
      id,
      title,
      good,
      total,
      promql: objectivePromql(objective),
      windowDays,
      target,
      unit,
      goodCount: kind === 'share' ? Math.round(tally.good) : null,
      totalCount: events,
      value,
      budgetLeft: kind === 'share' ? budgetLeft(target, value) : null,
      burn: {
        '5m': burn(BURN_WINDOWS['5m']),
        '1h': burn(BURN_WINDOWS['1h']),
        '6h': burn(BURN_WINDOWS['6h']),
      },
      status: statusOf(objective, value, events),
    };
  }

  #measure(
    objective: Objective,
    counted: ReadonlyMap<string, Tally>,
  ): { value: number | null; tally: Tally } {
    if (objective.kind === 'quantile') {
      const buckets = this.#buckets(objective, counted);
      const total = buckets.get('+Inf') ?? 0;
      return { value: quantileOf(objective.q, buckets), tally: { good: 0, total } };
    }
    const tally = this.#tallyOf(objective, counted);
    const prior = objective.kind === 'mean' ? objective.prior : { value: 0, weight: 0 };
    const events = tally.total + prior.weight;
    const isMeasured = tally.total > 0;
    return { value: isMeasured ? (tally.good + prior.value * prior.weight) / events : null, tally };
  }

  #tallyOf(
    { counts, windowDays }: Extract<Objective, { counts: Counts }>,
    counted: ReadonlyMap<string, Tally>,
  ): Tally {
    if (windowDays >= 1) return this.#over(counts.id, windowDays, counted);
    return this.#recent(counts, windowDays * DAY_MS) ?? NOTHING;
  }

  /** Observations by bound over the window of a quantile. */
  #buckets({ id, windowDays }: Objective, counted: ReadonlyMap<string, Tally>): Map<string, number> {
    const prefix = `${id}@`;
    const names = [...new Set([...this.#stored.keys(), ...counted.keys()])];
    const bounds = names.filter((name) => name.startsWith(prefix));
    return new Map(
      bounds.map((name) => [name.slice(prefix.length), this.#over(name, windowDays, counted).good]),
    );
  }

  #shareOver(counts: Counts, windowMs: number): number | null {
    const tally = this.#recent(counts, windowMs);
    return tally === null || tally.total <= 0 ? null : tally.good / tally.total;
  }

  /** From the history of this process; null: too short for it, or not measured. */
  #recent({ good, total }: Counts, windowMs: number): Tally | null {
    const at = this.#parts.history.newestAt;
    if (at === null) return null;
    const source = historySource(this.#parts.history, { at, windowMs });
    const [goods, all] = [valueOf(good, source), valueOf(total, source)];
    return goods === null || all === null ? null : { good: goods, total: all };
  }

  /** Stored and not yet stored, over the last days. */
  #over(slo: string, days: number, counted: ReadonlyMap<string, Tally>): Tally {
    const from = this.#hour() - days * 24;
    let sum = this.#unsaved(slo, counted);
    for (const [hour, tally] of this.#stored.get(slo) ?? []) if (hour > from) sum = add(sum, tally);
    return sum;
  }

  #unsaved(slo: string, counted: ReadonlyMap<string, Tally>): Tally {
    const now = counted.get(slo) ?? NOTHING;
    const mark = this.#marks.get(slo) ?? NOTHING;
    return { good: now.good - mark.good, total: now.total - mark.total };
  }

  /** All that this process has counted. */
  #counted(): Map<string, Tally> {
    const { history, objectives } = this.#parts;
    const source = totalsSource(history);
    const counted = new Map<string, Tally>();
    for (const { id, good, total } of this.#counts.values())
      counted.set(id, { good: valueOf(good, source) ?? 0, total: valueOf(total, source) ?? 0 });
    for (const each of objectives) {
      if (each.kind !== 'quantile') continue;
      const buckets = increase(`${each.histogram}_bucket`, { match: each.match, by: 'le' });
      const byBound = evaluate(buckets, source);
      const total = byBound.get('+Inf') ?? 0;
      for (const [bound, good] of byBound) counted.set(`${each.id}@${bound}`, { good: good ?? 0, total });
    }
    return counted;
  }

  async #write(): Promise<void> {
    const { store } = this.#parts;
    const counted = this.#counted();
    const hour = this.#hour();
    const rows = [...counted.keys()]
      .map((slo) => ({ slo, hour, ...this.#unsaved(slo, counted) }))
      .filter(({ good, total }) => good !== 0 || total !== 0);
    if (rows.length > 0) await store.add(rows);
    for (const row of rows) {
      this.#keep(row);
      const { good, total } = counted.get(row.slo) ?? NOTHING;
      this.#marks.set(row.slo, { good, total });
    }
    if (this.#forgotAt === hour) return;
    await store.forget(hour - KEEP_HOURS);
    for (const hours of this.#stored.values())
      for (const old of hours.keys()) if (old < hour - KEEP_HOURS) hours.delete(old);
    this.#forgotAt = hour;
  }

  #keep({ slo, hour, good, total }: SloRow): void {
    const hours = this.#stored.get(slo) ?? new Map<number, Tally>();
    this.#stored.set(slo, hours);
    hours.set(hour, add(hours.get(hour) ?? NOTHING, { good, total }));
  }

  #hour(): number {
    return Math.floor(this.#parts.clock.now() / HOUR_MS);
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#parts.clock.after(STORE_EVERY_MS, () => {
      void this.flush().then(() => this.#plan());
    });
  }
}
