import { chosenText, type Passage } from '../../sessions/story-shape.ts';
import type { HoldView } from '../../sessions/safety-view.ts';
import type { TalkLine } from '../../sessions/view.ts';

/** Passages or lines shown before a held text, and how much of each. */
const SHOWN = 2;
const LENGTH = 400;

/** What was read just before a held text: for talk the lines before it, else the passages before its place. */
export function contextOf(
  hold: Pick<HoldView, 'kind' | 'passageId' | 'at'>,
  of: { passages: readonly Passage[]; talk: readonly TalkLine[] },
): { by: string; text: string }[] {
  if (hold.kind === 'talk') {
    return of.talk
      .filter((line) => line.at < hold.at)
      .slice(-SHOWN - 1)
      .map(({ by, text }) => ({ by, text }));
  }
  const place = of.passages.findIndex((passage) => passage.id === hold.passageId);
  return of.passages
    .slice(0, place === -1 ? of.passages.length : place)
    .filter((passage) => passage.state === 'shown')
    .slice(-SHOWN)
    .map((passage) => ({ by: passage.by, text: tail(chosenText(passage)) }));
}

function tail(text: string): string {
  return text.length <= LENGTH ? text : `…${text.slice(-LENGTH)}`;
}
