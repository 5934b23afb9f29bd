import { beforeAll, describe, expect, it } from 'vitest';
import { acceptanceChecks } from './acceptance.ts';
import type { Check } from './acceptance.ts';
import { runVirtual } from './virtual.ts';
import { WORKLOADS } from './workloads.ts';

const SEEDS = [1, 2, 3];
// Only told by the benchmark: long, and nothing is promised of it.
const workloads = WORKLOADS.filter(({ name }) => name !== 'W1-linear');
/** The names do not depend on what is measured. */
const names = acceptanceChecks(
  workloads.map(({ name }) => ({ workload: name, policy: 'fair', medians: {}, seeds: [] })),
).map(({ name }) => name);

describe('the fair queue on a virtual clock', () => {
  let checks: Check[] = [];
  beforeAll(() => {
    const runs = runVirtual({
      workloads,
      seeds: SEEDS,
      policiesOf: ({ name }) => (name.startsWith('W5') ? ['vtc', 'fair'] : ['fair']),
      hasForecasts: false,
    });
    checks = acceptanceChecks(runs);
  }, 240_000);

  for (const name of names) {
    it(name, () => {
      const check = checks.find((other) => other.name === name);
      expect(check, JSON.stringify(check)).toMatchObject({ isMet: true });
    });
  }
});
