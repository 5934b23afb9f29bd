import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMS, OUTCOMES, type Harm, type Outcome } from '../../sessions/moderator.ts';
import { decide, weigh, type Weighing } from './decide.ts';
import type { Finding } from '../findings.ts';
import { loadPolicy } from './policy.ts';
import { requestOf, scoresOf } from '../../test/support/screen-requests.ts';

const policy = await loadPolicy(null);

function finding(harm: Harm, severity: number, given: Partial<Finding> = {}): Finding {
  return {
    id: `x.${harm}`,
    harm,
    severity,
    spans: [{ start: 0, end: 3 }],
    source: 'rule',
    label: harm,
    ...given,
  };
}

/** D16 once more, written down from its sentence instead of from the code. */
function d16(w: Weighing): Outcome {
  if (w.isZeroTolerance && w.severity >= 2) return 'block_escalate';
  const discount = w.isDepiction ? w.severity * 0.5 * w.intent : 0;
  const s = w.severity - discount - w.allowed;
  let outcome: Outcome = 'block';
  if (s <= 2) outcome = 'hold_for_gm';
  if (s <= 1) outcome = 'allow_with_note';
  if (s <= 0) return 'allow';
  const byImpact = w.impact >= 0.5;
  const byHistory = w.history < 0.3;
  if (!byImpact && !byHistory) return outcome;
  if (outcome === 'allow_with_note') return 'hold_for_gm';
  if (outcome === 'hold_for_gm') return byImpact ? 'block' : 'hold_for_gm';
  return outcome;
}

