import { useEffect, useRef, useState, type JSX } from 'react';
import { useAuthors } from '../common/authors.ts';
import { useSlice, useYou } from '../link/session-context.ts';
import { narratorNews } from '../narrator/turn-lines.ts';
import { describeTurn } from '../turn/turn-text.ts';

/** Tells screen readers when the turn moves on and when the narrator is asked, begins and ends; never word by word. */
export function Announcer(): JSX.Element {
  return (
    <>
      <p className="visually-hidden" role="status" data-testid="announce-turn">
        {useTurnNews()}
      </p>
      <p className="visually-hidden" role="status" data-testid="announce-narrator">
        {useNarratorNews()}
      </p>
    </>
  );
}

function useTurnNews(): string {
  const turn = useSlice('turn');
  const you = useYou();
  const { nameOf } = useAuthors();
  const { whose, next } = describeTurn(turn, you, nameOf);
  const now = `${whose} ${next}`.trim();
  const first = useRef(now);
  const [news, setNews] = useState('');
  useEffect(() => {
    // What stood there when the page opened is read with the page, not as news.
    if (now !== first.current) setNews(now);
  }, [now]);
  return news;
}

function useNarratorNews(): string {
  const { turns } = useSlice('narrator');
  const { playerId } = useYou();
  const { nameOf } = useAuthors();
  const before = useRef(turns);
  const [news, setNews] = useState('');
  useEffect(() => {
    const now = narratorNews(before.current, turns, { playerId, nameOf });
    before.current = turns;
    if (now !== '') setNews(now);
  }, [turns, playerId, nameOf]);
  return news;
}
