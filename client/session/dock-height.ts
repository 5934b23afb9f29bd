import { useEffect, useRef, type RefObject } from 'react';

/** Tells the page how tall the box for writing is (`--dock-height`), so that nothing comes to lie over it. */
export function useDockHeight(): RefObject<HTMLDivElement | null> {
  const dockRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const dock = dockRef.current;
    if (dock === null) return;
    const { style } = document.documentElement;
    const resized = new ResizeObserver(() => style.setProperty('--dock-height', `${dock.offsetHeight}px`));
    resized.observe(dock);
    return () => {
      resized.disconnect();
      style.removeProperty('--dock-height');
    };
  }, []);
  return dockRef;
}
