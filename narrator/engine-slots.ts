import type { LoadedModel } from './engine-load.ts';
import type { EngineStep, EngineStepped, EngineTurnReport, EngineWork } from './engine-protocol.ts';
import { EngineSequences } from './engine-sequences.ts';
import type { Seat } from './engine-sequences.ts';
import { EngineTurn } from './engine-turn.ts';
import { divideBudget, StepChunk } from './step-budget.ts';
import type { ChunkBounds } from './step-budget.ts';

/** How steps are made. */
export interface SlotsOptions {
  /** Most turns in one step. */
  parallel: number;
  chunk: ChunkBounds;
}

/** A turn that has a place in memory in this step. */
interface Seated {
  turn: EngineTurn;
  seat: Seat;
  isUrgent: boolean;
  budget: number;
  report: EngineTurnReport;
}

function emptyReport(id: string): EngineTurnReport {
  return { id, text: '', inputTokens: 0, outputTokens: 0, promptLeft: 0 };
}

/**
 * The open turns of the child. A step takes those it is told to, one token or one part of the prompt of each,
 * all in one native batch. Others keep their place in memory until somebody needs it.
 */
export class EngineSlots {
  readonly #loaded: LoadedModel;
  readonly #parallel: number;
  readonly #chunk: StepChunk;
  readonly #sequences: EngineSequences;
  readonly #open = new Map<string, EngineTurn>();
  readonly #seats = new Map<string, Seat>();
  /** Turns that could not be opened, with the reason. */
  readonly #refused = new Map<string, string>();
  #isStepping = false;

  constructor(loaded: LoadedModel, options: SlotsOptions) {
    this.#loaded = loaded;
    this.#parallel = options.parallel;
    this.#chunk = new StepChunk(options.chunk);
    this.#sequences = new EngineSequences(loaded);
  }

  /** Takes a turn in; `ended` tells when it cannot be. */
  open(work: EngineWork): void {
    try {
      this.#open.set(work.id, new EngineTurn(work, this.#loaded));
    } catch (error) {
      this.#refused.set(work.id, String(error));
    }
  }

  /** Gives a turn up: it ends with the step that runs, or at once (see `ended`). Unknown ids are ignored. */
  close(id: string): void {
    const turn = this.#open.get(id);
    if (turn !== undefined) turn.isClosed = true;
  }

  /** Turns that ended outside of a step; none while one runs, its report tells them. */
  ended(): EngineTurnReport[] {
    return this.#isStepping ? [] : this.#collectEnded(new Map());
  }

