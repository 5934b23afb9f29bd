import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';
import { heirOf, stepFrom } from './review-order.ts';

/** Whether keys go into a text there. */
export function isTypingIn(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
}

interface ReviewKeys {
  panelRef: RefObject<HTMLDivElement | null>;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: () => void;
}

/**
 * Moves the focus between all texts by j and k, only while it is inside the panel; and when the text that had it
 * waits no longer, on to the one that took its place among those that wait.
 */
export function useReviewKeys(ids: readonly string[], waiting: readonly string[]): ReviewKeys {
  const panelRef = useRef<HTMLDivElement>(null);
  const focused = useRef<string | null>(null);
  const before = useRef(waiting);
  const focus = (id: string | null): void => cardOf(panelRef.current, id)?.focus();
  useEffect(() => {
    const was = before.current;
    before.current = waiting;
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body;
    const id = focused.current;
    if (id === null || !isLost || !was.includes(id) || waiting.includes(id)) return;
    const heir = heirOf(was, waiting, id);
    (cardOf(panelRef.current, heir) ?? panelRef.current)?.focus();
  }, [waiting]);
  return {
    panelRef,
    onFocus: () => {
      focused.current = focusedId();
    },
    onKeyDown: (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || isTypingIn(event.target)) return;
      if (event.key !== 'j' && event.key !== 'k') return;
      event.preventDefault();
      focus(stepFrom(ids, focusedId(), event.key === 'j' ? 1 : -1));
    },
  };
}

function focusedId(): string | null {
  return document.activeElement?.closest('[data-hold-id]')?.getAttribute('data-hold-id') ?? null;
}

function cardOf(panel: HTMLElement | null, id: string | null): HTMLElement | null {
  return id === null
    ? null
    : (panel?.querySelector<HTMLElement>(`[data-hold-id="${CSS.escape(id)}"]`) ?? null);
}
