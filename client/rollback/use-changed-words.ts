import { useEffect, useState } from 'react';
import { httpApi } from '../link/http-api.ts';
import { useSlice, useTable, useYou } from '../link/session-context.ts';
import { wordsChanged, type TakenBack } from './taken-back.ts';

/** Rollbacks that are asked about: the latest. */
const ASKED = 5;

/** One's own words that rollbacks took out of passages that still stand, from the story as it was before them. */
export function useChangedWords(): TakenBack[] {
  const { session, story } = useTable();
  const { playerId } = useYou();
  const { rollbacks } = useSlice('history');
  const [words, setWords] = useState<TakenBack[]>([]);
  useEffect(() => {
    const asked = new AbortController();
    const changing = rollbacks.filter(({ changed, undoneBy }) => changed.length > 0 && undoneBy === null);
    const ask = async ({ id: rollbackId, at, changed }: (typeof changing)[number]): Promise<TakenBack[]> => {
      const past = await httpApi.past(session.sessionId, at - 1, asked.signal);
      if (!past.ok) return [];
      const of = { playerId, rollbackId, changed };
      return wordsChanged(past.value.changed, (id) => story.passage(id).get(), of);
    };
    void Promise.all(changing.slice(-ASKED).toReversed().map(ask)).then((found) => {
      if (!asked.signal.aborted) setWords(found.flat());
    });
    return () => asked.abort();
  }, [session, story, playerId, rollbacks]);
  return words;
}
