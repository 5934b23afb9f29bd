import { whyOf } from './text-gate.ts';
import { newHold } from './commands/safety.ts';
import type { SessionKernel } from './kernel.ts';
import { OUTCOMES, type Verdict } from './moderator.ts';
import type { Hold } from './safety-state.ts';
import type { NarratorTurnState } from './state.ts';
import { NARRATOR } from './story-shape.ts';
import type { TextScreen } from './text-screen.ts';

/** What is known of one narrator turn beside the state; lost with the process, and the turn with it starts anew. */
interface TurnNotes {
  /** Text that is not shown as the scene has it (Assist, Copilot), or was refused the second time. */
  kept: string;
  /** The hardest verdict about it. */
  worst: Verdict | null;
  refusals: number;
  guidance: string | null;
  isSilenced: boolean;
}

/** What becomes of a piece of narrator text. */
export type PieceFate =
  { kind: 'show'; text: string } | { kind: 'keep' } | { kind: 'unsafe' } | { kind: 'drop' };

const AVOID =
  'Your last try was not fit for this table and was taken back. Go on in another, harmless way, without what it was about.';

/** Screens what the narrator writes, piece by piece, before anybody sees it (H8). */
export class NarratorScreen {
  private readonly kernel: SessionKernel;
  private readonly screen: TextScreen;
  private readonly notes = new Map<string, TurnNotes>();

  constructor(kernel: SessionKernel, screen: TextScreen) {
    this.kernel = kernel;
    this.screen = screen;
  }

  private of(turnId: string): TurnNotes {
    const notes = this.notes.get(turnId) ?? {
      kept: '',
      worst: null,
      refusals: 0,
      guidance: null,
      isSilenced: false,
    };
    this.notes.set(turnId, notes);
    return notes;
  }

  /** A try begins: what the narrator is told beside the story. What game masters said counts for one turn. */
  guidanceFor(turnId: string): string | null {
    const notes = this.of(turnId);
    const { guidance } = this.kernel.state.safety;
    if (guidance !== null) {
      notes.guidance = guidance;
      this.kernel.record({ type: 'guidance-given', guidance: null }, null);
    }
    notes.kept = '';
    notes.worst = null;
    const parts = [notes.guidance, notes.refusals > 0 ? AVOID : null].filter((part) => part !== null);
    return parts.length === 0 ? null : parts.join(' ');
  }

  /** S1: nothing more of this turn reaches anybody. */
  silence(turnId: string): void {
    this.of(turnId).isSilenced = true;
  }

  /** The turn is over. */
  forget(turnId: string): void {
    this.notes.delete(turnId);
  }

  /** Judges the next piece of a passage of which `before` is shown. */
  async judge(turn: NarratorTurnState, piece: string, before: string): Promise<PieceFate> {
    const notes = this.of(turn.turnId);
    if (notes.isSilenced) return { kind: 'drop' };
    const verdict = await this.screen.screen({
      text: piece,
      channel: 'narrator',
      author: NARRATOR,
      passageId: turn.passageId,
      before: before + notes.kept,
    });
    if (notes.isSilenced) return { kind: 'drop' };
    return this.fate(notes, piece, verdict);
  }

  private fate(notes: TurnNotes, piece: string, verdict: Verdict): PieceFate {
    // In Assist and Copilot a person reads it first; what follows on kept text is kept, whatever the mode is now.
    const isRead = this.kernel.state.safety.narratorMode !== 'ai' || notes.kept !== '';
    const isStopped = verdict.action === 'hold' || verdict.action === 'block';
    const isRefused = isRead ? verdict.outcome === 'block_escalate' : isStopped;
    const rank = (one: Verdict | null) => (one === null ? -1 : OUTCOMES.indexOf(one.outcome));
    if (isRefused) {
      notes.refusals += 1;
      // What no table may allow is kept for nobody.
      const isKept = notes.refusals > 1 && verdict.outcome !== 'block_escalate';
      if (isKept) Object.assign(notes, { kept: notes.kept + piece, worst: verdict });
      return { kind: 'unsafe' };
    }
    const { text } = verdict;
    if (!isRead) return { kind: 'show', text };
    notes.kept += text;
    if (rank(verdict) > rank(notes.worst)) notes.worst = verdict;
    return { kind: 'keep' };
  }

  /** What is to wait for a game master now that the turn is over; null: nothing. */
  heldOf(turn: NarratorTurnState): Hold | null {
    const notes = this.of(turn.turnId);
    const text = notes.kept.trim();
    if (text === '' || notes.isSilenced) return null;
    const isWhisper = this.kernel.state.safety.narratorMode === 'copilot' && turn.passageId === null;
    return newHold({
      id: this.kernel.newId(),
      kind: isWhisper ? 'whisper' : 'narrator',
      by: NARRATOR,
      at: this.kernel.clock.now(),
      channel: 'narrator',
      passageId: turn.passageId,
      isReplacement: turn.passageId !== null,
      turnId: turn.turnId,
      castId: turn.castId,
      direction: turn.direction,
      texts: [
        {
          alternativeId: turn.alternativeId ?? this.kernel.newId(),
          spans: [{ author: NARRATOR, text }],
        },
      ],
      why: notes.worst === null || notes.worst.outcome === 'allow' ? null : whyOf(notes.worst),
    });
  }
}
