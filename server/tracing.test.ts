import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SessionFact } from '../sessions/facts.ts';
import { noScores, type PassageQuality } from '../sessions/quality.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { generationFact, narratorPassage } from '../test/support/session-facts.ts';
import { parseTraceparent, TurnTraces } from './tracing-context.ts';
import { openTracing, TurnTracer } from './tracing.ts';
import type { TraceSpan, TurnTrace } from './tracing-turn.ts';

const SETTLE_MS = 10_000;

function tracer(of: { clock?: ManualClock; close?: () => Promise<void> } = {}) {
  const clock = of.clock ?? new ManualClock();
  const traces = new TurnTraces();
  const sent: TurnTrace[] = [];
  const { close = () => Promise.resolve() } = of;
  const it = new TurnTracer({
    exporter: { send: (trace) => sent.push(trace), close },
    clock,
    traces,
    pseudonym: (id) => `hash-of-${id}`,
    flags: () => ({ narrator_off: false, safe_responder: true }),
    provider: 'llama.cpp',
  });
  const why = () => sent.map(({ root }) => [root.attributes['story.turn.id'], root.attributes['story.kept']]);
  return { it, clock, traces, sent, why };
}

/** A turn that is not in the sample. */
function plain(n: number, of: { totalMs?: number; outcome?: 'committed' | 'failed' } = {}): SessionFact {
  const { totalMs = 1_000, outcome = 'committed' } = of;
  const turnId = unsampled[n]!;
  const timing = { queueMs: 0, prefillMs: 0, decodeMs: totalMs, postMs: 0, totalMs };
  const generation = generationFact({ turnId, timing, outcome });
  return narratorPassage({ passageId: `p${n}`, generation });
}

const isSampled = (turnId: string): boolean =>
  Number.parseInt(new TurnTraces().of(turnId).traceId.slice(0, 8), 16) / 2 ** 32 < 0.05;
const ids = Array.from({ length: 20_000 }, (_, n) => `turn${n}`);
const unsampled = ids.filter((id) => !isSampled(id));

