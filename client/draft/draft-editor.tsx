import type { EditorView } from '@codemirror/view';
import { useEffect, useRef, type JSX } from 'react';
import { can, isMaster } from '../../sessions/roles.ts';
import type { DraftView } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { useSlice, useTable, useYou } from '../link/session-context.ts';
import { chooseAlternative } from '../story/alternatives-view.tsx';
import type { DraftDesk } from './draft-desk.ts';
import { redraw } from './draft-desk.ts';
import type { DraftDocument } from './draft-document.ts';
import type { EarlyWords } from './early-words.tsx';
import { noteLostFocus } from './lost-focus.ts';
import { createEditor, setMood } from './editor-setup.ts';

interface DraftEditorProps {
  draft: DraftDocument;
  view: DraftView;
  label: string;
  isEditable: boolean;
  isFocused: boolean;
  takeEarly: EarlyWords['take'] | null;
  onHint: (text: string) => void;
  onFinish: () => void;
}

/** The text of one draft: typed in when allowed, else read as it grows. */
export function DraftEditor(props: DraftEditorProps): JSX.Element {
  const { draft, isEditable, isFocused, takeEarly, label } = props;
  const boxRef = useRef<HTMLDivElement>(null);
  const viewRef = useRef<EditorView | null>(null);
  const desk = useDesk(props);
  const hadFocus = useRef(false);

  useEffect(() => {
    if (boxRef.current === null) return;
    const editor = createEditor(boxRef.current, desk, { isEditable, label });
    viewRef.current = editor;
    const early = takeEarly?.();
    // Words first, focus then: the browser's caret comes to stand behind them, wherever the next key finds it.
    if (early !== undefined && early.text !== '') {
      editor.dispatch(editor.state.replaceSelection(early.text));
    }
    if (isFocused) editor.focus();
    if (early?.isFinished === true && early.text !== '') desk.finish();
    return () => {
      viewRef.current = null;
      editor.destroy();
    };
    // The editor lives as long as its document; everything else is put into it below.
  }, [draft]);

  useEffect(() => {
    const editor = viewRef.current;
    if (editor === null) return;
    if (!isEditable) hadFocus.current = editor.hasFocus;
    if (!isEditable && editor.hasFocus) noteLostFocus();
    setMood(editor, { isEditable, label });
    // What cannot be typed in loses the focus. A commit that was refused gives it back, if nothing else took it.
    const isFree = document.activeElement === null || document.activeElement === document.body;
    if (isEditable && hadFocus.current && isFree) editor.focus();
  }, [isEditable, label]);

  const { clients } = props.view;
  const players = useSlice('players');
  useEffect(() => {
    viewRef.current?.dispatch({ effects: redraw.of(null) });
  }, [clients, players]);

  return <div className="draft-editor" ref={boxRef} />;
}

/** The desk of this editor: one object for its life, whose members follow the latest render. */
function useDesk({ draft, view, onHint, onFinish }: DraftEditorProps): DraftDesk {
  const { session, story } = useTable();
  const you = useYou();
  const { nameOf, colourOf } = useAuthors();
  const latest: DraftDesk = {
    text: draft.text,
    awareness: draft.link.awareness,
    you: you.playerId,
    authorOf: (client) =>
      client === draft.doc.clientID ? you.playerId : (view.clients[String(client)] ?? 'unknown'),
    nameOf,
    colourOf,
    mayDeleteForeign: can(you.role, 'write') && (view.openedBy === you.playerId || isMaster(you.role)),
    hint: onHint,
    finish: onFinish,
    chooseAlternative: (step) => {
      const passage = story.latestNarrated();
      return passage !== null && chooseAlternative(session, passage, step);
    },
  };
  const deskRef = useRef(latest);
  if (deskRef.current.text === draft.text) Object.assign(deskRef.current, latest);
  else deskRef.current = latest;
  return deskRef.current;
}
