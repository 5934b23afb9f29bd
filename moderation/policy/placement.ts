import type { ScreenRequest } from '../../sessions/moderator.ts';
import { overlapping, type Layout, type Range } from '../text/layout.ts';
import { namePattern } from '../text/names.ts';

/** D14: where a hazard stands, and how much of it a story may be said to only show. */
export const PLACEMENTS = { speech: 0.9, narration: 0.8, person: 0.3, real: 0 } as const;
export type Placement = keyof typeof PLACEMENTS;

const FIRST_OR_SECOND = /\b(?:i|me|my|mine|myself|we|us|our|you|your|yours|yourself|u|ur)\b/i;
const OWN_SPEECH =
  /\b(?:i|we)\s+(?:\w+ly\s+)?(?:say|said|shout|yell|scream|tell|told|ask|whisper|reply|answer|call|type|write)/i;

/** What a placement is judged by. */
export interface Scene {
  text: string;
  layout: Layout;
  /** Match a name of the cast, and a display name of somebody at the table. */
  cast: RegExp;
  players: RegExp;
  /** The channel is real speech, whatever the text looks like. */
  isReal: boolean;
}

/** The scene of a request's text. A player who bears the name of a cast character counts as the character. */
export function sceneOf(
  request: Pick<ScreenRequest, 'text' | 'cast' | 'players'>,
  layout: Layout,
  isReal: boolean,
): Scene {
  const characters = new Set(request.cast.map((name) => name.toLowerCase()));
  const players = request.players.filter((name) => !characters.has(name.toLowerCase()));
  return {
    text: request.text,
    layout,
    cast: namePattern(request.cast),
    players: namePattern(players),
    isReal,
  };
}

/** Where one span stands (D14). */
export function placementOf(span: Range, scene: Scene): Placement {
  const { text, layout } = scene;
  if (scene.isReal || overlapping(layout.asides, span) !== undefined) return 'real';
  const sentence = overlapping(layout.sentences, span) ?? span;
  const words = text.slice(Math.min(sentence.start, span.start), Math.max(sentence.end, span.end));
  if (scene.players.test(words)) return 'real';
  const quote = overlapping(layout.quotes, span);
  if (quote !== undefined) return isCharacters(quote, scene) ? 'speech' : 'person';
  return FIRST_OR_SECOND.test(outsideQuotes(words)) && !scene.cast.test(words) ? 'person' : 'narration';
}

/** D14 artistic_intent_score: the least over all spans; without spans that of narration, or of real speech. */
export function artisticIntent(spans: readonly Range[], scene: Scene): number {
  const fallback = scene.isReal ? PLACEMENTS.real : PLACEMENTS.narration;
  return spans.length === 0
    ? fallback
    : Math.min(...spans.map((span) => PLACEMENTS[placementOf(span, scene)]));
}

/** A quotation is a character's unless the words around it are the author's own ("...", I say). */
function isCharacters(quote: Range, { text, cast }: Scene): boolean {
  const before = text.slice(Math.max(0, quote.start - 60), quote.start);
  const after = text.slice(quote.end, quote.end + 60);
  const near = `${before.split(/[.!?\n"\u201d]/).at(-1) ?? ''} ${after.split(/[.!?\n"\u201c]/)[0] ?? ''}`;
  return cast.test(near) || !OWN_SPEECH.test(near);
}

function outsideQuotes(words: string): string {
  return words.replace(/["\u201c][^"\u201c\u201d]*["\u201d]/g, ' ');
}
