import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EndpointJudge } from '../../narrator/moderation-endpoint.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(scores: Record<string, unknown>, flags: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'm',
    results: [{ flagged: true, categories: flags, category_scores: scores }],
  });
}

const NEVER = new AbortController().signal;
const of = { text: 'The tide was low.' };

describe('a moderation server as judge', () => {
  it('is sent the text and nothing else, with the key', async () => {
    const seen: unknown[] = [];
    const baseUrl = await serve(({ method, url, headers }, response, body) => {
      seen.push({ method, url, key: headers.authorization, body: JSON.parse(body) as unknown });
      response.end(answer({ hate: 0.1 }));
    });
    await new EndpointJudge({ baseUrl, apiKey: 'key', model: 'm1' }).judge(of, NEVER);
    await new EndpointJudge({ baseUrl: `${baseUrl}/v1/` }).judge(of, NEVER);
    const request = { method: 'POST', url: '/v1/moderations' };
    expect(seen).toEqual([
      { ...request, key: 'Bearer key', body: { input: of.text, model: 'm1' } },
      { ...request, key: undefined, body: { input: of.text } },
    ]);
  });

  it('tells its categories in our words, each on the side of 0.5 on which the server has it', async () => {
    const scores = {
      'hate': 0.2,
      'hate/threatening': 0.3,
      'harassment': 0.9,
      'sexual/minors': null,
      'violence': 0.1,
      'violence/graphic': 0.05,
      'self-harm/intent': 0,
      'illicit': 1,
    };
    const baseUrl = await serve((_, response) =>
      response.end(answer(scores, { violence: true, illicit: true })),
    );
    expect(await new EndpointJudge({ baseUrl }).judge(of, NEVER)).toEqual({
      scores: { hate: 0.3, harassment: 0.49, violence: 0.5, self_harm: 0 },
      target: 'none',
      isFiction: false,
      decision: 'hold',
      reason: '',
    });
  });

  it.each([
    [{ hate: 0.9 }, {}, 'allow'],
    [{ hate: 0.1 }, { hate: true }, 'hold'],
    [{ 'sexual/minors': 0.1, 'hate': 0 }, { 'sexual/minors': true }, 'block'],
  ])('decides by the flags: %j %j', async (scores, flags, decision) => {
    const baseUrl = await serve((_, response) => response.end(answer(scores, flags)));
    expect(await new EndpointJudge({ baseUrl }).judge(of, NEVER)).toMatchObject({ decision });
  });

  it.each<[string, Handler]>([
    ['status 500', (_, response) => void response.writeHead(500).end(answer({ hate: 0 }))],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['no JSON', (_, response) => response.end('<html>')],
    ['no result', (_, response) => response.end('{"results": []}')],
    ['two results', (_, response) => response.end('{"results": [{}, {}]}')],
    ['no category that is known', (_, response) => response.end(answer({ illicit: 0.5 }))],
    ['a score beyond 1', (_, response) => response.end(answer({ hate: 7 }))],
    ['a score in words', (_, response) => response.end(answer({ hate: 'high' }))],
    ['a flag in words', (_, response) => response.end(answer({ hate: 0 }, { hate: 'no' }))],
    ['a flood', (_, response) => response.end(`${answer({ hate: 0 })}${' '.repeat(100_000)}`)],
    ['a cut connection', (_, response) => void response.write('{"results"', () => response.destroy())],
  ])('N20: has no opinion on %s', async (_, handler) => {
    const baseUrl = await serve(handler);
    await expect(new EndpointJudge({ baseUrl }).judge(of, NEVER)).rejects.toMatchObject({
      code: 'NARRATOR_FAILED',
    });
  });

  it('has none when there is no server', async () => {
    const judge = new EndpointJudge({ baseUrl: 'http://127.0.0.1:1' });
    await expect(judge.judge(of, NEVER)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
  });

  it('N20: gives up when the caller does, and when the server is silent, and closes the connection', async () => {
    let gone = 0;
    let asked = (): void => {};
    const baseUrl = await serve((request) => {
      request.socket.on('close', () => (gone += 1));
      asked();
    });
    const abort = new AbortController();
    asked = () => abort.abort(new Error('too late'));
    await expect(new EndpointJudge({ baseUrl }).judge(of, abort.signal)).rejects.toThrow('too late');
    const impatient = new EndpointJudge({ baseUrl, timeoutMs: 50 });
    await expect(impatient.judge(of, NEVER)).rejects.toMatchObject({ name: 'TimeoutError' });
    await vi.waitFor(() => expect(gone).toBe(2));
  });
});
