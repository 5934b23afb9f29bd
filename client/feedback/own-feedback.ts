import type { FeedbackInput, FeedbackType } from '../../sessions/feedback.ts';
import type { Failure } from '../common/failure.ts';
import { Store } from '../common/store.ts';
import { httpApi } from '../link/http-api.ts';

/** What this player thinks of one text of the narrator. */
export type Judgement = Pick<FeedbackInput, 'type' | 'rating' | 'comment'>;

/** A text of the narrator. */
export interface JudgedText {
  sessionId: string;
  passageId: string;
  alternativeId: string;
}

const keyOf = ({ sessionId, passageId, alternativeId }: JudgedText): string =>
  `${sessionId} ${passageId} ${alternativeId}`;

/** What this player has said, as it is shown: at once when it is given, back again when the server refuses it. */
const said = new Store<ReadonlyMap<string, Judgement>>(new Map());
/** What the server is known to keep. */
const kept = new Map<string, Judgement>();
/** Sessions whose list is here or on its way. */
const asked = new Set<string>();
/** What is being sent, one after the other, so that the last word counts. */
let sending: Promise<unknown> = Promise.resolve();

/** Everything that this player has said of the narrator's texts. */
export const ownFeedback: Pick<Store<ReadonlyMap<string, Judgement>>, 'get' | 'watch'> = said;

/** What this player has said of a text; null: nothing, or it is not known yet. */
export function judgementOf(all: ReadonlyMap<string, Judgement>, text: JudgedText): Judgement | null {
  return all.get(keyOf(text)) ?? null;
}

/** Reads what this player has said in a session, once; again when that failed. */
export async function readFeedback(sessionId: string): Promise<void> {
  if (asked.has(sessionId)) return;
  asked.add(sessionId);
  const answer = await httpApi.feedback(sessionId);
  if (!answer.ok) {
    asked.delete(sessionId);
    return;
  }
  const rows = answer.value.feedback.map(
    ({ passageId, alternativeId, type, rating, comment }) =>
      [keyOf({ sessionId, passageId, alternativeId }), { type, rating, comment }] as const,
  );
  for (const [key, judgement] of rows) if (!kept.has(key)) kept.set(key, judgement);
  // What was said while the list was on its way is newer.
  said.update((now) => new Map([...rows, ...now]));
}

/** Says what this player thinks of a text; null when it is kept, else why not. */
export async function giveFeedback(text: JudgedText, judgement: Judgement): Promise<Failure | null> {
  const key = keyOf(text);
  show(key, judgement);
  const { sessionId, passageId, alternativeId } = text;
  const sent = sending.then(() =>
    httpApi.giveFeedback(sessionId, { passageId, alternativeId, ...judgement }),
  );
  sending = sent;
  const answer = await sent;
  if (answer.ok) {
    kept.set(key, judgement);
    return null;
  }
  if (said.get().get(key) === judgement) show(key, kept.get(key));
  return answer;
}

function show(key: string, judgement: Judgement | undefined): void {
  said.update((now) => {
    const next = new Map(now);
    if (judgement === undefined) next.delete(key);
    else next.set(key, judgement);
    return next;
  });
}

/** What a push of a button makes of a judgement: pushed again, it is taken back. */
export function afterPush(before: Judgement | null, pushed: FeedbackType): Judgement {
  const { type, rating, comment } = before ?? { type: 'neutral', rating: null, comment: '' };
  return { type: type === pushed ? 'neutral' : pushed, rating, comment };
}
