import { refuse, type Refusal } from '../../sessions/errors.ts';
import type {
  Narrator,
  NarratorDesk,
  NarratorOutcome,
  NarratorPlace,
  NarratorStatus,
  NarratorTurn,
  StoryContext,
} from '../../sessions/ports.ts';

interface Asked {
  turn: NarratorTurn;
  desk: NarratorDesk;
  isRunning: boolean;
  isPaused: boolean;
}

/** A narrator that does what the test says: `begin`, `say`, `pause`, `finish`, `breakDown`. It keeps the port's promises. */
export class ScriptedNarrator implements Narrator {
  readonly asked: Asked[] = [];
  readonly stopped: string[] = [];
  private readonly listeners = new Set<() => void>();
  /** What `ask` answers next; null: accepted. */
  refusal: Refusal | null = null;
  /** What a waiting turn is told to wait, ms. */
  waitMs = 1_000;
  private told: Pick<NarratorStatus, 'status' | 'reason' | 'isShort'> = {
    status: 'ready',
    reason: null,
    isShort: false,
  };

  status(): NarratorStatus {
    return { model: 'scripted', isDemo: false, ...this.told };
  }

  ask(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal {
    if (this.refusal !== null) return this.refusal;
    // The desk of a known turn stays, as in the real narrator.
    if (!this.asked.some((entry) => entry.turn.turnId === turn.turnId))
      this.asked.push({ turn, desk, isRunning: false, isPaused: false });
    this.changed();
    return { ok: true };
  }

  stop(turnId: string): void {
    this.stopped.push(turnId);
    if (this.find(turnId) !== undefined) this.finish(turnId, 'stopped');
  }

  place(turnId: string): NarratorPlace | null {
    const entry = this.find(turnId);
    if (entry === undefined) return null;
    const { isPaused } = entry;
    if (entry.isRunning && !isPaused) return { position: 0, expectedWaitMs: 0, isPaused };
    const waiting = this.asked.filter((other) => !other.isRunning || other.isPaused);
    return { position: waiting.indexOf(entry) + 1, expectedWaitMs: this.waitMs, isPaused };
  }

  onChanged(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The turn gets its place on the engine. */
  begin(turnId: string): StoryContext | null {
    const entry = this.require(turnId);
    entry.isRunning = true;
    const context = entry.desk.start(turnId);
    if (context === null) this.drop(turnId);
    return context;
  }

  say(turnId: string, text: string): Promise<void> {
    return this.require(turnId).desk.write(turnId, text);
  }

  /** Lets others pass for a moment, or goes on. */
  pause(turnId: string, isPaused = true): void {
    this.require(turnId).isPaused = isPaused;
    this.changed();
  }

  /** Is in this state from now on. */
  become(told: Partial<Pick<NarratorStatus, 'status' | 'reason' | 'isShort'>>): void {
    this.told = { ...this.told, ...told };
    this.changed();
  }

  finish(turnId: string, finish: NarratorOutcome['finish'] = 'end'): void {
    const entry = this.require(turnId);
    this.drop(turnId);
    entry.desk.complete(turnId, {
      finish,
      model: 'scripted',
      inputTokens: 1,
      outputTokens: 1,
      droppedPassageIds: [],
      clippedTo: null,
      withheldSentences: 0,
      sight: null,
      promptHash: null,
      reusedTokens: 0,
      timing: { queueMs: 0, prefillMs: 0, decodeMs: 0, postMs: 0, totalMs: 0 },
    });
  }

  breakDown(turnId: string, refusal = refuse('NARRATOR_FAILED')): void {
    const entry = this.require(turnId);
    this.drop(turnId);
    entry.desk.fail(turnId, refusal);
  }

  /** Forgets all turns, as a killed process does. */
  forget(): void {
    this.asked.splice(0);
    this.listeners.clear();
  }

  private find(turnId: string): Asked | undefined {
    return this.asked.find((entry) => entry.turn.turnId === turnId);
  }

  private require(turnId: string): Asked {
    const entry = this.find(turnId);
    if (entry === undefined) throw new Error('The narrator does not know that turn.');
    return entry;
  }

  private drop(turnId: string): void {
    this.asked.splice(
      this.asked.findIndex((entry) => entry.turn.turnId === turnId),
      1,
    );
    this.changed();
  }

  /** Something happened in the queue, be it in sessions far away. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }
}
