import { Annotation, Facet, StateEffect } from '@codemirror/state';
import type * as Y from 'yjs';
import type { Awareness } from 'y-protocols/awareness';

/** What the editor of a draft must know beyond its text. Mutable: React puts new values in as they come. */
export interface DraftDesk {
  text: Y.Text;
  awareness: Awareness;
  you: string;
  authorOf: (clientId: number) => string;
  nameOf: (author: string) => string;
  colourOf: (author: string) => string;
  /** Whether this player may delete words of others here. */
  mayDeleteForeign: boolean;
  /** Shows a short polite sentence beside the editor. */
  hint: (text: string) => void;
  /** Ctrl+Enter. */
  finish: () => void;
  /** Left (-1) or Right (1) in an empty draft; true when it did something. */
  chooseAlternative: (step: -1 | 1) => boolean;
}

/** Carries the desk into CodeMirror extensions. */
export const draftDesk = Facet.define<DraftDesk, DraftDesk | null>({
  combine: (desks) => desks[0] ?? null,
});

/** Names, colours or authors have changed: marks are drawn anew. */
export const redraw = StateEffect.define<null>();

/** A change that the change guard has looked at already. */
export const guarded = Annotation.define<true>();