describe('Y7: what is kept', () => {
  it('Y7: about 5 of 100 ordinary turns', () => {
    const { it: traced, clock, sent } = tracer();
    for (const turnId of ids.slice(0, 4_000))
      traced.take(narratorPassage({ passageId: turnId, generation: generationFact({ turnId }) }));
    clock.advance(SETTLE_MS);
    expect(sent.length).toBeGreaterThan(140);
    expect(sent.length).toBeLessThan(260);
    expect(new Set(sent.map(({ root }) => String(root.attributes['story.kept'])))).toEqual(
      new Set(['sample']),
    );
  });

  it('Y7: all that failed, ten seconds after their end', () => {
    const { it: traced, clock, why } = tracer();
    traced.take(plain(0, { outcome: 'failed' }));
    traced.take({
      ...narratorPassage(),
      kind: 'turn-ended',
      generation: generationFact({ turnId: unsampled[1]!, outcome: 'failed', sight: null }),
    });
    traced.take(plain(2));
    clock.advance(SETTLE_MS - 1);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(why()).toEqual([
      [unsampled[0], ['error']],
      [unsampled[1], ['error']],
    ]);
  });

  it('Y7: those slower than 95 of the last 200', () => {
    const { it: traced, clock, why } = tracer();
    traced.take(plain(0, { totalMs: 99_000 }));
    for (let n = 1; n < 100; n += 1) traced.take(plain(n, { totalMs: 1_000 + (n % 50) }));
    traced.take(plain(200, { totalMs: 5_000 }));
    for (let n = 300; n < 500; n += 1) traced.take(plain(n, { totalMs: 10_000 + (n % 7) }));
    traced.take(plain(600, { totalMs: 5_000 }));
    clock.advance(SETTLE_MS);
    const kept = why().map(([turnId]) => turnId);
    expect(kept).toContain(unsampled[200]);
    expect(kept).not.toContain(unsampled[0]);
    expect(kept).not.toContain(unsampled[600]);
    expect(why().every(([, reasons]) => (reasons as string[]).join() === 'slow')).toBe(true);
  });

  it('Y7: those flagged, and those taken back, also long afterwards, each once', () => {
    const { it: traced, clock, why } = tracer();
    for (let n = 0; n < 6; n += 1) traced.take(plain(n));
    const common = { sessionId: 'session1', seq: 9, at: 9, playerId: 'p1' };
    const moderation = { ...common, kind: 'moderation', holdId: 'h', rule: null, severity: null } as const;
    traced.take({ ...moderation, decision: 'held', passageId: 'p0' });
    traced.take({ ...moderation, decision: 'approved', passageId: 'p5' });
    clock.advance(SETTLE_MS);
    expect(why()).toEqual([[unsampled[0], ['flagged']]]);
    traced.take({ ...moderation, decision: 'x-card', passageId: 'p1' });
    traced.take({ ...common, kind: 'feedback', passageId: 'p2', type: 'broke_story', rating: 1 });
    traced.take({ ...common, kind: 'feedback', passageId: 'p4', type: 'positive', rating: 5 });
    const rollback = { rollbackId: 'r', scope: 'passages', timing: 'now', disruption: 0.1, restoredIds: [] };
    traced.take({ ...common, kind: 'rollback', ...rollback, struckIds: ['p3', 'p1', 'unknown'] });
    expect(why().slice(1)).toEqual([
      [unsampled[1], ['flagged']],
      [unsampled[2], ['flagged']],
      [unsampled[3], ['rollback']],
    ]);
    traced.take(
      narratorPassage({
        passageId: 'p9',
        isHeld: true,
        generation: generationFact({ turnId: unsampled[9]! }),
      }),
    );
    clock.advance(SETTLE_MS);
    expect(why().at(-1)).toEqual([unsampled[9], ['flagged']]);
    traced.take({ ...moderation, decision: 'held', passageId: 'p11' });
    traced.take(plain(11));
    clock.advance(SETTLE_MS);
    expect(why().at(-1)).toEqual([unsampled[11], ['flagged']]);
  });

  it('Y7: of a thousand undecided ones; the oldest go, and those to be kept go out', () => {
    const { it: traced, clock, why } = tracer();
    traced.take(plain(0, { outcome: 'failed' }));
    for (let n = 1; n <= 1_500; n += 1) traced.take(plain(n));
    expect(why()).toEqual([[unsampled[0], ['error']]]);
    clock.advance(SETTLE_MS);
    expect(clock.pending).toBe(0);
    const rollback = {
      kind: 'rollback',
      sessionId: 's',
      seq: 1,
      at: 1,
      playerId: null,
      rollbackId: 'r',
    } as const;
    traced.take({
      ...rollback,
      scope: 'x',
      timing: 'now',
      disruption: 0,
      struckIds: ['p1', 'p1500'],
      restoredIds: [],
    });
    expect(why().slice(1)).toEqual([[unsampled[1_500], ['rollback']]]);
  });

  it('Y7: is decided at the end too, and a collector that hangs does not keep the server', async () => {
    const clock = new ManualClock();
    const { it: traced, why } = tracer({ clock, close: () => new Promise(() => undefined) });
    traced.take(plain(0, { outcome: 'failed' }));
    const closing = traced.close();
    expect(why()).toHaveLength(1);
    clock.advance(5_000);
    await closing;
    expect(clock.pending).toBe(0);
  });

  it('Y7: without a collector there is nothing', async () => {
    const parts = {
      clock: new ManualClock(),
      traces: new TurnTraces(),
      pseudonym: String,
      flags: () => ({}),
    };
    expect(await openTracing(null, { ...parts, provider: 'x', version: '1' })).toBeNull();
  });

  it('Y7: without a collector nothing is loaded: one file knows OpenTelemetry, and none imports it at the start', () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const having = (what: RegExp) =>
      files.filter((file) => what.test(readFileSync(join(import.meta.dirname, file), 'utf8')));
    expect(having(/from '@opentelemetry/)).toEqual(['tracing-otlp.ts']);
    expect(having(/^import .*tracing-otlp/m)).toEqual([]);
    expect(having(/await import\('\.\/tracing-otlp\.ts'\)/)).toEqual(['tracing.ts']);
  });
});

describe('Y7: the trace of a turn', () => {
  const names = (span: TraceSpan): unknown => [span.name, ...span.children.map(names)];

  it('Y7: carries the measures of its passage, which come before the passage is told of', () => {
    const { it: traced, clock, sent } = tracer();
    const fast: PassageQuality = {
      sessionId: 'session1',
      passageId: 'passage1',
      alternativeId: 'alternative1',
      version: 'v1',
      authorKind: 'narrator',
      at: 1,
      scores: { ...noScores(), narrative_coherence: 0.7 },
      methods: {},
      thresholdVersion: '1',
      below: [],
      voice: [],
    };
    traced.assessed(fast);
    traced.assessed({ ...fast, passageId: 'other', scores: { ...noScores(), narrative_coherence: 0.1 } });
    traced.take(narratorPassage({ generation: generationFact({ outcome: 'failed' }) }));
    clock.advance(SETTLE_MS);
    const evaluations = sent[0]!.root.events.filter(({ name }) => name === 'gen_ai.evaluation.result');
    expect(evaluations.map(({ attributes }) => attributes['gen_ai.evaluation.score.value'])).toEqual([0.7]);
  });

  it('Y7: has its stages one after the other, with what was asked of the model', () => {
    const { it: traced, clock, sent, traces } = tracer();
    const passage = narratorPassage({ isHeld: true });
    traced.take(passage);
    const quality: PassageQuality = {
      sessionId: 'session1',
      passageId: passage.passageId,
      alternativeId: 'alternative1',
      authorKind: 'narrator',
      version: 'v1',
      at: passage.at + 5,
      scores: { ...noScores(), narrative_coherence: 0.42, diversity: 0.9 },
      methods: { narrative_coherence: 'D1-tfidf/en-1' },
      thresholdVersion: '1',
      below: ['narrative_coherence'],
      voice: [],
    };
    traced.assessed(quality);
    clock.advance(SETTLE_MS);
    const [{ root, context }] = sent as [TurnTrace];
    expect(context).toEqual(traces.of('turn1'));
    expect(names(root)).toEqual([
      'story.turn',
      ['story.queue'],
      ['chat storyteller', ['story.prefill'], ['story.decode']],
      ['story.commit'],
    ]);
    const [queue, chat, commit] = root.children as [TraceSpan, TraceSpan, TraceSpan];
    const start = passage.at - 1_000;
    expect(
      [root, queue, chat, ...chat.children, commit].map(({ startAt, endAt }) => [
        startAt - start,
        endAt - start,
      ]),
    ).toEqual([
      [0, 1_000],
      [0, 100],
      [100, 900],
      [100, 300],
      [300, 900],
      [900, 1_000],
    ]);
    expect(chat.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'llama.cpp',
      'gen_ai.request.model': 'storyteller',
      'gen_ai.request.temperature': 0.8,
      'gen_ai.request.top_p': 0.95,
      'gen_ai.request.max_tokens': 200,
      'gen_ai.request.seed': 7,
      'gen_ai.usage.input_tokens': 120,
      'gen_ai.usage.output_tokens': 40,
      'gen_ai.response.finish_reasons': ['end'],
      'gen_ai.conversation.id': 'session1',
      'story.prompt.version': 'v1',
      'story.prompt.hash': 'ab'.repeat(32),
      'story.prompt.reused_tokens': 0,
      'story.prompt.dropped_passages': 0,
      'story.context.tokens': 2_048,
    });
    expect(root.attributes).toMatchObject({
      'story.player': 'hash-of-player1',
      'story.passage.id': 'passage1',
    });
    expect(root.events.map(({ name, attributes }) => [name, ...Object.values(attributes)])).toEqual([
      ['feature_flag.evaluation', 'narrator_off', 'off'],
      ['feature_flag.evaluation', 'safe_responder', 'on'],
      ['gen_ai.evaluation.result', 'narrative_coherence', 0.42, 'below', 'D1-tfidf/en-1'],
      ['gen_ai.evaluation.result', 'diversity', 0.9, 'ok'],
    ]);
    expect(JSON.stringify(root)).not.toContain('lamp');
  });

  it('Y7: of a turn that asked no model has no request to one', () => {
    const { it: traced, clock, sent } = tracer();
    const generation = generationFact({ sight: null, outcome: 'failed', finish: null });
    traced.take({ ...narratorPassage(), kind: 'turn-ended', generation });
    clock.advance(SETTLE_MS);
    expect(names(sent[0]!.root)).toEqual(['story.turn', ['story.queue'], ['story.commit']]);
    expect(sent[0]!.root).toMatchObject({ error: 'failed', attributes: { 'error.type': 'failed' } });
  });
});

