import { useEffect, useState } from 'react';
import { useStorePart } from '../common/store.ts';
import { httpApi } from '../link/http-api.ts';
import { useSessionPart, useTable } from '../link/session-context.ts';
import type { Table } from '../link/session-context.ts';
import { changesSince, countChanges, type ChangeCounts } from './changes.ts';
import { livePassages } from './live-passages.ts';
import { pastStory } from './past-story.ts';

/** What happened while somebody was away. */
export interface CatchUp {
  /** When they were last here, epoch ms. */
  since: number;
  counts: ChangeCounts;
  rollbacks: number;
}

/** What happened since this player was last here; null: nothing, this is their first visit, or they have read it. */
export function useCatchUp(): { news: CatchUp | null; dismiss: () => void } {
  const table = useTable();
  const since = useSessionPart((state) => state.lastSeenAt);
  const hasContent = useStorePart(table.story.link.state, (state) => state.hasContent);
  const [news, setNews] = useState<CatchUp | null>(null);
  useEffect(() => {
    if (since === null || !hasContent) return;
    const request = new AbortController();
    void catchUp(table, since, request.signal).then((found) => {
      // What was told before stays until it is dismissed: a line that breaks for a moment makes nothing old news.
      if (!request.signal.aborted && found !== null) setNews(found);
    });
    return () => request.abort();
  }, [table, since, hasContent]);
  return { news, dismiss: () => setNews(null) };
}

async function catchUp(
  { session, story }: Table,
  since: number,
  signal: AbortSignal,
): Promise<CatchUp | null> {
  const live = livePassages(story);
  const answer = await httpApi.past(session.sessionId, since, signal);
  // A courtesy: without an answer the story is there all the same.
  if (!answer.ok) return null;
  const passages = [...livePassages(story, story.order.get()).values()];
  const { all } = story.lines.get();
  const counts = countChanges(changesSince(pastStory(since, answer.value, live), { passages, all }));
  const history = session.state.get().view?.history;
  const rollbacks = history?.rollbacks.filter(({ at }) => at > since).length ?? 0;
  const isNews = rollbacks > 0 || Object.values(counts).some((n) => n > 0);
  return isNews ? { since, counts, rollbacks } : null;
}
