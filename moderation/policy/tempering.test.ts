import { describe, expect, it } from 'vitest';
import { SCORES } from '../../sessions/moderator.ts';
import type { Finding, ModelScores } from '../findings.ts';
import { viewsOf } from '../text/normalise.ts';
import { temper } from './tempering.ts';

const none = Object.fromEntries(SCORES.map((name) => [name, 0])) as unknown as ModelScores;
const finding = (id: string, harm: Finding['harm'], severity: number): Finding => ({
  id,
  harm,
  severity,
  spans: [{ start: 0, end: 1 }],
  source: 'rule',
  label: harm,
});
const scoresOf = (text: string, model: Partial<ModelScores>, findings: Finding[] = []) =>
  temper({ ...none, ...model }, findings, viewsOf(text));

describe('scores after the rules', () => {
  it('weak signs raise what the model half suspects, two kinds more than one', () => {
    const plain = scoresOf('take it back', { harassment: 0.6 }).harassment;
    const one = scoresOf('take it back', { harassment: 0.6 }, [
      finding('harassment.hint.one', 'harassment', 0),
    ]);
    const two = scoresOf('take it back', { harassment: 0.6 }, [
      finding('harassment.hint.two', 'harassment', 0),
    ]);
    expect(plain).toBe(0.6);
    expect(one.harassment).toBeGreaterThan(plain);
    expect(two.harassment).toBeGreaterThan(0.8);
    expect(two.harassment).toBeGreaterThan(one.harassment);
  });

  it('weak signs alone are nothing', () => {
    const alone = scoresOf('take it back', { harassment: 0.1 }, [
      finding('harassment.hint.two', 'harassment', 0),
    ]);
    expect(alone.harassment).toBeLessThan(0.5);
  });

  it('what is sexual counts against a minor only where a child is in it', () => {
    expect(scoresOf('the teenagers went upstairs', { sexual: 0.7 }).sexual_minors).toBe(0.7);
    expect(scoresOf('the duchess went upstairs', { sexual: 0.7 }).sexual_minors).toBe(0);
    expect(scoresOf('the teenagers went upstairs', { sexual: 0.3 }).sexual_minors).toBe(0);
  });

  it('hate without a group in the text is hardly believed', () => {
    expect(scoresOf('She keeps the keys.', { hate: 0.7 }).hate).toBeLessThan(0.5);
    expect(scoresOf('Immigrants keep the keys.', { hate: 0.7 }).hate).toBe(0.7);
  });
});
