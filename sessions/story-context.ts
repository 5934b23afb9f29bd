import type { SessionKernel } from './kernel.ts';
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
