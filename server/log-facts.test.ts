import { describe, expect, it } from 'vitest';
import type { SessionFact } from '../sessions/facts.ts';
import type { LogLine } from '../sessions/ops-view.ts';
import { generationFact, narratorPassage } from '../test/support/session-facts.ts';
import { FactLog } from './log-facts.ts';
import { idScope } from './log-ids.ts';
import { LogRing } from './log-ring.ts';
import { createLog } from './log.ts';
import { TurnTraces } from './tracing-context.ts';

function factLog() {
  const ring = new LogRing();
  const log = createLog('info', { ring, destination: { write: () => undefined } });
  const traces = new TurnTraces();
  const facts = new FactLog({ log, pseudonym: (id) => `hash-of-${id}`, traces });
  const query = { session: null, turn: null, request: null, level: null, event: null, limit: 10_000 };
  const lines = (turn: string | null = null): LogLine[] => ring.find({ ...query, turn });
  return { facts, lines, traces };
}

const common = { sessionId: 'session1', seq: 8, at: 1_790_000_009_000, playerId: 'player2' };

describe('facts as lines', () => {
  it('Y6: one turn id finds a whole turn, from its request to its rollback', () => {
    const { facts, lines, traces } = factLog();
    const passage = narratorPassage();
    facts.take(passage);
    facts.take(narratorPassage({ passageId: 'p2', generation: generationFact({ turnId: 'turn2' }) }));
    const moderation = {
      ...common,
      kind: 'moderation',
      holdId: 'h1',
      rule: 'topic:canary',
      severity: 2,
    } as const;
    facts.take({ ...moderation, decision: 'held', passageId: 'passage1' });
    facts.take({ ...moderation, decision: 'approved', passageId: 'passage1' });
    facts.take({ ...common, kind: 'feedback', passageId: 'passage1', type: 'positive', rating: 5 });
    facts.take({ ...common, kind: 'choice', what: 'alternative-chosen', passageId: 'passage1' });
    const rollback = { rollbackId: 'r1', scope: 'passages', timing: 'now', disruption: 0.1, restoredIds: [] };
    facts.take({ ...common, kind: 'rollback', ...rollback, struckIds: ['passage1', 'unknown'] });

    const found = lines('turn1');
    expect(found.map(({ event }) => event)).toEqual([
      'turn-asked',
      'turn-granted',
      'turn-first-token',
      'turn-ended',
      'passage-committed',
      'passage-held',
      'moderation-decided',
      'feedback-given',
      'choice-made',
      'passage-struck',
    ]);
    for (const { session, fields } of found)
      expect([session, fields.trace]).toEqual(['session1', traces.of('turn1').traceId]);
    const when = found
      .slice(0, 4)
      .map(({ fields }) => Date.parse(String(fields.happenedAt)) - passage.at + 1_000);
    expect(when).toEqual([0, 100, 300, 1_000]);
    expect(found[3]?.fields).toMatchObject({
      outcome: 'committed',
      model: 'storyteller',
      version: 'v1',
      promptHash: 'ab'.repeat(32),
      player: 'hash-of-player1',
      promptTokens: 120,
      outputTokens: 40,
      decodeMs: 600,
    });
    const all = JSON.stringify(lines());
    expect(all).not.toContain('lamp');
    expect(all).not.toContain('canary');
    expect(all.replaceAll(/hash-of-player\d/g, '')).not.toMatch(/player\d/);
  });

  it('Y6: a turn that asked no model, and what people do, have their lines', () => {
    const { facts, lines } = factLog();
    const others: SessionFact[] = [
      {
        ...common,
        kind: 'turn-ended',
        generation: generationFact({ sight: null, outcome: 'failed', finish: null }),
      },
      { ...common, kind: 'join' },
      { ...common, kind: 'leave' },
      { ...common, kind: 'gm-action', what: 'settings-changed', targetId: null },
      { ...common, kind: 'intervention', issue: 'stalled', action: 'nudge', playerId: null },
      { ...common, kind: 'purge', passageIds: ['p1', 'p2'] },
      narratorPassage({ authorKind: 'player', generation: null, playerId: 'player3', turnId: 'turn3' }),
    ];
    for (const fact of others) facts.take(fact);
    expect(lines().map(({ event }) => event)).toEqual([
      'turn-asked',
      'turn-ended',
      'player-joined',
      'player-left',
      'session-changed',
      'intervened',
      'passages-purged',
      'passage-committed',
    ]);
    expect(lines('turn3')[0]?.fields).toMatchObject({
      player: 'hash-of-player3',
      authorKind: 'player',
      length: 18,
    });
  });

  it('Y6: a hold that came before the end of its turn is found by the turn too; players are never named', () => {
    const { facts, lines } = factLog();
    const moderation = { ...common, kind: 'moderation', holdId: 'h1', rule: null, severity: 2 } as const;
    facts.take({ ...moderation, decision: 'held', passageId: 'passage1' });
    facts.take(narratorPassage());
    facts.take(narratorPassage());
    expect(lines('turn1').filter(({ event }) => event === 'passage-was-held')).toHaveLength(1);
    facts.take({ ...common, kind: 'gm-action', what: 'player-kicked', targetId: 'player7' });
    facts.take({ ...common, kind: 'gm-action', what: 'scene-begun', targetId: 'scene7' });
    expect(
      lines()
        .slice(-2)
        .map(({ fields }) => fields.target),
    ).toEqual(['hash-of-player7', 'scene7']);
  });

  it('Y6: carry nothing of the request that set the commit going', () => {
    const { facts, lines } = factLog();
    idScope({ request: 'r1', player: 'of-another', session: 'session1' }).run(() =>
      facts.take({ ...common, kind: 'intervention', issue: 'stalled', action: 'nudge', playerId: null }),
    );
    expect(lines()[0]).toMatchObject({ request: null, session: 'session1' });
    expect(lines()[0]?.fields).not.toHaveProperty('player');
  });

  it('Y6: the turns of 5,000 passages are remembered', () => {
    const { facts, lines } = factLog();
    for (let n = 0; n <= 5_000; n += 1)
      facts.take(narratorPassage({ passageId: `p${n}`, turnId: `t${n}`, generation: null }));
    for (const passageId of ['p0', 'p5000'])
      facts.take({ ...common, kind: 'feedback', passageId, type: 'neutral', rating: null });
    expect(
      lines()
        .slice(-2)
        .map(({ turn }) => turn),
    ).toEqual([null, 't5000']);
  });
});
