import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type DecisionEntry, type ReviewEntry } from '../sessions/moderator.ts';
import { FakeModerator } from '../test/support/fake-moderator.ts';
import { createAll } from './metric-definition.ts';
import { measured, MODERATION_METRICS } from './moderation-metrics.ts';
import { ModerationReporter } from './moderation-reporter.ts';

const moderator = new FakeModerator();

function fixture() {
  const registry = new Registry();
  const metrics = createAll(MODERATION_METRICS, registry, 'model');
  const passed: string[] = [];
  const reporter = new ModerationReporter(metrics, {
    decided: () => passed.push('decided'),
    reviewed: () => passed.push('reviewed'),
    labelled: () => passed.push('labelled'),
    purge: () => Promise.resolve(),
  });
  const line = async (start: string) =>
    (await registry.metrics()).split('\n').find((each) => each.startsWith(start));
  const panel = () => reporter.panel(moderator.info(), { items: 0, oldestSeconds: 0 });
  return { registry, metrics, passed, reporter, line, panel };
}

function decision(
  outcome: keyof typeof ACTIONS,
  of: Partial<DecisionEntry> & { spans?: DecisionEntry['verdict']['spans'] } = {},
): DecisionEntry {
  const { spans = [], ...rest } = of;
  const harm = outcome === 'allow' ? null : 'violence';
  const verdict = { ...FakeModerator.verdict('x'), outcome, action: ACTIONS[outcome], harm, spans } as const;
  return {
    at: 1,
    sessionId: 's1',
    author: 'p1',
    channel: 'story',
    rating: 'teen',
    length: 4,
    stage: 'input',
    verdict,
    ...rest,
  };
}

const review = (of: Partial<ReviewEntry>): ReviewEntry => ({
  at: 1,
  sessionId: 's1',
  holdId: 'h1',
  reviewer: 'p2',
  review: 'rejected',
  harm: 'violence',
  isOverturn: false,
  waitedMs: 1,
  ...of,
});

describe('ModerationReporter', () => {
  it.each([
    ['allow', 'input', null],
    ['allow_with_note', 'input', null],
    ['allow_with_note', 'delivered', null],
    ['soften', 'input', 'input'],
    ['block', 'input', 'input'],
    ['hold_for_gm', 'input', 'held'],
    ['hold_for_gm', 'delivered', 'delivered'],
    ['block_escalate', 'delivered', 'delivered'],
  ] as const)('%s of a text at stage %s is a violation at %s', async (outcome, stage, counted) => {
    const { reporter, line, passed } = fixture();
    reporter.decided(decision(outcome, { stage }));
    for (const each of ['input', 'held', 'delivered']) {
      const value = each === counted ? 1 : 0;
      expect(await line(`story_policy_violations_total{category="violence",stage="${each}"}`)).toMatch(
        new RegExp(` ${value}$`),
      );
    }
    expect(passed).toEqual(['decided']);
  });

  it('has no series that was not there from the start', async () => {
    const { registry, reporter, metrics } = fixture();
    const count = async () => (await registry.metrics()).split('\n').length;
    const before = await count();
    const spans = [{ start: 0, end: 1, source: 'pii', label: 'unheard of' } as const];
    for (const outcome of Object.keys(ACTIONS) as (keyof typeof ACTIONS)[])
      for (const stage of ['input', 'delivered'] as const)
        reporter.decided(decision(outcome, { stage, spans }));
    reporter.reviewed(review({ isOverturn: true, harm: null }));
    const slow = {
      ...FakeModerator.verdict('x'),
      failedTiers: ['judge', 'a new one', 'rules.pii', 'length'],
    };
    await measured(new FakeModerator(() => slow), metrics).screen(FakeModerator.request('x'));
    expect(await count()).toBe(before);
    for (const tier of ['judge', 'other', 'rules', 'length'])
      expect(await registry.metrics()).toContain(`story_moderation_tier_failures_total{tier="${tier}"} 1`);
  });

  it('counts personal data where a placeholder replaced it', async () => {
    const { reporter, line } = fixture();
    const spans = [
      { start: 0, end: 1, source: 'pii', label: 'email' },
      { start: 2, end: 3, source: 'pii', label: 'email' },
      { start: 4, end: 5, source: 'lexicon', label: 'email' },
    ] as const;
    reporter.decided(decision('soften', { spans: [...spans] }));
    reporter.decided(decision('block', { spans: [...spans] }));
    expect(await line('story_pii_redactions_total{kind="email"}')).toMatch(/ 2$/);
  });

  it('claims a pass ratio from 3,000 deliveries on', () => {
    const { reporter, panel } = fixture();
    reporter.decided(decision('block', { stage: 'delivered' }));
    reporter.decided(decision('block', { stage: 'delivered', channel: 'talk' }));
    for (let count = 0; count < 2_999; count += 1) reporter.passageDelivered();
    expect(panel().safety).toEqual({
      status: 'insufficient',
      delivered: 2_999,
      violations: 1,
      passRatio: null,
    });
    reporter.passageDelivered();
    expect(panel().safety).toMatchObject({ status: 'ok', passRatio: 1 - 1 / 3_000 });
  });

  it('tells how often people agree, from 20 reviews on', () => {
    const { reporter, panel } = fixture();
    for (let count = 0; count < 19; count += 1) reporter.reviewed(review({ isOverturn: count < 5 }));
    reporter.reviewed(review({ review: 'undone' }));
    expect(panel()).toMatchObject({ reviews: 19, overturned: 5, precision: null });
    reporter.reviewed(review({}));
    expect(panel()).toMatchObject({ reviews: 20, precision: 0.75 });
  });
});
