import { refuse } from './errors.ts';
import type { Feedback, FeedbackInput, FeedbackStore } from './feedback.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import type { SessionObserver } from './peers.ts';
import type { CommandAnswer } from './session-commands.ts';
import { activePlayer } from './state.ts';
import type { TextScreen } from './text-screen.ts';

const BROKE_STORY = 'It broke our story.';

export interface FeedbackParts {
  kernel: SessionKernel;
  store: FeedbackStore;
  screen: TextScreen;
  observer: SessionObserver;
}

/** F1 to F3: takes what a reader thinks of a passage of the narrator. Resolves when it is durable, or with the refusal. */
export async function giveFeedback(
  { kernel, store, screen, observer }: FeedbackParts,
  playerId: string,
  input: FeedbackInput,
): Promise<CommandAnswer> {
  const player = activePlayer(kernel.state, playerId);
  if (player === null) return refuse('PLAYER_REMOVED');
  const passage = kernel.story.passage(input.passageId);
  const alternative = passage?.alternatives.find(({ id }) => id === input.alternativeId);
  if (passage?.kind !== 'narrator' || passage.state !== 'shown' || alternative === undefined)
    return refuse('PASSAGE_UNKNOWN');
  if (input.comment !== '') {
    const { action, reason } = await screen.screen({
      text: input.comment,
      channel: 'talk',
      author: playerId,
    });
    if (action !== 'allow' && action !== 'warn') return refuse('TEXT_REFUSED', reason);
  }
  const { version = null, model = null } = alternative.info;
  const feedback: Feedback = {
    ...input,
    sessionId: kernel.state.id,
    playerId,
    at: kernel.clock.now(),
    version,
    model,
  };
  await store.put(feedback);
  record(kernel, feedback);
  observer.feedbackGiven({ type: input.type, rating: input.rating, version });
  return kernel.journal.durable<CommandAnswer>({ ok: true, value: {} });
}

function record(kernel: SessionKernel, feedback: Feedback): void {
  const { playerId, passageId, alternativeId, type, rating, comment, at } = feedback;
  kernel.record(
    { type: 'feedback-given', playerId, passageId, alternativeId, feedback: type, rating },
    playerId,
  );
  const { reports } = kernel.state.safety;
  const isKnown = reports.some((report) => report.by === playerId && report.about.id === passageId);
  if (type !== 'broke_story' || isKnown || reports.length >= LIMITS.openReports) return;
  const text = comment === '' ? BROKE_STORY : `${BROKE_STORY} ${comment}`.slice(0, LIMITS.noteLength);
  const about = { kind: 'passage' as const, id: passageId };
  const report = { id: kernel.newId(), by: playerId, at, about, reason: 'other' as const, text };
  kernel.record({ type: 'report-filed', report }, playerId);
}
