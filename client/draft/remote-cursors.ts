import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import type { Range } from '@codemirror/state';
import * as Y from 'yjs';
import { draftDesk, redraw, type DraftDesk } from './draft-desk.ts';

// y-codemirror.next draws cursors with style attributes, which the content security policy forbids; these are
// drawn with class names. The awareness field `cursor` is the same, so other Yjs editors see them too.

interface CursorField {
  anchor: unknown;
  head: unknown;
}

class CaretWidget extends WidgetType {
  readonly name: string;
  readonly colour: string;
  readonly at: number;

  constructor(name: string, colour: string, at: number) {
    super();
    this.name = name;
    this.colour = colour;
    this.at = at;
  }

  override eq(other: CaretWidget): boolean {
    // A caret that moved is a new one: its name shows again for a while.
    return other.name === this.name && other.colour === this.colour && other.at === this.at;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `caret ${this.colour}`;
    caret.setAttribute('aria-hidden', 'true');
    const label = document.createElement('span');
    label.className = 'caret-name';
    label.textContent = this.name;
    caret.append(label);
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** Draws the cursors and selections of others, and tells them where this player's cursor is. */
export const remoteCursors = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet = Decoration.none;
    readonly #desk: DraftDesk | null;
    readonly #onChange: (change: { added: number[]; updated: number[]; removed: number[] }) => void;

    constructor(view: EditorView) {
      const desk = view.state.facet(draftDesk);
      this.#desk = desk;
      this.#onChange = ({ added, updated, removed }) => {
        const isForeign = [...added, ...updated, ...removed].some((id) => id !== desk?.awareness.clientID);
        // Awareness may change while CodeMirror is updating; a dispatch has to wait for that.
        if (isForeign) queueMicrotask(() => view.dispatch({ effects: redraw.of(null) }));
      };
      desk?.awareness.on('change', this.#onChange);
    }

    update(update: ViewUpdate): void {
      if (this.#desk === null) return;
      const isAsked = update.transactions.some((transaction) =>
        transaction.effects.some((effect) => effect.is(redraw)),
      );
      if (update.docChanged || update.selectionSet || update.focusChanged)
        tellCursor(update.view, this.#desk);
      if (update.docChanged || isAsked) this.decorations = drawCursors(update.view, this.#desk);
    }

    destroy(): void {
      this.#desk?.awareness.off('change', this.#onChange);
      this.#desk?.awareness.setLocalStateField('cursor', null);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function tellCursor(view: EditorView, { awareness, text }: DraftDesk): void {
  const local = awareness.getLocalState();
  if (local === null) return;
  const hasCursor = view.hasFocus && view.state.facet(EditorView.editable);
  const { anchor, head } = view.state.selection.main;
  const cursor = hasCursor
    ? {
        anchor: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, anchor)) as unknown,
        head: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, head)) as unknown,
      }
    : null;
  if (JSON.stringify(local['cursor'] ?? null) !== JSON.stringify(cursor)) {
    awareness.setLocalStateField('cursor', cursor);
  }
}

function drawCursors(view: EditorView, desk: DraftDesk): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  const end = view.state.doc.length;
  for (const [clientId, state] of desk.awareness.getStates()) {
    if (clientId === desk.awareness.clientID) continue;
    const playerId = playerIdOf(state) ?? desk.authorOf(clientId);
    const cursor = cursorOf(state);
    const anchor = cursor && indexOf(cursor.anchor, desk.text);
    const head = cursor && indexOf(cursor.head, desk.text);
    if (anchor === null || head === null) continue;
    const colour = desk.colourOf(playerId);
    const from = Math.min(anchor, head, end);
    const to = Math.min(Math.max(anchor, head), end);
    if (from < to) ranges.push(Decoration.mark({ class: `remote-selection ${colour}` }).range(from, to));
    const widget = new CaretWidget(desk.nameOf(playerId), colour, head);
    ranges.push(Decoration.widget({ widget, side: 1 }).range(Math.min(head, end)));
  }
  return Decoration.set(ranges, true);
}

function cursorOf(state: Record<string, unknown>): CursorField | null {
  const { cursor } = state;
  return typeof cursor === 'object' && cursor !== null && 'anchor' in cursor && 'head' in cursor
    ? cursor
    : null;
}

function playerIdOf(state: Record<string, unknown>): string | null {
  const { user } = state;
  const isKnown = typeof user === 'object' && user !== null && 'playerId' in user;
  return isKnown && typeof user.playerId === 'string' ? user.playerId : null;
}

function indexOf(position: unknown, text: Y.Text): number | null {
  if (text.doc === null) return null;
  try {
    const relative = Y.createRelativePositionFromJSON(position);
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return absolute?.type === text ? absolute.index : null;
  } catch {
    // Another editor may put anything into its awareness field.
    return null;
  }
}
