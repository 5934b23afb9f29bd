import { afterEach, describe, expect, it } from 'vitest';
import { screenRouter } from '../../server/http/screen-router.ts';
import { HARMS, SCORES, type ScreenRequest, type Verdict } from '../../sessions/moderator.ts';
import { FakeModerator } from '../support/fake-moderator.ts';
import { OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';

const PATH = '/api/moderation/screen';
const ITEM = { text: 'The lamp went out.', channel: 'story', rating: 'teen' };

/** Masks the word `darn`, and allows the rest. */
function masking({ text }: ScreenRequest): Verdict {
  const allowed = FakeModerator.verdict(text);
  const start = text.indexOf('darn');
  if (start < 0) return allowed;
  return {
    ...allowed,
    outcome: 'soften',
    action: 'redact',
    text: text.replace('darn', '••••'),
    masks: [{ start, end: start + 4, text: '••••' }],
    rules: ['profanity.mild'],
    harm: 'profanity',
    severities: { ...allowed.severities, profanity: 1 },
    spans: [{ start, end: start + 4, source: 'lexicon', label: 'profanity' }],
    reason: 'A word was masked.',
  };
}

describe('POST /api/moderation/screen', () => {
  let server: OpsServer;
  let moderator: FakeModerator;
  afterEach(() => server.stop());

  async function start(
    of: { answer?: (request: ScreenRequest) => Verdict; token?: string | null } = {},
  ): Promise<void> {
    moderator = new FakeModerator(of.answer ?? masking);
    const token = of.token === undefined ? OPERATOR_TOKEN : of.token;
    server = await OpsServer.start([['/api/moderation', screenRouter({ moderator, token })]]);
  }

  it('O3: judges one text and tells all there is to tell about it', async () => {
    await start();
    const allowed = await server.call('POST', PATH, ITEM);
    expect(allowed.status).toBe(200);
    expect(allowed.body).toEqual({
      decision: 'allow',
      outcome: 'allow',
      harm: null,
      scores: Object.fromEntries(SCORES.map((score) => [score, 0])),
      severities: Object.fromEntries(HARMS.map((harm) => [harm, 0])),
      spans: [],
      rules: [],
      reason: '',
      needsHelp: false,
      policyHash: 'policy',
      modelVersion: 'model',
      failedTiers: [],
      ms: 1,
    });
    const masked = await server.call('POST', PATH, { ...ITEM, text: 'Oh darn it.' });
    expect(masked.body).toMatchObject({
      decision: 'redact',
      outcome: 'soften',
      text: 'Oh •••• it.',
      rules: ['profanity.mild'],
      spans: [{ start: 3, end: 7, source: 'lexicon', label: 'profanity' }],
      reason: 'A word was masked.',
    });
  });

  it('passes on the context, and knows other words for channels', async () => {
    await start();
    const context = {
      genre: 'horror',
      cast: ['Mira'],
      players: ['Ann', 'Bo'],
      speaker: 'Bo',
      lines: ['spiders'],
      veils: ['gore'],
      recent: ['Before.'],
    };
    await server.call('POST', PATH, { ...ITEM, channel: 'ooc', context });
    expect(moderator.requests).toEqual([
      {
        text: ITEM.text,
        sessionId: null,
        channel: 'talk',
        rules: { rating: 'teen', genre: 'horror', levels: {}, lines: ['spiders'], veils: ['gore'] },
        cast: ['Mira'],
        players: ['Ann', 'Bo'],
        speaker: 'Bo',
        recent: ['Before.'],
        history: 1,
        playersPresent: 2,
      },
    ]);
    for (const channel of ['chat', 'table_talk', 'display_name', 'passage', 'narrator', 'title'])
      await server.call('POST', PATH, { ...ITEM, channel });
    const channels = moderator.requests.slice(1).map((request) => request.channel);
    expect(channels).toEqual(['talk', 'talk', 'name', 'story', 'narrator', 'title']);
    expect(moderator.requests.at(-1)?.rules.genre).toBe('general');
  });

  it('O3: judges a batch in order, and lets others have the event loop between two texts', async () => {
    const seen: string[] = [];
    await start({
      answer: (request) => {
        seen.push(request.text);
        setImmediate(() => seen.push('others'));
        return masking(request);
      },
    });
    const items = Array.from({ length: 64 }, (_, index) => ({
      ...ITEM,
      text: index % 2 === 0 ? `${index}` : `${index} darn`,
    }));
    const { status, body } = await server.call('POST', PATH, { items });
    expect(status).toBe(200);
    const { results } = body as { results: { decision: string }[] };
    expect(results.map(({ decision }) => decision)).toEqual(
      items.map((_, index) => (index % 2 === 0 ? 'allow' : 'redact')),
    );
    expect(seen.slice(0, 6)).toEqual(['0', 'others', '1 darn', 'others', '2', 'others']);
  });

  it.each([
    ['nothing', {}, 'text: '],
    ['a text that is none', { ...ITEM, text: 7 }, 'text: '],
    ['an unknown channel', { ...ITEM, channel: 'constructor' }, 'channel: '],
    ['an unknown rating', { ...ITEM, rating: 'adult' }, 'rating: '],
    ['a long text', { ...ITEM, text: 'x'.repeat(20_001) }, 'text: '],
    ['a long list', { ...ITEM, context: { cast: Array.from({ length: 201 }, () => 'x') } }, 'context.cast: '],
    ['a bad context', { ...ITEM, context: { genre: 'opera' } }, 'context.genre: '],
    ['an empty batch', { items: [] }, 'items: '],
    ['a large batch', { items: Array.from({ length: 65 }, () => ITEM) }, 'items: '],
    ['one bad text in a batch', { items: [ITEM, { ...ITEM, rating: null }] }, 'items.1.rating: '],
    ['a batch that is no list', { items: 'all' }, 'items: '],
    ['a list', [ITEM], ': '],
    ['a number', 7, ': '],
  ])('refuses %s, and names where', async (_what, body, path) => {
    await start();
    const answer = await server.call('POST', PATH, body);
    expect([answer.status, answer.body]).toMatchObject([422, { ok: false, code: 'BAD_INPUT' }]);
    expect((answer.body as { detail: string }).detail.startsWith(path)).toBe(true);
    expect(moderator.requests).toEqual([]);
  });

  it.each([
    ['no JSON', '{"text": "secret words', 422, 'BAD_INPUT'],
    ['too deep', `{"text":${'['.repeat(20)}${']'.repeat(20)}}`, 422, 'BAD_INPUT'],
    ['too many parts', `[${'[],'.repeat(100_000)}[]]`, 422, 'BAD_INPUT'],
    ['too large', JSON.stringify({ ...ITEM, more: 'x'.repeat(4 * 1024 * 1024) }), 413, 'TOO_LARGE'],
  ])('refuses what is %s', async (_what, body, status, code) => {
    await start();
    const answer = await server.call('POST', PATH, body);
    expect([answer.status, answer.body]).toMatchObject([status, { code }]);
    expect(answer.text).not.toContain('secret words');
    expect(server.faults).toEqual([]);
  });

  it('O1: is for the operator: no token, a wrong one, and none that is set', async () => {
    await start();
    for (const token of [null, 'wrong', `${OPERATOR_TOKEN}x`, OPERATOR_TOKEN.toUpperCase()]) {
      const answer = await server.call('POST', PATH, ITEM, token);
      expect([answer.status, answer.body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
    }
    await server.stop();
    await start({ token: null });
    const closed = await server.call('POST', PATH, ITEM);
    expect([closed.status, closed.body]).toMatchObject([
      401,
      { code: 'OPERATOR_ONLY', detail: expect.stringContaining('OPERATOR_TOKEN') as string },
    ]);
    expect(moderator.requests).toEqual([]);
  });

  it('stops answering wrong tokens after a while, and still takes the right one', async () => {
    await start();
    const codes = [];
    for (let tries = 0; tries < 22; tries += 1)
      codes.push((await server.call('POST', PATH, ITEM, 'wrong')).status);
    expect(codes).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429]);
    expect((await server.call('POST', PATH, ITEM)).status).toBe(200);
  });

  it('works on some requests at a time, and on all of them in the end', async () => {
    let inside = 0;
    let most = 0;
    await start();
    moderator.screen = async ({ text }) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return FakeModerator.verdict(text);
    };
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => server.call('POST', PATH, { items: [ITEM, ITEM, ITEM] })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('a fault of the moderator is a fault of the server, told without the text', async () => {
    await start({
      answer: () => {
        throw new Error('broken');
      },
    });
    const answer = await server.call('POST', PATH, ITEM);
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'INTERNAL' }]);
    expect(server.faults).toHaveLength(1);
    expect(answer.text).not.toContain(ITEM.text);
  });
});
