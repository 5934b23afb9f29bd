import type { Action, Channel, Genre } from '../../sessions/moderator.ts';
import type { Rating } from '../../sessions/protocol.ts';

/** A text with the decisions that are right for it. */
export interface Probe {
  group: string;
  text: string;
  acceptable: readonly Action[];
  channel: Channel;
  rating: Rating;
  genre?: Genre;
  cast?: readonly string[];
  players?: readonly string[];
  speaker?: string;
  recent?: readonly string[];
  lines?: readonly string[];
  veils?: readonly string[];
}

type Rest = Partial<Omit<Probe, 'group' | 'text' | 'acceptable'>>;

/** What may be decided, from mild to hard. */
export const PASS: readonly Action[] = ['allow'];
export const MILD: readonly Action[] = ['allow', 'warn'];
export const SEEN: readonly Action[] = ['warn', 'redact', 'hold', 'block'];
export const ACT: readonly Action[] = ['redact', 'hold', 'block'];
export const STOP: readonly Action[] = ['hold', 'block'];
export const BLOCK: readonly Action[] = ['block'];

/** Probes of one group: story text at teen unless told otherwise. */
export function groupOf(
  group: string,
  shared: Rest,
  texts: readonly (readonly [string, readonly Action[], Rest?])[],
): Probe[] {
  return texts.map(([text, acceptable, own]) => ({
    channel: 'story',
    rating: 'teen',
    ...shared,
    ...own,
    group,
    text,
    acceptable,
  }));
}
