import { defaultKeymap } from '@codemirror/commands';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import * as Y from 'yjs';
import { cspNonce } from '../common/csp-nonce.ts';
import { TEXT } from '../strings.ts';
import { authorMarks } from './author-marks.ts';
import { changeGuard } from './change-guard.ts';
import { draftDesk, type DraftDesk } from './draft-desk.ts';
import { remoteCursors } from './remote-cursors.ts';

/** What may change while an editor stands: whether it can be typed in, and what it is called. */
export interface EditorMood {
  isEditable: boolean;
  label: string;
}

const mood = new Compartment();

/** An editor for a draft, bound to its shared text. */
export function createEditor(parent: HTMLElement, desk: DraftDesk, first: EditorMood): EditorView {
  const state = EditorState.create({
    doc: desk.text.toJSON(),
    extensions: [
      draftDesk.of(desk),
      EditorView.cspNonce.of(cspNonce()),
      EditorView.lineWrapping,
      EditorState.lineSeparator.of('\n'),
      keys(desk),
      changeGuard,
      binding(desk),
      authorMarks,
      remoteCursors,
      mood.of(moodExtension(first)),
    ],
  });
  return new EditorView({ state, parent });
}

/** Changes what may change of an editor. */
export function setMood(view: EditorView, next: EditorMood): void {
  view.dispatch({ effects: mood.reconfigure(moodExtension(next)) });
}

function moodExtension({ isEditable, label }: EditorMood): Extension {
  return [
    EditorView.editable.of(isEditable),
    EditorState.readOnly.of(!isEditable),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'spellcheck': 'true',
      'autocorrect': 'on',
      'autocapitalize': 'sentences',
      ...(isEditable ? {} : { 'aria-readonly': 'true', 'tabindex': '0' }),
    }),
    placeholder(isEditable ? TEXT.draft.placeholder : TEXT.draft.empty),
  ];
}

function binding(desk: DraftDesk): Extension {
  // Without awareness: its cursors are drawn by remoteCursors.
  return yCollab(desk.text, null, { undoManager: new Y.UndoManager(desk.text, { captureTimeout: 600 }) });
}

function keys(desk: DraftDesk): Extension {
  const whenEmpty = (step: -1 | 1) => (view: EditorView) =>
    view.state.doc.length === 0 && desk.chooseAlternative(step);
  const finish = (): boolean => {
    desk.finish();
    return true;
  };
  const own = keymap.of([
    { key: 'Mod-Enter', run: finish },
    { key: 'Ctrl-Enter', run: finish },
    { key: 'ArrowLeft', run: whenEmpty(-1) },
    { key: 'ArrowRight', run: whenEmpty(1) },
  ]);
  // Alt+Enter and Escape belong to the page.
  const usual = defaultKeymap.filter(({ key }) => key !== 'Escape' && key !== 'Alt-Enter');
  return [Prec.highest(own), keymap.of([...yUndoManagerKeymap, ...usual])];
}