describe('D16', () => {
  it('M2: decides every combination as its sentence says', () => {
    let seen = 0;
    for (const severity of [0, 1, 2, 3, 4])
      for (const allowed of [0, 1, 2, 3, 4])
        for (const intent of [0, 0.3, 0.8, 0.9])
          for (const impact of [0, 0.49, 0.5, 1])
            for (const history of [0, 0.29, 0.3, 0.9])
              for (const isDepiction of [true, false])
                for (const isZeroTolerance of [true, false]) {
                  const w = { severity, allowed, intent, isDepiction, isZeroTolerance, impact, history };
                  expect(weigh(w, policy.stricter), JSON.stringify(w)).toBe(d16(w));
                  seen += 1;
                }
    expect(seen).toBe(6400);
  });

  it('M5: is never milder for a worse text, a lower allowance, a worse history or more people', () => {
    const severity = fc.integer({ min: 0, max: 4 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const weighing = fc.record({
      severity,
      allowed: severity,
      intent: share,
      isDepiction: fc.boolean(),
      isZeroTolerance: fc.boolean(),
      impact: share,
      history: share,
    });
    const rankOf = (w: Weighing) => OUTCOMES.indexOf(weigh(w, policy.stricter));
    fc.assert(
      fc.property(weighing, weighing, (a, b) => {
        const worse = {
          ...a,
          severity: Math.max(a.severity, b.severity),
          allowed: Math.min(a.allowed, b.allowed),
          intent: Math.min(a.intent, b.intent),
          impact: Math.max(a.impact, b.impact),
          history: Math.min(a.history, b.history),
        };
        expect(rankOf(worse)).toBeGreaterThanOrEqual(rankOf(a));
      }),
    );
  });
});

describe('decide', () => {
  const none = scoresOf();

  it('allows what holds nothing, without a reason', () => {
    const decision = decide([], none, requestOf({ text: 'A quiet morning.' }), policy);
    expect(decision).toMatchObject({ outcome: 'allow', rules: [], harm: null, reason: '', isStrike: false });
  });

  it('M3: escalates sexual content with minors in every channel, rating and genre', () => {
    for (const channel of ['story', 'talk', 'direction', 'narrator', 'name'] as const)
      for (const rating of ['everyone', 'teen', 'mature'] as const) {
        const request = requestOf({ text: 'abc', channel, rules: { rating, genre: 'horror' } });
        const decision = decide([finding('sexual_minors', 2)], none, request, policy);
        expect(decision).toMatchObject({ outcome: 'block_escalate', harm: 'sexual_minors', isStrike: true });
      }
  });

  it('S4: holds a disclosure for a person, against nobody, whatever the model says about it', () => {
    const disclosure = finding('self_harm', 3, { id: 'self-harm.disclosure' });
    const scores = scoresOf({ harassment: 0.99, hate: 0.99, self_harm: 0.99 });
    for (const history of [0, 1]) {
      const request = requestOf({ text: 'abc', channel: 'talk', history, playersPresent: 6 });
      const decision = decide([disclosure], scores, request, policy);
      expect(decision).toMatchObject({ outcome: 'hold_for_gm', needsHelp: true, isStrike: false });
      expect(decision.reason).toBe(policy.reasons['self-harm.disclosure']);
    }
  });

  it('blocks threats at players and doxxing, and gives their own reason', () => {
    for (const id of ['threat.player', 'doxxing.player']) {
      const decision = decide([finding('real_person', 1, { id })], none, requestOf({ text: 'abc' }), policy);
      expect(decision).toMatchObject({ outcome: 'block', isStrike: true, reason: policy.reasons[id] });
    }
  });

  it('masks words that are all that is wrong, but not in names and titles', () => {
    const words = [finding('profanity', 3)];
    const at = (channel: 'story' | 'talk' | 'name' | 'title') =>
      decide(words, none, requestOf({ text: 'abc', channel, rules: { rating: 'everyone' } }), policy);
    expect(at('story')).toMatchObject({ outcome: 'soften', masked: words });
    expect(at('talk').outcome).toBe('soften');
    expect(at('name')).toMatchObject({ outcome: 'block', masked: [] });
    expect(at('title').outcome).toBe('block');
  });

  it('lets the hardest outcome decide and names its rule first', () => {
    const found = [finding('profanity', 3), finding('instructions_harm', 4), finding('veil', 2)];
    const decision = decide(found, none, requestOf({ text: 'abc', rules: { rating: 'everyone' } }), policy);
    expect(decision.harm).toBe('instructions_harm');
    expect(decision.rules).toEqual(['x.instructions_harm', 'x.profanity', 'x.veil']);
    expect(decision.masked).toHaveLength(1);
  });

  it('tells the same text apart by genre', () => {
    const outcome = (genre: 'horror' | 'fairy-tale' | 'general') =>
      decide([finding('violence', 2)], none, requestOf({ text: 'abc', rules: { genre } }), policy).outcome;
    expect([outcome('horror'), outcome('general'), outcome('fairy-tale')]).toEqual([
      'allow',
      'allow_with_note',
      'hold_for_gm',
    ]);
  });

  it('M5, S7: lets a table tighten but not loosen', () => {
    const of = (level: number) =>
      decide(
        [finding('violence', 2)],
        none,
        requestOf({ text: 'abc', rules: { levels: { violence: level } } }),
        policy,
      ).outcome;
    expect(of(0)).toBe('hold_for_gm');
    expect(of(4)).toBe(of(1));
  });

  it('holds hate by the model in talk and blocks it from 0.9 on', () => {
    const at = (hate: number) =>
      decide([], scoresOf({ hate }), requestOf({ channel: 'talk' }), policy).outcome;
    expect([at(0.4), at(0.7), at(0.89), at(0.9)]).toEqual(['allow', 'hold_for_gm', 'hold_for_gm', 'block']);
  });

  it('never blocks story text by the model alone', () => {
    const scores = scoresOf({ hate: 1, harassment: 1, violence: 1, self_harm: 1, injection: 1, toxicity: 1 });
    const { outcome } = decide([], scores, requestOf({ text: 'abc' }), policy);
    expect(OUTCOMES.indexOf(outcome)).toBeLessThan(OUTCOMES.indexOf('block'));
  });

  it('has a reason for every kind of harm', () => {
    for (const harm of HARMS) {
      const { outcome, reason } = decide([finding(harm, 4)], none, requestOf({ text: 'abc' }), policy);
      expect(outcome, harm).not.toBe('allow');
      expect(reason.length, harm).toBeGreaterThan(10);
    }
  });
});
