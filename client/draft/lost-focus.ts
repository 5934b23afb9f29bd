import { useLayoutEffect, useRef, type RefObject } from 'react';

/** How long after its draft has gone somebody is taken to go on typing, ms. */
const GRACE_MS = 3_000;
let lostAt = Number.NEGATIVE_INFINITY;

/** Notes that a draft under the cursor can be typed in no longer. */
export function noteLostFocus(): void {
  lostAt = performance.now();
}

/** Put on a draft's card: notes when it goes from under the cursor. */
export function useLostFocus(): RefObject<HTMLElement | null> {
  const cardRef = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const card = cardRef.current;
    return () => {
      if (card?.contains(document.activeElement) === true) noteLostFocus();
    };
  }, []);
  return cardRef;
}

/** Whether a draft has just gone from under the cursor, and nothing else has taken the focus since. */
export function hasJustLostFocus(): boolean {
  const isFree = document.activeElement === null || document.activeElement === document.body;
  return isFree && performance.now() - lostAt < GRACE_MS;
}
