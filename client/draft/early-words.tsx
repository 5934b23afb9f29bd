import { useMemo, useRef, useState, type JSX } from 'react';
import { TEXT } from '../strings.ts';

/** What happened in the box: its words, and whether Ctrl+Enter was pressed after them. */
interface EarlyTyping {
  text: string;
  isFinished: boolean;
}

const NOTHING: EarlyTyping = { text: '', isFinished: false };

/** What is typed after the wish to write and before the draft is there: kept, and handed to its editor. */
export interface EarlyWords {
  /** Somebody is waiting for a draft and may be typing. */
  isTyping: boolean;
  begin: () => void;
  note: (part: Partial<EarlyTyping>) => void;
  /** What was typed so far; ends the waiting. */
  take: () => EarlyTyping;
}

/** Early words of one composer. */
export function useEarlyWords(): EarlyWords {
  const [isTyping, setTyping] = useState(false);
  const typed = useRef(NOTHING);
  return useMemo(
    () => ({
      isTyping,
      begin: () => setTyping(true),
      note: (part) => {
        typed.current = { ...typed.current, ...part };
      },
      take: () => {
        const taken = typed.current;
        typed.current = NOTHING;
        setTyping(false);
        return taken;
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
      onChange={(event) => early.note({ text: event.currentTarget.value, isFinished: false })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        early.note({ isFinished: true });
      }}
    />
  );
}
