import { afterEach, describe, expect, it, vi } from 'vitest';
import { afterPush, giveFeedback, judgementOf, ownFeedback, readFeedback } from './own-feedback.ts';

interface Sent {
  url: string;
  method: string;
  body: unknown;
}

/** Answers requests as the list of functions says, in order; the last one again and again. */
function server(...answers: (() => Promise<Response>)[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', (url: string, { method, body }: { method: string; body?: string }) => {
    sent.push({ url, method, body: body === undefined ? null : (JSON.parse(body) as unknown) });
    const answer = answers[Math.min(sent.length, answers.length) - 1]!;
    return answer();
  });
  return sent;
}

const ok = (body: unknown) => () => Promise.resolve(Response.json(body));
const refused = () =>
  Promise.resolve(
    Response.json(
      { ok: false, code: 'TEXT_REFUSED', message: 'No.', detail: null, retryAfterMs: null },
      { status: 422 },
    ),
  );
let sessions = 0;
const newText = () => {
  sessions += 1;
  return { sessionId: `s${sessions}`, passageId: 'p', alternativeId: 'a' };
};
const good = { type: 'positive', rating: null, comment: '' } as const;
const broke = { type: 'broke_story', rating: null, comment: '' } as const;

describe('what a reader thinks of a passage', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('F1: a push is an opinion, the other button another one, and the same button takes it back', () => {
    const first = afterPush(null, 'positive');
    expect(first).toEqual(good);
    expect(afterPush({ ...good, rating: 4, comment: 'Yes' }, 'broke_story')).toEqual({
      type: 'broke_story',
      rating: 4,
      comment: 'Yes',
    });
    expect(afterPush(first, 'positive').type).toBe('neutral');
  });

  it('F1: it is shown at once and stays when the server keeps it', async () => {
    const text = newText();
    const sent = server(ok({}));
    const given = giveFeedback(text, good);
    expect(judgementOf(ownFeedback.get(), text)).toEqual(good);
    expect(await given).toBeNull();
    expect(judgementOf(ownFeedback.get(), text)).toEqual(good);
    expect(sent).toEqual([
      {
        url: `/api/sessions/${text.sessionId}/feedback`,
        method: 'POST',
        body: { passageId: 'p', alternativeId: 'a', ...good },
      },
    ]);
  });

  it('F1: what the server refuses goes back to what it was, unless it has been said anew meanwhile', async () => {
    const text = newText();
    server(ok({}), refused, refused, ok({}), refused, refused);
    await giveFeedback(text, good);
    expect(await giveFeedback(text, broke)).toMatchObject({ code: 'TEXT_REFUSED' });
    expect(judgementOf(ownFeedback.get(), text)).toEqual(good);
    const older = giveFeedback(text, broke);
    const newer = giveFeedback(text, { ...good, rating: 5 });
    expect(await older).not.toBeNull();
    expect(await newer).toBeNull();
    expect(judgementOf(ownFeedback.get(), text)).toEqual({ ...good, rating: 5 });
    await Promise.all([giveFeedback(text, broke), giveFeedback(text, good)]);
    expect(judgementOf(ownFeedback.get(), text)).toEqual({ ...good, rating: 5 });
  });

  it('F1: opinions are sent one after the other, so that the last one is kept', async () => {
    const text = newText();
    let answerFirst: () => void = () => undefined;
    const slow = () =>
      new Promise<Response>((resolve) => {
        answerFirst = () => resolve(Response.json({}));
      });
    const sent = server(slow, ok({}));
    const first = giveFeedback(text, good);
    const second = giveFeedback(text, broke);
    await vi.waitFor(() => expect(sent.length).toBe(1));
    answerFirst();
    await Promise.all([first, second]);
    expect(sent.map(({ body }) => (body as { type: string }).type)).toEqual(['positive', 'broke_story']);
  });

  it('F2: what was said before is read once a session, again when that failed; newer words stay', async () => {
    const text = newText();
    const row = { passageId: 'p', alternativeId: 'a', at: 1, ...broke, comment: 'Before.' };
    const other = { ...row, passageId: 'q' };
    const sent = server(refused, ok({ feedback: [row, other] }), ok({}));
    await readFeedback(text.sessionId);
    expect(judgementOf(ownFeedback.get(), text)).toBeNull();
    const reading = readFeedback(text.sessionId);
    const giving = giveFeedback(text, good);
    await Promise.all([reading, giving, readFeedback(text.sessionId)]);
    expect(judgementOf(ownFeedback.get(), text)).toEqual(good);
    expect(judgementOf(ownFeedback.get(), { ...text, passageId: 'q' })?.comment).toBe('Before.');
    expect(judgementOf(ownFeedback.get(), { ...text, sessionId: 'elsewhere' })).toBeNull();
    expect(sent.filter(({ method }) => method === 'GET').length).toBe(2);
  });
});
