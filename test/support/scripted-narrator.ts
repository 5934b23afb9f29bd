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
}

/** A narrator that does what the test says: `begin`, `say`, `finish`, `breakDown`. It keeps the port's promises. */
export class ScriptedNarrator implements Narrator {
  readonly asked: Asked[] = [];
  readonly stopped: string[] = [];
  private readonly listeners = new Set<() => void>();
  /** What `ask` answers next; null: accepted. */
  refusal: Refusal | null = null;

  status(): NarratorStatus {
    return { status: 'ready', reason: null, model: 'scripted', isDemo: false, isShort: false };
  }

  ask(turn: NarratorTurn, desk: NarratorDesk): { ok: true } | Refusal {
    if (this.refusal !== null) return this.refusal;
    // The desk of a known turn stays, as in the real narrator.
    if (!this.asked.some((entry) => entry.turn.turnId === turn.turnId))
      this.asked.push({ turn, desk, isRunning: false });
    this.changed();
    return { ok: true };
  }

  stop(turnId: string): void {
    this.stopped.push(turnId);
    if (this.find(turnId) !== undefined) this.finish(turnId, 'stopped');
  }

  place(turnId: string): NarratorPlace | null {
    const index = this.asked.findIndex((entry) => entry.turn.turnId === turnId);
    return index < 0 ? null : { position: index + 1, expectedWaitMs: 1_000, isPaused: false };
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
    });
  }

  breakDown(turnId: string): void {
    const entry = this.require(turnId);
    this.drop(turnId);
    entry.desk.fail(turnId, refuse('NARRATOR_FAILED'));
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

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
