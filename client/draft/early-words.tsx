import { useMemo, useRef, useState, type JSX } from 'react';
import { TEXT } from '../strings.ts';

/** What is typed after the wish to write and before the draft is there: kept, and handed to its editor. */
export interface EarlyWords {
  /** Somebody is waiting for a draft and may be typing. */
  isTyping: boolean;
  begin: () => void;
  note: (text: string) => void;
  /** The words so far; ends the waiting. */
  take: () => string;
}

/** Early words of one composer. */
export function useEarlyWords(): EarlyWords {
  const [isTyping, setTyping] = useState(false);
  const words = useRef('');
  return useMemo(
    () => ({
      isTyping,
      begin: () => setTyping(true),
      note: (text) => {
        words.current = text;
      },
      take: () => {
        const text = words.current;
        words.current = '';
        setTyping(false);
        return text;
      },
    }),
    [isTyping],
  );
}

/** The box that takes the keys until the draft's own editor stands. */
export function EarlyWordsBox({ early }: { early: EarlyWords }): JSX.Element {
  return (
    <textarea
      className="early-words"
      aria-label={TEXT.draft.yours}
      autoFocus
      onChange={(event) => early.note(event.currentTarget.value)}
    />
  );
}
