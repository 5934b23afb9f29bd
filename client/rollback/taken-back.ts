import type { PastPassage } from '../../sessions/history-view.ts';
import { chosenSpans, spansText, type Passage, type Span } from '../../sessions/story-shape.ts';

/** A passage of one's own that a rollback took out of the story. */
export interface TakenBack {
  passageId: string;
  rollbackId: string;
  createdAt: number;
  /** The words of this player in it. */
  text: string;
  /** Others have words in it too. */
  isShared: boolean;
  /** The passage still stands, without these words. */
  isChanged: boolean;
}

const wordsOf = (spans: readonly Span[], playerId: string): string =>
  spansText(spans.filter(({ author }) => author === playerId)).trim();

const isShared = (spans: readonly Span[], playerId: string): boolean =>
  spans.some(({ author, text }) => author !== playerId && text.trim() !== '');

/** What of a player's words a rollback took out of passages that still stand: as they were, and as they are. */
export function wordsChanged(
  before: readonly PastPassage[],
  now: (passageId: string) => Passage | null,
  of: { playerId: string; rollbackId: string; changed: readonly string[] },
): TakenBack[] {
  return before.flatMap(({ id, createdAt, spans, isSealed }): TakenBack[] => {
    const passage = now(id);
    if (isSealed || passage === null || passage.isPurged || !of.changed.includes(id)) return [];
    const text = wordsOf(spans, of.playerId);
    const rest = wordsOf(chosenSpans(passage), of.playerId);
    if (text === '' || text === rest) return [];
    const shared = isShared(spans, of.playerId);
    return [{ passageId: id, rollbackId: of.rollbackId, createdAt, text, isShared: shared, isChanged: true }];
  });
}

/** What of a player's words rollbacks took out of the story, the newest first. */
export function takenBackFrom(passages: readonly Passage[], playerId: string): TakenBack[] {
  const own = passages.flatMap((passage): TakenBack[] => {
    const { id, rollbackId, state, isPurged, createdAt } = passage;
    if (state !== 'struck' || rollbackId === null || isPurged) return [];
    const spans = chosenSpans(passage);
    const text = wordsOf(spans, playerId);
    if (text === '') return [];
    const shared = isShared(spans, playerId);
    return [{ passageId: id, rollbackId, createdAt, text, isShared: shared, isChanged: false }];
  });
  return own.reverse();
}
