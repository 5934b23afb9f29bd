import { useEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the keyboard inside a panel that changes by itself: when what had the focus is gone, the nearest section
 * around it that is still there gets it, else the panel. Both need a tabIndex.
 */
export function useKeptFocus(panelRef: RefObject<HTMLElement | null>): { onFocus: () => void } {
  const last = useRef<{ element: Element; section: HTMLElement | null } | null>(null);
  useEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body;
    if (last.current === null || !isLost || last.current.element.isConnected) return;
    const { section } = last.current;
    last.current = null;
    (section?.isConnected === true ? section : panelRef.current)?.focus({ preventScroll: true });
  });
  return {
    onFocus: () => {
      const element = document.activeElement;
      if (element === null || panelRef.current?.contains(element) !== true) return;
      last.current = { element, section: element.closest<HTMLElement>('section[tabindex]') };
    },
  };
}
