import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR_TOKEN, OpsServer } from '../../test/support/ops-server.ts';
import { SessionsFixture } from '../../test/support/sessions-fixture.ts';
import { refuse } from '../../sessions/errors.ts';
import type { Feedback, FeedbackInput } from '../../sessions/feedback.ts';
import { newSession } from '../../sessions/new-session.ts';
import { createSessionSchema } from '../../sessions/protocol.ts';
import { hashSecret } from '../../sessions/secrets.ts';
import type { CommandAnswer } from '../../sessions/session-commands.ts';
import type { FeedbackSum } from '../feedback-stats.ts';
import { feedbackRouter, feedbackStatsRouter } from './feedback-router.ts';
import { operatorTokenOnly } from './operator-guard.ts';

const OLGA = '0123456789abcdef0123456789abcdef';
const STRANGER = 'ffffffffffffffffffffffffffffffff';
const ABOUT = { passageId: 'p1', alternativeId: 'a1', type: 'broke_story' };
const DAY_MS = 86_400_000;

describe('feedback over HTTP', () => {
  let fixture: SessionsFixture;
  let server: OpsServer;
  let sessionId: string;
  let given: [playerId: string, input: FeedbackInput][];
  let answer: CommandAnswer;
  let stored: Feedback[];

  beforeEach(async () => {
    fixture = SessionsFixture.inMemory();
    given = [];
    stored = [];
    answer = { ok: true, value: { at: 7 } };
    const { clock, random, sessions } = fixture;
    sessionId = sessions.newSessionId();
    const parsed = createSessionSchema.parse({ title: 'The lamp', ownerName: 'Olga' });
    const identityHash = hashSecret(OLGA);
    const { state } = newSession(parsed, { sessionId, identityHash, now: clock.now(), random });
    await sessions.create(state, null);
    const giveFeedback = (playerId: string, input: FeedbackInput) => {
      given.push([playerId, input]);
      return Promise.resolve(answer);
    };
    const open = async (id: string) => Object.assign(await sessions.open(id), { giveFeedback });
    const store = {
      ofPlayer: (session: string, playerId: string) =>
        Promise.resolve(stored.filter((one) => one.sessionId === session && one.playerId === playerId)),
    };
    server = await OpsServer.start([
      ['/api/sessions', feedbackRouter({ sessions: { open }, store, publicUrl: null })],
    ]);
  });
  afterEach(async () => {
    await server.stop();
    await fixture.close();
  });

  async function call(
    method: 'GET' | 'POST',
    body?: unknown,
    { identity = OLGA, of = sessionId, headers = {} } = {},
  ) {
    const response = await fetch(`${server.url}/api/sessions/${of}/feedback`, {
      method,
      headers: { 'content-type': 'application/json', 'cookie': `taleloom_id=${identity}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const owner = async () => Object.keys((await fixture.sessions.open(sessionId)).kernel.state.players)[0]!;

  it('F1: takes what a member says, and hands it to the session', async () => {
    expect(await call('POST', { ...ABOUT, rating: 2, comment: ' Who is Bo? ' })).toEqual({
      status: 200,
      body: { at: 7 },
    });
    await call('POST', ABOUT);
    expect(given).toEqual([
      [await owner(), { ...ABOUT, rating: 2, comment: 'Who is Bo?' }],
      [await owner(), { ...ABOUT, rating: null, comment: '' }],
    ]);
  });

  it.each([
    ['a rating of 6', { ...ABOUT, rating: 6 }, 'rating'],
    ['a rating of 0', { ...ABOUT, rating: 0 }, 'rating'],
    ['a rating of 3.5', { ...ABOUT, rating: 3.5 }, 'rating'],
    ['a rating in words', { ...ABOUT, rating: '5' }, 'rating'],
    ['an unknown type', { ...ABOUT, type: 'great' }, 'type'],
    ['a long comment', { ...ABOUT, comment: 'x'.repeat(2_001) }, 'comment'],
    ['no passage', { type: 'positive' }, 'passageId'],
    ['nothing', undefined, 'passageId'],
  ])('F1: refuses %s, and names where', async (_what, body, path) => {
    const { status, body: told } = await call('POST', body);
    expect([status, told.code]).toEqual([422, 'BAD_INPUT']);
    expect(told.detail).toMatch(new RegExp(`^${path}: `));
    expect(given).toEqual([]);
  });

  it('F1: passes on what the session refuses', async () => {
    answer = refuse('PASSAGE_UNKNOWN');
    const { status, body } = await call('POST', ABOUT);
    expect([status, body.code]).toEqual([404, 'PASSAGE_UNKNOWN']);
  });

  it('F1: is for members, from our own pages', async () => {
    const codes = [
      await call('POST', ABOUT, { identity: STRANGER }),
      await call('GET', undefined, { identity: STRANGER }),
      await call('POST', ABOUT, { headers: { origin: 'https://elsewhere.example' } }),
      await call('POST', ABOUT, { of: 'nosuchsession' }),
    ].map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual([
      [403, 'INVITE_NEEDED'],
      [403, 'INVITE_NEEDED'],
      [403, 'BAD_ORIGIN'],
      [404, 'SESSION_UNKNOWN'],
    ]);
    expect(given).toEqual([]);
  });

  it('F1: tells a member what they have said, and nobody else', async () => {
    const playerId = await owner();
    const own = {
      passageId: 'p1',
      alternativeId: 'a1',
      at: 5,
      type: 'positive',
      rating: 4,
      comment: 'ha',
    } as const;
    stored = [
      { ...own, sessionId, playerId, version: 'v', model: 'm' },
      { ...own, sessionId, playerId: 'somebody', version: 'v', model: 'm' },
    ];
    expect(await call('GET')).toEqual({ status: 200, body: { feedback: [own] } });
  });
});

describe('the figures of feedback for the operator', () => {
  const NOW = 100 * DAY_MS;
  const asked: number[] = [];
  const sum = (of: Partial<FeedbackSum>): FeedbackSum => ({
    version: 'a',
    type: 'positive',
    count: 2,
    comments: 1,
    ratings: 2,
    ratingSum: 9,
    ...of,
  });
  const store = {
    sums: (since: number) => {
      asked.push(since);
      return Promise.resolve([sum({}), sum({ version: 'b', type: 'negative', ratings: 0, ratingSum: 0 })]);
    },
  };
  let server: OpsServer;
  beforeEach(async () => {
    asked.length = 0;
    const clock = { now: () => NOW };
    server = await OpsServer.start([
      ['/api/ops', feedbackStatsRouter({ store, clock, guard: operatorTokenOnly(OPERATOR_TOKEN) })],
    ]);
  });
  afterEach(() => server.stop());

  it('F2: are those of the last seven days, by version where that is asked for', async () => {
    const plain = await server.call('GET', '/api/ops/feedback/stats');
    expect(plain.body).toMatchObject({
      windowDays: 7,
      since: NOW - 7 * DAY_MS,
      to: NOW,
      count: 4,
      meanRating: 4.5,
    });
    expect(plain.body).not.toHaveProperty('versions');
    const { body } = await server.call('GET', '/api/ops/feedback/stats?window=30d&by=version');
    expect(body).toMatchObject({
      byType: { positive: { count: 2 }, negative: { count: 2, meanRating: null } },
      versions: [{ version: 'a' }, { version: 'b' }],
    });
    expect(asked).toEqual([NOW - 7 * DAY_MS, NOW - 30 * DAY_MS]);
  });

  it.each(['window=7', 'window=0d', 'window=366d', 'window=-1d', 'by=player'])(
    'F2: refuses %s',
    async (query) => {
      const { status, body } = await server.call('GET', `/api/ops/feedback/stats?${query}`);
      expect([status, body]).toMatchObject([422, { code: 'BAD_INPUT' }]);
      expect(asked).toEqual([]);
    },
  );

  it('F2: need the token of the operator', async () => {
    const { status, body } = await server.call('GET', '/api/ops/feedback/stats', undefined, 'wrong');
    expect([status, body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
    expect(asked).toEqual([]);
  });
});
