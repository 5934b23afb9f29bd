import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TurnTraces } from '../../server/tracing-context.ts';
import { openTracing } from '../../server/tracing.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { generationFact, narratorPassage } from '../support/session-facts.ts';

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const spanSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.literal(1),
  startTimeUnixNano: z.string().transform(BigInt),
  endTimeUnixNano: z.string().transform(BigInt),
  attributes: z.array(attribute),
  events: z.array(z.object({ name: z.string(), attributes: z.array(attribute) })),
  status: z.object({ code: z.number() }),
});
const bodySchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

/** A collector that keeps what it is sent. */
const received: { path: string; type: string; body: unknown }[] = [];
const collector = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const type = request.headers['content-type'] ?? '';
    received.push({ path: request.url ?? '', type, body: JSON.parse(body) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
let endpoint = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});

afterAll(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

describe('traces at a collector', () => {
  it('Y7: arrive as OTLP JSON: one trace a turn, under the trace it was asked in', async () => {
    const traces = new TurnTraces();
    const parent = { traceId: 'c'.repeat(32), parentId: 'd'.repeat(16) };
    traces.remember('asked', parent);
    const tracer = await openTracing(endpoint, {
      clock: new ManualClock(),
      traces,
      pseudonym: (id) => id,
      flags: () => ({ read_only: false }),
      provider: 'llama.cpp',
      version: '9.9.9',
    });
    const failed = { outcome: 'failed' } as const;
    tracer!.take(narratorPassage({ generation: generationFact({ turnId: 'asked', ...failed }) }));
    tracer!.take(
      narratorPassage({ passageId: 'p2', generation: generationFact({ turnId: 'own', ...failed }) }),
    );
    await tracer!.close();

    expect(received.map(({ path, type }) => [path, type])).toEqual([['/v1/traces', 'application/json']]);
    const [resource] = bodySchema.parse(received[0]!.body).resourceSpans;
    expect(resource?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'taleloom' } },
        { key: 'service.version', value: { stringValue: '9.9.9' } },
      ]),
    );
    const spans = resource!.scopeSpans.flatMap((scope) => scope.spans);
    const asked = spans.filter(({ traceId }) => traceId === parent.traceId);
    const own = spans.filter(({ traceId }) => traceId === traces.of('own').traceId);
    expect([asked.length, own.length, spans.length]).toEqual([6, 6, 12]);

    const root = asked.find(({ name }) => name === 'story.turn')!;
    expect(root.parentSpanId).toBe(parent.parentId);
    expect(own.find(({ name }) => name === 'story.turn')?.parentSpanId ?? '').toBe('');
    expect(root.status.code).toBe(2);
    expect(root.events.map(({ name }) => name)).toEqual(['feature_flag.evaluation']);
    expect(root.endTimeUnixNano - root.startTimeUnixNano).toBe(1_000_000_000n);
    const chat = asked.find(({ name }) => name === 'chat storyteller')!;
    const children = asked.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    expect(children.map(({ name }) => name).toSorted()).toEqual([
      'chat storyteller',
      'story.commit',
      'story.queue',
    ]);
    const inside = asked.filter(({ parentSpanId }) => parentSpanId === chat.spanId);
    expect(inside.map(({ name }) => name).toSorted()).toEqual(['story.decode', 'story.prefill']);
    expect(chat.attributes).toContainEqual({ key: 'gen_ai.usage.input_tokens', value: { intValue: 120 } });
    expect(JSON.stringify(received)).not.toContain('lamp');
  });
});