describe('Y7: where a trace comes from', () => {
  const id = 'a'.repeat(32);
  const rows: [what: string, text: string | undefined, traceId: string | null][] = [
    ['none', undefined, null],
    ['a good one', `00-${id}-${'b'.repeat(16)}-01`, id],
    ['spaces around it', ` 00-${id}-${'b'.repeat(16)}-00 `, id],
    ['a later version with more in it', `01-${id}-${'b'.repeat(16)}-01-more`, id],
    ['this version with more in it', `00-${id}-${'b'.repeat(16)}-01-more`, null],
    ['version ff', `ff-${id}-${'b'.repeat(16)}-01`, null],
    ['no trace', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, null],
    ['no parent', `00-${id}-${'0'.repeat(16)}-01`, null],
    ['upper case', `00-${id.toUpperCase()}-${'b'.repeat(16)}-01`, null],
    ['too short', `00-${id.slice(1)}-${'b'.repeat(16)}-01`, null],
    ['words', 'Ann was here', null],
  ];
  it.each(rows)('Y7: a traceparent: %s', (_what, text, traceId) => {
    expect(parseTraceparent(text)?.traceId ?? null).toBe(traceId);
  });

  it('Y7: a turn has the trace of its request, else one of its own, and 5,000 are remembered', () => {
    const traces = new TurnTraces();
    expect(traces.of('t1')).toEqual(new TurnTraces().of('t1'));
    expect(traces.of('t1').traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(traces.of('t1').traceId).not.toBe(traces.of('t2').traceId);
    const context = { traceId: id, parentId: 'b'.repeat(16) };
    for (let n = 0; n < 5_001; n += 1) traces.remember(`t${n}`, context);
    expect(traces.of('t5000')).toEqual(context);
    expect(traces.of('t0')).toEqual(new TurnTraces().of('t0'));
  });
});
