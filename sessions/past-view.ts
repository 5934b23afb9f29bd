import type { PastStory } from './history-ports.ts';
import type { PastPassage, PastView } from './history-view.ts';
import { lineOf, MAIN_BRANCH } from './story-lines.ts';
import { chosenSpans, type Passage } from './story-shape.ts';

/** What the past is compared with. */
export interface PresentStory {
  /** All passages of the live story. */
  passages: readonly Passage[];
  /** Passage id -> until when its past is out of sight (epoch ms). */
  sealed: Readonly<Record<string, number>>;
}

function hasSameText(one: Passage, other: Passage): boolean {
  const [a, b] = [chosenSpans(one), chosenSpans(other)];
  return (
    a.length === b.length &&
    a.every(({ author, text }, index) => author === b[index]?.author && text === b[index].text)
  );
}

/** B2: out of sight now, or so then, or removed for good; or unknown to the live story, where nobody can tell. */
function isOutOfSight(then: Passage, live: Passage | undefined): boolean {
  if (live === undefined || live.isPurged || then.isPurged) return true;
  return live.state === 'held' || then.state === 'held';
}

function pastPassage(then: Passage, sealed: boolean): PastPassage {
  const { id, kind, by, createdAt, state } = then;
  return {
    id,
    kind,
    by,
    createdAt,
    state,
    spans: sealed ? [] : chosenSpans(then).map((span) => ({ ...span })),
    isSealed: sealed,
  };
}

/** A past story as everybody in the session may see it, against the live one: pure. */
export function pastView(past: PastStory, now: PresentStory): PastView {
  const { seq, at, branchId, branches, scenes } = past;
  const places = past.passages.map(({ id, branchId: of }) => ({ id, branchId: of ?? MAIN_BRANCH }));
  const line = lineOf(places, branches, branchId);
  const onLine = new Set(line);
  const live = new Map(now.passages.map((passage) => [passage.id, passage]));
  const changed = past.passages.flatMap((then) => {
    if (!onLine.has(then.id)) return [];
    const current = live.get(then.id);
    const wasSealed = (now.sealed[then.id] ?? -Infinity) >= at;
    const sealed = wasSealed || isOutOfSight(then, current);
    const isSame = current !== undefined && current.state === then.state && hasSameText(then, current);
    return isSame && !sealed ? [] : [pastPassage(then, sealed)];
  });
  return { seq, at, branchId, branches, scenes, line, changed };
}