  /** Tokens of each text as it would stand in a prompt: user text is never read as control tokens. */
  count(texts: readonly string[]): number[] {
    return texts.map((text) => this.#loaded.model.tokenize(text, false).length);
  }

  /** One step. Faults of one turn end that turn only. Rejects when a step already runs. */
  async step(order: EngineStep): Promise<EngineStepped> {
    if (this.#isStepping) throw new Error('a step was ordered within a step');
    this.#isStepping = true;
    const began = performance.now();
    try {
      const reports = new Map<string, EngineTurnReport>();
      const chunk = this.#chunk.size;
      const { seated, evicted } = await this.#seat(order, reports);
      const moving = this.#admit(seated, chunk);
      await this.#move(moving);
      for (const each of seated) this.#settle(each);
      const ms = performance.now() - began;
      this.#chunk.learn(
        ms,
        moving.reduce((sum, { budget }) => sum + budget, 0),
      );
      this.#collectEnded(reports);
      return {
        type: 'stepped',
        ms: Math.round(ms * 100) / 100,
        width: moving.length,
        chunk,
        evicted,
        residentTokens: this.#sequences.usedTokens,
        residentCapacity: this.#sequences.capacity,
        turns: [...reports.values()],
      };
    } finally {
      this.#isStepping = false;
    }
  }

  /** Gives the first turns of the order their places; those beyond count as paused. */
  async #seat(
    order: EngineStep,
    reports: Map<string, EngineTurnReport>,
  ): Promise<{ seated: Seated[]; evicted: number }> {
    const wanted = order.run.filter(({ id }) => this.#open.has(id)).slice(0, this.#parallel);
    const evictable = this.#evictable(order, new Set(wanted.map(({ id }) => id)));
    const seated: Seated[] = [];
    let evicted = 0;
    for (const { id, isUrgent } of wanted) {
      const turn = this.#open.get(id);
      if (turn === undefined) continue;
      const report = emptyReport(id);
      try {
        evicted += await this.#seatOne(turn, evictable, report);
        const seat = this.#seats.get(id);
        if (seat === undefined) continue;
        reports.set(id, report);
        seated.push({ turn, seat, isUrgent, budget: 0, report });
      } catch (error) {
        this.#end(id);
        reports.set(id, { ...report, failed: String(error) });
      }
    }
    return { seated, evicted };
  }

  async #seatOne(turn: EngineTurn, evictable: string[], report: EngineTurnReport): Promise<number> {
    const { id, story } = turn.work;
    if (this.#seats.has(id)) return 0;
    const seating = await this.#sequences.take({ id, story, tokens: turn.tokens, evictable });
    if (seating === null) return 0;
    const { seat, reusedTokens, hasEvicted, lostId } = seating;
    if (lostId !== null) this.#seats.delete(lostId);
    this.#seats.set(id, seat);
    if (turn.reusedTokens === null) {
      turn.reusedTokens = reusedTokens;
      report.opened = { promptTokens: turn.promptTokens, reusedTokens };
    }
    return hasEvicted ? 1 : 0;
  }

  /** Paused turns in the order of the parent, then open ones it did not name. */
  #evictable(order: EngineStep, running: ReadonlySet<string>): string[] {
    const ids = new Set([...order.paused, ...this.#seats.keys()]);
    return [...ids].filter((id) => !running.has(id));
  }

  /** The turns that take part: those that sample, and those whose prompt got a part of the chunk. */
  #admit(seated: readonly Seated[], chunk: number): Seated[] {
    const turns = seated.map(({ turn, seat, isUrgent }) => ({
      promptLeft: turn.leftIn(seat.sequence),
      isUrgent,
    }));
    const budgets = divideBudget(turns, chunk);
    return seated.filter((each, at) => {
      each.budget = budgets[at] ?? 0;
      return each.budget > 0 || each.turn.leftIn(each.seat.sequence) <= 1;
    });
  }

  /** All in one batch; a turn that broke one steps by itself, so that it cannot break the others' twice. */
  async #move(moving: readonly Seated[]): Promise<void> {
    const suspects = moving.filter(({ turn }) => turn.isSuspect);
    const healthy = moving.filter(({ turn }) => !turn.isSuspect);
    // In the order of memory: neighbours that come one after the other are evaluated together.
    healthy.sort((a, b) => a.seat.index - b.seat.index);
    await Promise.all(healthy.map((each) => this.#moveOne(each)));
    for (const each of suspects) await this.#moveOne(each);
  }

  async #moveOne({ turn, seat, budget, report }: Seated): Promise<void> {
    try {
      const { text, finish } = await turn.step(seat.sequence, budget);
      turn.isSuspect = false;
      report.text = text;
      if (finish !== null) report.done = turn.done(finish);
    } catch (error) {
      turn.faults += 1;
      turn.isSuspect = true;
      if (turn.faults > 1) report.failed = String(error);
    }
  }

  #settle({ turn, seat, report }: Seated): void {
    Object.assign(report, this.#sequences.charge(turn.work.id));
    report.promptLeft = Math.max(0, turn.leftIn(seat.sequence) - 1);
    if (report.done !== undefined || report.failed !== undefined) this.#end(turn.work.id);
  }

  /** Ends closed and refused turns; their reports are added to those there are. */
  #collectEnded(reports: Map<string, EngineTurnReport>): EngineTurnReport[] {
    for (const [id, failed] of this.#refused) reports.set(id, { ...emptyReport(id), failed });
    this.#refused.clear();
    for (const [id, turn] of this.#open) {
      if (!turn.isClosed) continue;
      const report = reports.get(id) ?? emptyReport(id);
      reports.set(id, { ...report, text: report.text + turn.flush(), done: turn.done('stopped') });
      this.#end(id);
    }
    return [...reports.values()];
  }

  #end(id: string): void {
    this.#open.delete(id);
    this.#seats.delete(id);
    this.#sequences.release(id);
  }
}
