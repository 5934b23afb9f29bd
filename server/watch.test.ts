import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { SessionObserver } from '../sessions/peers.ts';
import { noScores, type PassageQuality } from '../sessions/quality.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { generationFact, narratorPassage } from '../test/support/session-facts.ts';
import { until } from '../test/support/wait.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { QualityBoard } from './quality-board.ts';
import { TurnTraces } from './tracing-context.ts';
import { TurnTracer } from './tracing.ts';
import type { TurnTrace } from './tracing-turn.ts';
import { superviseAudit, withBoard } from './watch.ts';

const measured: PassageQuality = {
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

describe('withBoard', () => {
  it('Y7: what is measured reaches the observer, the board of versions and the trace, once each', async () => {
    const clock = new ManualClock();
    const sent: TurnTrace[] = [];
    const tracer = new TurnTracer({
      exporter: { send: (trace) => sent.push(trace), close: () => Promise.resolve() },
      clock,
      traces: new TurnTraces(),
      pseudonym: (id) => id,
      flags: () => ({}),
      provider: 'llama.cpp',
    });
    const quality = new QualityBoard({ onDrift: () => undefined });
    const seen: string[] = [];
    const observer = {
      assessed: ({ passageId }: PassageQuality) => seen.push(passageId),
    } as unknown as SessionObserver;
    const log = pino({ level: 'silent' });
    withBoard(observer, { quality, tracer }, log).assessed(measured, false);
    withBoard(observer, { quality, tracer: null }, log).assessed({ ...measured, version: 'v2' }, false);
    tracer.take(narratorPassage({ generation: generationFact({ outcome: 'failed' }) }));
    await tracer.close();
    expect(seen).toEqual(['passage1', 'passage1']);
    expect(quality.versions(null, []).map(({ version, passages }) => [version, passages])).toEqual([
      ['v2', 1],
      ['v1', 1],
    ]);
    const results = sent[0]?.root.events.filter(({ name }) => name === 'gen_ai.evaluation.result');
    expect(results).toHaveLength(1);
  });
});

describe('superviseAudit', () => {
  const supervise = () => {
    const opened: string[] = [];
    const audit = {
      behind: () => Promise.resolve(['broken', 'other']),
    } as unknown as AuditLog;
    const sessions = {
      open: (id: string) => {
        opened.push(id);
        return Promise.reject(new Error('the journal cannot be read'));
      },
    } as unknown as Sessions;
    const history = {
      read: () => {
        throw new Error('not asked');
      },
    };
    return {
      opened,
      supervision: superviseAudit(audit, { sessions, history, log: pino({ level: 'silent' }) }),
    };
  };

  it('U7: a session that cannot be read keeps no other waiting', async () => {
    const { opened, supervision } = supervise();
    await until('both were tried', () => opened.length === 2);
    supervision.close();
    expect(opened).toEqual(['broken', 'other']);
  });
});
