import { NARRATOR, type Passage } from '../../sessions/story-shape.ts';

/** The alternative about which there is something to see: one that the model wrote, and has written to its end. */
export function seenBy({ kind, by, alternatives, chosen }: Passage): { alternativeId: string } | null {
  const alternative = alternatives[chosen];
  if (kind !== 'narrator' || by !== NARRATOR || alternative?.state !== 'complete') return null;
  return { alternativeId: alternative.id };
}
