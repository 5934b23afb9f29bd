import type { Scenario } from './scenario.ts';

const plain = {
  permits: 1,
  chunk: 64,
  preemptUnits: 32,
  hasCredit: true,
  perSession: 1,
  spareMemory: null,
  stepMs: 20,
  tenants: [0, 1, 2, 3],
  tenantWeights: [1, 1, 1, 1],
  sessionWeights: [1, 1, 1, 1],
  playerWeights: [1],
  happenings: [],
} satisfies Omit<Scenario, 'requests'>;

/** The floor once took a narrator's memory again and again before its prompt was evaluated. */
export const SHORT_MEMORY: Scenario = {
  ...plain,
  spareMemory: 0,
  stepMs: 2_000,
  requests: [
    { gap: 0, session: 0, player: 0, workClass: 'moderation', prompt: 25, output: 170 },
    { gap: 0, session: 1, player: 0, workClass: 'narrator', prompt: 1_800, output: 5 },
  ],
};

/** Two background jobs run below the floor of their class when narrators come for both permits. */
export const TWO_BELOW_FLOOR: Scenario = {
  ...plain,
  permits: 3,
  requests: [
    { gap: 0, session: 0, player: 0, workClass: 'narrator', prompt: 2_000, output: 50 },
    { gap: 6, session: 1, player: 0, workClass: 'background', prompt: 1, output: 100 },
    { gap: 0, session: 2, player: 0, workClass: 'background', prompt: 1, output: 100 },
    { gap: 2, session: 1, player: 0, workClass: 'narrator', prompt: 100, output: 50 },
    { gap: 0, session: 2, player: 0, workClass: 'narrator', prompt: 100, output: 50 },
  ],
};

/** Both who had the engine alone are far ahead of a third: the first to yield is cut down and then next. */
export const TWO_ALONE: Scenario = {
  ...plain,
  permits: 2,
  requests: [
    { gap: 0, session: 0, player: 0, workClass: 'narrator', prompt: 40, output: 250 },
    { gap: 0, session: 1, player: 0, workClass: 'narrator', prompt: 1, output: 250 },
    { gap: 200, session: 2, player: 0, workClass: 'narrator', prompt: 1, output: 20 },
  ],
};
