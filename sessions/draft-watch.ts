import type * as Y from 'yjs';
import type { SessionKernel } from './kernel.ts';
import { draftDocument } from './kernel.ts';
import { changeOf } from './edited-spans.ts';
import { OUTCOMES, type Verdict } from './moderator.ts';
import type { TextScreen } from './text-screen.ts';
import { standingOf, withText } from './standing.ts';
import { entryOf, type Draft } from './state.ts';
import { DRAFT_TEXT } from './story-shape.ts';
import type { Notice } from './view.ts';

/** Text around a change that is looked at with it. */
const WINDOW = 400;
/** How far from a change a forbidden word may reach, spaced out or not. */
const WORD = 48;
/** A look takes in this much; longer changes are looked at in parts that overlap. */
const PART = 1_800;
const OVERLAP = 200;
/** A word that is being typed is looked at when it ends, or after this long, ms. */
const WORD_MS = 400;
/** So many characters at once are more than a part of a word. */
const PASTED = 8;
/** A shielded draft is looked at again, whole, once nobody has typed for this long, ms. */
const REST_MS = 1_500;
/** The same hint is not given again within this time, ms. */
const HINT_AGAIN_MS = 10_000;

/** Part of a draft that has changed since the last look. */
interface Changed {
  from: number;
  to: number;
  playerId: string;
  /** There is something whole to look at. */
  isDue: boolean;
}

/**
 * Watches drafts while people type (H6): words that nobody may see go before anybody does; a draft that would not
 * pass as it stands is kept from other eyes with the batch that ended the word, and opened again when it would.
 */
export class DraftWatch {
  private readonly kernel: SessionKernel;
  private readonly screen: TextScreen;
  private readonly tell: (playerId: string, notice: Notice) => void;
  private readonly texts = new WeakMap<Y.Doc, string>();
  private readonly changed = new Map<string, Changed>();
  private readonly hinted = new Map<string, number>();
  private readonly rests = new Map<string, () => void>();
  private readonly words = new Map<string, () => void>();

  constructor(kernel: SessionKernel, screen: TextScreen, tell: (playerId: string, notice: Notice) => void) {
    this.kernel = kernel;
    this.screen = screen;
    this.tell = tell;
    // What was kept when the session left memory is looked at again.
    for (const { id, isShielded } of Object.values(kernel.state.drafts)) if (isShielded) this.lookAgain(id);
  }

  /**
   * Called inside the transaction in which an update was applied. Takes words that nobody may see out of the
   * draft again, before the update is told to anybody; true when there were any.
   */
  strike(draft: Draft, doc: Y.Doc, playerId: string): boolean {
    const text = doc.getText(DRAFT_TEXT);
    // Y.Text tells its text by toString, which its types do not say.
    const read = () => text.toJSON();
    const now = read();
    const change = changeOf(this.texts.get(doc) ?? '', now);
    const from = Math.max(0, change.from - WORD);
    const spans = this.screen.banned(now.slice(from, change.to + WORD));
    for (const span of [...spans].reverse()) text.delete(from + span.start, span.end - span.start);
    this.texts.set(doc, spans.length === 0 ? now : read());
    const isDue = isWhole(now.slice(change.from, change.to));
    this.note(draft.id, { ...change, playerId, isDue });
    if (spans.length === 0) return false;
    const standing = withText(standingOf(this.kernel.state, playerId), true, this.kernel.clock.now());
    this.kernel.record({ type: 'standing-changed', playerId, standing }, null);
    this.tell(playerId, {
      kind: 'words-removed',
      text: 'A word that no table here allows was taken out of your draft before anybody saw it.',
    });
    return true;
  }

  private note(draftId: string, change: Changed): void {
    const known = this.changed.get(draftId);
    this.changed.set(draftId, {
      from: Math.min(known?.from ?? Infinity, change.from),
      to: Math.max(known?.to ?? 0, change.to),
      playerId: change.playerId,
      isDue: change.isDue || known?.isDue === true,
    });
    if (known === undefined && !change.isDue) this.lookSoon(draftId);
  }

