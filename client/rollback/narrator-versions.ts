import { NARRATOR, type Passage } from '../../sessions/story-shape.ts';

/** A version of the narrator with what stands of it in the story. */
export interface NarratorVersion {
  version: string;
  passages: number;
  /** When its first and its last passage came, epoch ms. */
  from: number;
  to: number;
}

/** The versions whose alternatives are part of the story, the newest first. */
export function versionsOf(passages: readonly Passage[]): NarratorVersion[] {
  const versions = new Map<string, NarratorVersion>();
  for (const { kind, by, state, alternatives, chosen } of passages) {
    const alternative = alternatives[chosen];
    if (kind !== 'narrator' || by !== NARRATOR || state !== 'shown' || alternative === undefined) continue;
    const version = alternative.info.version ?? alternative.info.model;
    if (version === undefined || version === '') continue;
    const { at } = alternative;
    const known = versions.get(version) ?? { version, passages: 0, from: at, to: at };
    versions.set(version, {
      version,
      passages: known.passages + 1,
      from: Math.min(known.from, at),
      to: Math.max(known.to, at),
    });
  }
  return [...versions.values()].sort((a, b) => b.to - a.to);
}
