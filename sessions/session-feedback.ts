import { refuse, type Refusal } from './errors.ts';
import type { Feedback, FeedbackInput, FeedbackStore } from './feedback.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import type { SessionObserver } from './peers.ts';
import type { CommandAnswer } from './session-commands.ts';
import { activePlayer } from './state.ts';
import type { Alternative } from './story-shape.ts';
import type { TextScreen } from './text-screen.ts';

const BROKE_STORY = 'It broke our story.';

export interface FeedbackParts {
  kernel: SessionKernel;
  store: FeedbackStore;
  screen: TextScreen;
  observer: SessionObserver;
  /** D20: all ratings, as they are kept now. */
  rateFrom: (ratings: { count: number; sum: number }) => void;
}

/** The text that it is about; or why nothing can be said about that. */
function judgedText(
  { state, story }: SessionKernel,
  playerId: string,
  { passageId, alternativeId }: FeedbackInput,
): Refusal | { ok: true; alternative: Alternative } {
  if (activePlayer(state, playerId) === null) return refuse('PLAYER_REMOVED');
  const passage = story.passage(passageId);
  const alternative = passage?.alternatives.find(({ id }) => id === alternativeId);
  if (passage?.kind !== 'narrator' || passage.state !== 'shown' || alternative === undefined)
    return refuse('PASSAGE_UNKNOWN');
  return { ok: true, alternative };
}

/** F1 to F3: takes what a reader thinks of a passage of the narrator. Resolves when it is durable, or with the refusal. */
export async function giveFeedback(
  { kernel, store, screen, observer, rateFrom }: FeedbackParts,
  playerId: string,
  input: FeedbackInput,
): Promise<CommandAnswer> {
  const before = judgedText(kernel, playerId, input);
  if (!before.ok) return before;
  if (input.comment !== '') {
    const { action, reason } = await screen.screen({
      text: input.comment,
      channel: 'talk',
      author: playerId,
    });
    if (action !== 'allow' && action !== 'warn') return refuse('TEXT_REFUSED', reason);
  }
  // The words were judged meanwhile.
  const judged = judgedText(kernel, playerId, input);
  if (!judged.ok) return judged;
  const { version = null, model = null } = judged.alternative.info;
  const feedback: Feedback = {
    ...input,
    sessionId: kernel.state.id,
    playerId,
    at: kernel.clock.now(),
    version,
    model,
  };
  await store.put(feedback);
  if (kernel.story.passage(input.passageId)?.isPurged === true) {
    await store.purge(kernel.state.id, [input.passageId]);
    return refuse('PASSAGE_UNKNOWN');
  }
  rateFrom(await store.ratings(kernel.state.id));
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
