import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OpenAiModel } from '../../narrator/openai-model.ts';
import type { OpenAiModelOptions } from '../../narrator/openai-model.ts';
import type { GenerateRequest } from '../../sessions/ports.ts';
import { watchedRequest } from '../support/engine-requests.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const closers: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(handler: Handler): Promise<{ baseUrl: string; calls: () => number }> {
  let calls = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      if (request.url === '/v1/models')
        response.end(JSON.stringify({ data: [{ id: 'big', max_model_len: 4_096 }] }));
      else {
        calls += 1;
        handler(request, response, body);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`, calls: () => calls };
}

function event(content: string | null, finish: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;
}

async function open(baseUrl: string, options: Partial<OpenAiModelOptions> = {}): Promise<OpenAiModel> {
  const model = new OpenAiModel({ baseUrl, ...options });
  closers.push(() => model.close());
  await model.load();
  return model;
}

function ask(signal = new AbortController().signal) {
  const heard: string[] = [];
  const request: GenerateRequest = {
    turnId: 't',
    storyId: 's',
    onCost: () => undefined,
    prompt: { shape: 'chat', messages: [{ role: 'user', content: 'Go.' }] },
    maxTokens: 50,
    temperature: 0.7,
    topP: 0.95,
    minP: 0.05,
    seed: 3,
    signal,
    onText: (text) => heard.push(text),
  };
  return { request, heard };
}

describe('OpenAI-compatible model', () => {
  it('takes the name and context of the server, sends the key, and streams text split anywhere', async () => {
    let seen = '';
    const { baseUrl } = await serve((request, response, body) => {
      seen = `${request.headers.authorization} ${body}`;
      const all = `: hello\r\n\r\n${event('Once ')}${event('upön a time.')}${event(null, 'stop')}data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } })}\n\ndata: [DONE]\n\n`;
      for (const byte of Buffer.from(all)) response.write(Buffer.from([byte]));
      response.end();
    });
    const model = new OpenAiModel({ baseUrl, apiKey: 'key' });
    closers.push(() => model.close());
    expect(await model.load()).toMatchObject({
      name: 'big',
      contextTokens: 4_096,
      shape: 'chat',
      isDemo: false,
    });
    const { request, heard } = ask();
    expect(await model.generate(request)).toMatchObject({ finish: 'end', inputTokens: 9, outputTokens: 4 });
    expect(heard.join('')).toBe('Once upön a time.');
    expect(seen).toContain('Bearer key');
    expect(JSON.parse(seen.slice(seen.indexOf('{')))).toMatchObject({
      model: 'big',
      max_tokens: 50,
      seed: 3,
      stream: true,
    });
  });

  it('charges a token for each piece and the rest at the end, as the server says or by an estimate', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4 };
    const pieces = event('Once ') + event('upon a time.') + event(null, 'stop');
    const answers = [
      `${pieces}data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`,
      `${pieces}data: ${JSON.stringify({ choices: [], usage: { completion_tokens: 1 } })}\n\ndata: [DONE]\n\n`,
      `${pieces}data: ${JSON.stringify({ usage: { completion_tokens: -1e99 } })}\n\ndata: [DONE]\n\n`,
    ];
    const { baseUrl, calls } = await serve((_, response) => response.end(answers[calls() - 1]));
    const model = await open(baseUrl);
    const costs: unknown[] = [];
    const first = watchedRequest({ onCost: (cost) => costs.push(cost), onText: (text) => costs.push(text) });
    expect(await model.generate(first)).toMatchObject({ inputTokens: 9, outputTokens: 4, reusedTokens: 0 });
    const piece = { inputTokens: 0, outputTokens: 1 };
    expect(costs).toEqual([piece, 'Once ', piece, 'upon a time.', { inputTokens: 9, outputTokens: 2 }]);
    for (let at = 1; at < answers.length; at += 1) {
      const request = watchedRequest();
      const { inputTokens, outputTokens } = await model.generate(request);
      expect(outputTokens).toBe(2);
      expect(inputTokens).toBeGreaterThan(20);
      expect(request.cost()).toEqual({ inputTokens, outputTokens });
    }
  });

  it('charges a stopped answer for its prompt and for what came', async () => {
    const { baseUrl } = await serve((_, response) => void response.write(event('Once ')));
    const abort = new AbortController();
    const request = watchedRequest({ signal: abort.signal, onText: () => abort.abort() });
    const { finish, inputTokens, outputTokens } = await (await open(baseUrl)).generate(request);
    expect({ finish, outputTokens }).toEqual({ finish: 'stopped', outputTokens: 1 });
    expect(inputTokens).toBeGreaterThan(20);
    expect(request.cost()).toEqual({ inputTokens, outputTokens });
  });

  it('knows the cap', async () => {
    const { baseUrl } = await serve((_, response) => response.end(event('A.') + event(null, 'length')));
    expect(await (await open(baseUrl)).generate(ask().request)).toMatchObject({ finish: 'cap' });
  });

  it.each<[string, Handler]>([
    ['garbage', (_, response) => response.end('data: {"choices": 7}\n\n')],
    ['no JSON', (_, response) => response.end('data: <html>\n\n')],
    ['an error event', (_, response) => response.end('data: {"error": {"message": "out of memory"}}\n\n')],
    ['status 500', (_, response) => void response.writeHead(500).end('no')],
    ['an early end', (_, response) => response.end(event('Half'))],
    ['a cut connection', (_, response) => void response.write(event('Half'), () => response.destroy())],
    ['an endless line', (_, response) => response.end(`data: ${'x'.repeat(400_000)}`)],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ])('fails with NARRATOR_FAILED on %s', async (_, handler) => {
    const { baseUrl } = await serve(handler);
    await expect((await open(baseUrl)).generate(ask().request)).rejects.toMatchObject({
      code: 'NARRATOR_FAILED',
    });
  });

  it('gives up on a server that says nothing, and on one that stops in between', async () => {
    const { baseUrl, calls } = await serve((_, response) => {
      if (calls() > 1) response.write(event('One'));
    });
    const model = await open(baseUrl, { timeouts: { firstTokenMs: 80 } });
    const { request, heard } = ask();
    await expect(model.generate(request)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
    await expect(model.generate(request)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
    expect(heard).toEqual(['One']);
  });

  it('a stop is a result, not an error, and ends the request', async () => {
    const abort = new AbortController();
    let isGone = false;
    const { baseUrl } = await serve((request, response) => {
      request.socket.on('close', () => (isGone = true));
      response.write(event('One'));
    });
    const model = await open(baseUrl);
    const { request } = ask(abort.signal);
    const stopping = { ...request, onText: () => abort.abort() };
    expect(await model.generate(stopping)).toMatchObject({ finish: 'stopped' });
    await vi.waitFor(() => expect(isGone).toBe(true));
  });

  it('S2.F6: the circuit opens after five failures in a row and tries again after 15 s', async () => {
    let isBroken = true;
    const { baseUrl, calls } = await serve((_, response) =>
      isBroken ? void response.writeHead(503).end() : response.end(event('A.', 'stop')),
    );
    const states: string[] = [];
    const model = await open(baseUrl, { circuit: (state) => states.push(state) });
    for (let failure = 0; failure < 5; failure += 1) {
      await expect(model.generate(ask().request)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
    }
    await expect(model.generate(ask().request)).rejects.toMatchObject({ code: 'NARRATOR_OFF' });
    expect(calls()).toBe(5);
    isBroken = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15_001 });
    expect(await model.generate(ask().request)).toMatchObject({ finish: 'end' });
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('asks for an object of a schema, and a server that cannot do that stays open for stories', async () => {
    const bodies: string[] = [];
    const { baseUrl } = await serve((_, response, body) => {
      bodies.push(body);
      if (body.includes('json_schema')) response.writeHead(400).end();
      else response.end(event('A.', 'stop'));
    });
    const model = await open(baseUrl);
    const grammar = { type: 'object' as const, properties: { a: { type: 'boolean' } } };
    for (let failure = 0; failure < 6; failure += 1) {
      await expect(model.generate({ ...ask().request, grammar })).rejects.toMatchObject({
        code: 'NARRATOR_FAILED',
      });
    }
    expect(JSON.parse(bodies[0]!)).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: grammar } },
    });
    expect(await model.generate(ask().request)).toMatchObject({ finish: 'end' });
    expect(bodies.at(-1)).not.toContain('response_format');
  });

  it('load says that the server does not answer', async () => {
    const model = new OpenAiModel({ baseUrl: 'http://127.0.0.1:1/v1' });
    await expect(model.load()).rejects.toMatchObject({
      code: 'NARRATOR_OFF',
      detail: 'The model server at 127.0.0.1:1 does not answer.',
    });
  });
});