  private lookSoon(draftId: string): void {
    this.words.get(draftId)?.();
    const cancel = this.kernel.clock.after(WORD_MS, () => {
      this.words.delete(draftId);
      const change = this.changed.get(draftId);
      if (change === undefined) return;
      change.isDue = true;
      this.kernel.journal.wake();
    });
    this.words.set(draftId, cancel);
  }

  /** Looks at what has changed since the last batch. Call before the batch is closed. */
  beforeFlush(): void {
    for (const [draftId, change] of this.changed) {
      if (!change.isDue) continue;
      this.changed.delete(draftId);
      const draft = entryOf(this.kernel.state.drafts, draftId);
      if (draft !== undefined) this.look(draft, change);
    }
  }

  private textOf(draftId: string): string {
    return this.kernel.documents.get(draftDocument(draftId))?.doc.getText(DRAFT_TEXT).toJSON() ?? '';
  }

  private look(draft: Draft, { from, to, playerId }: Changed): void {
    const text = this.textOf(draft.id).slice(Math.max(0, from - WINDOW), to + WINDOW);
    const verdict = this.lookAt(text, playerId);
    if (draft.isShielded) this.lookAgain(draft.id);
    if (verdict.action === 'allow' || verdict.action === 'warn') return;
    // A flood hurts nobody who looks on, and the narrator does not read drafts.
    const isHarmless = verdict.harm === 'spam' || verdict.harm === 'injection';
    const isStopped = !isHarmless && (verdict.action === 'hold' || verdict.action === 'block');
    const isOwn = Object.values(draft.clients).every((owner) => owner === draft.openedBy);
    const isShared = draft.visibility === 'live' && !draft.isShielded;
    if (isStopped && isOwn && isShared) {
      this.kernel.record({ type: 'draft-shielded', draftId: draft.id, isShielded: true }, null);
      this.lookAgain(draft.id);
    }
    this.hint(draft.id, playerId, verdict.reason);
  }

  /** The hardest of what is found in a text of any length. */
  private lookAt(text: string, author: string): Verdict {
    let hardest = this.screen.look({ text: text.slice(0, PART), channel: 'draft', author });
    for (let from = PART - OVERLAP; from + OVERLAP < text.length; from += PART - OVERLAP) {
      const verdict = this.screen.look({ text: text.slice(from, from + PART), channel: 'draft', author });
      if (OUTCOMES.indexOf(verdict.outcome) > OUTCOMES.indexOf(hardest.outcome)) hardest = verdict;
    }
    return hardest;
  }

  private hint(draftId: string, playerId: string, reason: string): void {
    const key = `${draftId} ${playerId} ${reason}`;
    const now = this.kernel.clock.now();
    if (reason === '' || now - (this.hinted.get(key) ?? -Infinity) < HINT_AGAIN_MS) return;
    this.hinted.set(key, now);
    this.tell(playerId, { kind: 'text-hint', text: reason });
  }

  /** Once the typing rests: whether the whole draft would pass now. */
  private lookAgain(draftId: string): void {
    this.rests.get(draftId)?.();
    const cancel = this.kernel.clock.after(REST_MS, () => {
      this.rests.delete(draftId);
      const draft = entryOf(this.kernel.state.drafts, draftId);
      if (draft?.isShielded !== true || draft.isCarded) return;
      const { action } = this.lookAt(this.textOf(draftId), draft.openedBy);
      if (action === 'hold' || action === 'block') return;
      this.kernel.record({ type: 'draft-shielded', draftId, isShielded: false }, null);
    });
    this.rests.set(draftId, cancel);
  }

  /** A draft is gone. */
  forget(draftId: string): void {
    this.changed.delete(draftId);
    for (const timers of [this.rests, this.words]) {
      timers.get(draftId)?.();
      timers.delete(draftId);
    }
    for (const key of this.hinted.keys()) if (key.startsWith(`${draftId} `)) this.hinted.delete(key);
  }

  /** Stops all timers. */
  close(): void {
    for (const timers of [this.rests, this.words]) {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    }
  }
}

/** Whether a change is more than a part of a word: it deletes, ends one, or brings many letters at once. */
function isWhole(inserted: string): boolean {
  return inserted === '' || inserted.length >= PASTED || /[^\p{L}\p{N}]/u.test(inserted);
}
