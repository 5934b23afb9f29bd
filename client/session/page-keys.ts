import { useEffect, useRef } from 'react';
import { openConsole } from '../console/console-place.ts';
import { isMaster } from '../../sessions/roles.ts';
import { askToContinue } from '../narrator/narrator-desk.tsx';
import { isNarratorAskable, mayAskNarrator, mayStopNarrator } from '../turn/turn-rights.ts';
import { useTable } from '../link/session-context.ts';
import type { Table } from '../link/session-context.ts';

/** Keys that work anywhere on the session page: Alt+Enter, Escape, `?` and, for game masters, Alt+G. */
export function usePageKeys(onHelp: () => void): void {
  const table = useTable();
  const helpRef = useRef(onHelp);
  helpRef.current = onHelp;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isInDialog(event.target)) return;
      const isHandled =
        (event.key === 'Enter' && event.altKey && askNarrator(table)) ||
        (event.key === 'Escape' && stopNarrator(table)) ||
        (isConsoleKey(event) && showConsole(table)) ||
        (event.key === '?' && !isTyping(event.target) && showHelp(helpRef.current));
      if (isHandled) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [table]);
}

function askNarrator({ session }: Table): boolean {
  const { you, view } = session.state.get();
  if (you === null || view === null || !mayAskNarrator(view.turn, you)) return false;
  if (!isNarratorAskable(view.safety, you)) return false;
  askToContinue(session);
  return true;
}

function stopNarrator({ session }: Table): boolean {
  const { you, view } = session.state.get();
  const running = view?.narrator.turns.find((turn) => turn.state === 'generating');
  if (you === null || running === undefined || !mayStopNarrator(running, you)) return false;
  void session.act('narrator:stop', { turnId: running.turnId });
  return true;
}

/** By the place of the key: with Alt held it may type something else. */
function isConsoleKey({ code, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return code === 'KeyG' && altKey && !ctrlKey && !metaKey && !shiftKey;
}

function showConsole({ session }: Table): boolean {
  const { you } = session.state.get();
  if (you === null || !isMaster(you.role)) return false;
  openConsole();
  return true;
}

function showHelp(show: () => void): boolean {
  show();
  return true;
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}
