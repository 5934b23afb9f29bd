import { spansText, type Passage } from '../../sessions/story-shape.ts';

/** A passage of one's own that a rollback took out of the story. */
export interface TakenBack {
  passageId: string;
  rollbackId: string;
  createdAt: number;
  /** The words of this player in it. */
  text: string;
  /** Others have words in it too. */
  isShared: boolean;
}

/** What of a player's words rollbacks took out of the story, the newest first. */
export function takenBackFrom(passages: readonly Passage[], playerId: string): TakenBack[] {
  const own = passages.flatMap((passage): TakenBack[] => {
    const { id, rollbackId, state, isPurged, createdAt, alternatives, chosen } = passage;
    if (state !== 'struck' || rollbackId === null || isPurged) return [];
    const spans = alternatives[chosen]?.spans ?? [];
    const text = spansText(spans.filter(({ author }) => author === playerId)).trim();
    if (text === '') return [];
    const isShared = spans.some((span) => span.author !== playerId && span.text.trim() !== '');
    return [{ passageId: id, rollbackId, createdAt, text, isShared }];
  });
  return own.reverse();
}
