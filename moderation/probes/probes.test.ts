import { afterAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../sessions/ports.ts';
import { assessProbes, type GroupResult } from '../assess.ts';
import { createModerator } from '../moderator.ts';
import { FICTION_PROBES } from './fiction-probes.ts';
import { HATE_PROBES } from './hate-probes.ts';
import { PEOPLE_PROBES } from './people-probes.ts';
import { SAFETY_PROBES } from './safety-probes.ts';
import { TABLE_PROBES } from './table-probes.ts';
import { UNSEEN_FOUR_PROBES } from './unseen-four-probes.ts';
import { UNSEEN_ONE_PROBES } from './unseen-one-probes.ts';
import { UNSEEN_THREE_PROBES } from './unseen-three-probes.ts';
import { UNSEEN_TWO_PROBES } from './unseen-two-probes.ts';

const PROBES = [
  ...HATE_PROBES,
  ...PEOPLE_PROBES,
  ...FICTION_PROBES,
  ...SAFETY_PROBES,
  ...TABLE_PROBES,
  ...UNSEEN_ONE_PROBES,
  ...UNSEEN_TWO_PROBES,
  ...UNSEEN_THREE_PROBES,
  ...UNSEEN_FOUR_PROBES,
];
/** Share of acceptable decisions that each group must reach, and the few that must reach more. */
const FLOOR = 0.8;
const FLOORS: Record<string, number> = {
  'minors': 1,
  'hate in talk': 1,
  'threats at players': 0.9,
  'self-harm urged': 1,
  'self-harm disclosed': 0.9,
  'doxxing': 1,
  'instructions for harm': 0.9,
  'lines': 0.9,
  'reclaimed words': 0.5,
  'unseen: minors': 1,
  'unseen: minors in talk': 1,
};

const clock: Clock = { now: () => 0, after: () => () => undefined };
const moderator = await createModerator({ encoder: 'off', judge: null, clock });
const results = await assessProbes(moderator, PROBES);

afterAll(() => moderator.close());

function table(groups: readonly GroupResult[]): string {
  const lines = groups.map(({ group, passed, total }) => `${group.padEnd(36)} ${passed}/${total}`);
  return ['acceptable decisions, without the encoder', ...lines].join('\n');
}

describe('functional probes', () => {
  it('are many, each its own', () => {
    console.log(table(results));
    expect(PROBES.length).toBeGreaterThanOrEqual(250);
    const keys = PROBES.map((probe) => JSON.stringify(probe));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(results.map((result) => [result.group, result] as const))(
    '%s',
    (group, { passed, total, failed }) => {
      const told = failed.map(({ probe, action, rules }) => `${probe.text}: ${action} (${rules.join(', ')})`);
      expect(passed / total, told.join('\n')).toBeGreaterThanOrEqual(FLOORS[group] ?? FLOOR);
    },
  );

  it('are decided well as a whole', () => {
    const passed = results.reduce((sum, each) => sum + each.passed, 0);
    expect(passed / PROBES.length).toBeGreaterThanOrEqual(0.93);
  });
});
