import type { SessionKernel } from './kernel.ts';
import type { MemoryItem } from './memory-shape.ts';
import type { StoryContext } from './ports.ts';
import { sha256 } from './secrets.ts';
import type { NarratorTurnState } from './state.ts';
import { tableTopics } from './table.ts';

type StoryOf = Pick<SessionKernel, 'state' | 'story'>;

/** Passages before the place of a turn that its fingerprint looks at: what a prompt always holds. */
const PASSAGES_COMPARED = 3;

function castOf({ state }: StoryOf): StoryContext['cast'] {
  return state.cast.map(({ name, description, playerId, mayBeVoiced }) => ({
    name,
    description,
    isProtected: playerId !== null && !mayBeVoiced,
  }));
}

/** E1, E2: what counts on the line of the passage that is written, of the part before it. */
function memoryOf(story: StoryOf['story'], beforeId: string | null): StoryContext['memory'] {
  const line = story.lineOf(beforeId);
  const end = beforeId === null ? -1 : line.indexOf(beforeId);
  const places = new Map((end < 0 ? line : line.slice(0, end)).map((id, index) => [id, index]));
  const items = story
    .currentMemory(line)
    .filter(({ sources }) => sources.every(({ passageId }) => places.has(passageId)));
  const facts = items.filter(({ kind }) => kind === 'fact');
  const pinnedFirst = [
    ...facts.filter(({ isPinned }) => isPinned),
    ...facts.filter(({ isPinned }) => !isPinned),
  ];
  return {
    facts: pinnedFirst.map(({ id, text, isPinned }) => ({ id, text, isPinned })),
    summaries: summariesOf(items, places),
  };
}

/** In story order; where a whole scene is told in short, the parts of it are not told again. */
function summariesOf(
  items: readonly MemoryItem[],
  places: ReadonlyMap<string, number>,
): StoryContext['memory']['summaries'] {
  const summaries = items.filter(({ kind }) => kind === 'summary');
  const told = new Set(
    summaries
      .filter(({ span }) => span === 'scene')
      .flatMap(({ sources }) => sources.map(({ passageId }) => passageId)),
  );
  const placeOf = ({ sources }: MemoryItem) => places.get(sources[0]?.passageId ?? '') ?? -1;
  return summaries
    .filter(({ span, sources }) => span === 'scene' || !sources.every(({ passageId }) => told.has(passageId)))
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map(({ id, text, sources }) => ({ id, text, passageIds: sources.map(({ passageId }) => passageId) }));
}

/** What the narrator is told when a turn starts; `written`: what this very turn has in the story already. */
export function storyContext(of: StoryOf, turn: NarratorTurnState, written: string): StoryContext {
  const { state, story } = of;
  return {
    sessionId: state.id,
    title: state.settings.title,
    premise: state.settings.premise,
    rating: state.settings.rating,
    cast: castOf(of),
    passages: story.shownTexts(turn.passageId),
    direction: turn.direction,
    speakAs: state.cast.find((member) => member.id === turn.castId)?.name ?? null,
    written,
    ...tableTopics(state),
    memory: memoryOf(story, turn.passageId),
    guidance: null,
    isSafe: false,
  };
}

/** N15: equal for two requests of a player that would ask the model the very same thing. SHA-256, hex. */
export function turnFingerprint(of: StoryOf, turn: NarratorTurnState): string {
  const { settings } = of.state;
  const passage = turn.passageId === null ? null : of.story.passage(turn.passageId);
  const asked = [
    turn.askedBy,
    turn.direction,
    turn.castId,
    turn.passageId,
    passage?.alternatives.length ?? 0,
  ];
  const told = [settings.title, settings.premise, settings.rating, castOf(of)];
  return sha256(JSON.stringify([asked, told, of.story.shownTexts(turn.passageId, PASSAGES_COMPARED)]));
}
