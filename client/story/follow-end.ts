import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

interface FollowedEnd {
  storyRef: RefObject<HTMLDivElement | null>;
  endRef: RefObject<HTMLDivElement | null>;
  /** A passage has come below what is in view. */
  isAway: boolean;
  goToEnd: () => void;
}

/**
 * Opens the story at its end, and keeps the end in view while the reader is there, whatever grows: the
 * story, an open draft, or the box at the bottom. Whoever has scrolled up to read is left alone and told.
 */
export function useFollowEnd(order: readonly string[]): FollowedEnd {
  const storyRef = useRef<HTMLDivElement>(null);
  const endRef = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isAway, setIsAway] = useState(false);

  const goToEnd = useCallback(() => {
    endRef.current?.scrollIntoView({ block: 'end' });
    setIsAway(false);
  }, []);

  useEffect(() => {
    const story = storyRef.current;
    const end = endRef.current;
    if (story === null || end === null) return;
    // Resizes are told before intersections in a frame, so `isAtEnd` still says where the reader was.
    const resized = new ResizeObserver(() => {
      if (isAtEnd.current) end.scrollIntoView({ block: 'end' });
    });
    resized.observe(story);
    if (story.parentElement !== null) resized.observe(story.parentElement);
    const seen = new IntersectionObserver((entries) => {
      isAtEnd.current = entries.at(-1)?.isIntersecting ?? false;
      if (isAtEnd.current) setIsAway(false);
    });
    seen.observe(end);
    return () => {
      resized.disconnect();
      seen.disconnect();
    };
  }, []);

  const last = order.at(-1);
  useEffect(() => {
    if (last !== undefined && !isAtEnd.current) setIsAway(true);
  }, [last]);

  return { storyRef, endRef, isAway, goToEnd };
}
