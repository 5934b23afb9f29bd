import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/support/manual-clock.ts';
import { createStatus, type StatusParts } from './status-levels.ts';
import { diskOf } from './status-host.ts';
import { RequestTally } from './status-tally.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const READY = { status: 'ready', reason: null, model: 'm', isDemo: false, isShort: false } as const;

function parts(of: Partial<StatusParts> = {}): StatusParts {
  return {
    version: '1.2.3',
    clock: new ManualClock(1_000),
    device: () => 'cpu',
    requestsPerMinute: () => 12,
    isLoaded: () => true,
    isServing: () => true,
    storeWorks: () => true,
    disk: () => Promise.resolve({ freeBytes: 50 * GIB, totalBytes: 100 * GIB }),
    audit: () => ({ works: true, reason: null }),
    narrator: () => READY,
    wantsNarrator: true,
    commands: () => ({ total: 1_000, errors: 1 }),
    loopDelay: () => 0.01,
    quality: () => [{ metric: 'narrative_coherence', mean: 0.8, threshold: 0.5, drift: 0 }],
    ...of,
  };
}

const broken = (): never => {
  throw new Error('cannot tell');
};
const standing = (mean: number | null, drift: 0 | 1 | 2 | null) => () => [
  { metric: 'narrative_coherence' as const, mean, threshold: 0.5, drift },
];
const disk = (freeBytes: number, totalBytes = 100 * GIB) => ({
  disk: () => Promise.resolve({ freeBytes, totalBytes }),
});

describe('Y8: three levels', () => {
  it('Y8: are green with nothing to say when all is well', async () => {
    expect(await createStatus(parts()).status()).toEqual({
      version: '1.2.3',
      at: 1_000,
      device: 'cpu',
      requestsPerMinute: 12,
      levels: {
        basic: { state: 'green', reasons: [] },
        cognitive: { state: 'green', reasons: [] },
        integration: { state: 'green', reasons: [] },
      },
    });
  });

  type Row = [what: string, of: Partial<StatusParts>, states: [string, string, string], reason: RegExp];
  const rows: Row[] = [
    ['starting', { isLoaded: () => false }, ['yellow', 'green', 'green'], /starting/],
    ['stopping', { isServing: () => false }, ['yellow', 'green', 'green'], /stopping/],
    [
      'some failures',
      { commands: () => ({ total: 1_000, errors: 5 }) },
      ['yellow', 'green', 'green'],
      /5 of 1000/,
    ],
    ['many failures', { commands: () => ({ total: 100, errors: 5 }) }, ['red', 'green', 'green'], /5\.0 %/],
    ['late', { loopDelay: () => 0.3 }, ['yellow', 'green', 'green'], /0\.30 s late/],
    ['very late', { loopDelay: () => 1.5 }, ['red', 'green', 'green'], /1\.50 s late/],
    ['under the threshold', { quality: standing(0.45, 0) }, ['green', 'yellow', 'green'], /0\.45, under/],
    ['far under it', { quality: standing(0.39, null) }, ['green', 'red', 'green'], /0\.39, under/],
    ['suspect', { quality: standing(0.6, 1) }, ['green', 'yellow', 'green'], /may be drifting/],
    ['drift', { quality: standing(0.6, 2) }, ['green', 'red', 'green'], /has drifted/],
    ['read-only', { storeWorks: () => false }, ['green', 'green', 'red'], /read-only/],
    ['disk short', disk(900 * MIB), ['green', 'green', 'yellow'], /900 MiB/],
    ['disk full', disk(50 * MIB), ['green', 'green', 'red'], /50 MiB/],
    [
      'audit',
      { audit: () => ({ works: false, reason: 'Bad leaf 7.' }) },
      ['green', 'green', 'red'],
      /Bad leaf 7/,
    ],
    [
      'narrator lost',
      { narrator: () => ({ ...READY, status: 'off', reason: 'The engine died.' }) },
      ['green', 'green', 'red'],
      /off: The engine died/,
    ],
    [
      'narrator loading',
      { narrator: () => ({ ...READY, status: 'loading' }) },
      ['green', 'green', 'yellow'],
      /loading/,
    ],
    ['not to be told', { audit: broken }, ['green', 'green', 'yellow'], /cannot be told.*audit/],
    ['quality not to be told', { quality: broken }, ['green', 'yellow', 'green'], /cannot be told.*quality/],
    [
      'disk not to be told',
      { disk: () => Promise.reject(new Error()) },
      ['green', 'green', 'yellow'],
      /room/,
    ],
  ];
  it.each(rows)('Y8: %s', async (_what, of, states, reason) => {
    const { levels } = await createStatus(parts(of)).status();
    expect([levels.basic.state, levels.cognitive.state, levels.integration.state]).toEqual(states);
    const { basic, cognitive, integration } = levels;
    expect([...basic.reasons, ...cognitive.reasons, ...integration.reasons]).toEqual([
      expect.stringMatching(reason) as string,
    ]);
  });

  it('Y8: what is wanted off, small, rare or not measured makes nothing worse', async () => {
    const fine: Partial<StatusParts>[] = [
      { wantsNarrator: false, narrator: () => ({ ...READY, status: 'off' }) },
      { commands: () => ({ total: 4, errors: 4 }) },
      { loopDelay: () => null },
      { quality: standing(null, null) },
      { quality: () => [] },
      disk(20 * MIB, 32 * MIB),
    ];
    for (const of of fine) {
      const { levels } = await createStatus(parts(of)).status();
      expect(Object.values(levels).map(({ state }) => state)).toEqual(['green', 'green', 'green']);
    }
  });

  it('Y8: tell the worst first', async () => {
    const of = parts({
      storeWorks: () => false,
      narrator: () => ({ ...READY, status: 'loading' }),
      ...disk(50 * MIB),
    });
    const { integration } = (await createStatus(of).status()).levels;
    expect(integration.state).toBe('red');
    expect(integration.reasons).toHaveLength(3);
    expect(integration.reasons[2]).toContain('loading');
  });
});

describe('Y8: ready', () => {
  const causes: [name: string, of: Partial<StatusParts>][] = [
    ['loaded', { isLoaded: () => false }],
    ['serving', { isServing: () => false }],
    ['store', { storeWorks: () => false }],
    ['disk', disk(99 * MIB)],
    ['disk', disk(1 * MIB, 32 * MIB)],
    ['audit', { audit: () => ({ works: false, reason: null }) }],
    ['audit', { audit: broken }],
    ['store', { storeWorks: broken }],
  ];
  it.each(causes)('Y8: not with %s', async (name, of) => {
    const answer = await createStatus(parts(of)).ready();
    expect(answer.ready).toBe(false);
    expect(answer.failing).toEqual([name]);
    expect(answer.checks).toMatchObject({ [name]: false });
  });

  it('Y8: is shown without a narrator, and with a disk nobody can tell about', async () => {
    const of = parts({
      narrator: () => ({ ...READY, status: 'off' }),
      disk: () => Promise.resolve(null),
      quality: broken,
    });
    const answer = await createStatus(of).ready();
    expect(answer).toMatchObject({ ready: true, failing: [], checks: { narrator: 'off', disk: true } });
  });
});

describe('Y8: figures', () => {
  it('Y8: requests of a minute and failures of five are counted, older ones not', () => {
    const clock = new ManualClock(0);
    const tally = new RequestTally(clock);
    expect(tally.perMinute()).toBeNull();
    for (let second = 0; second < 600; second += 1) {
      tally.note(second % 10 === 0);
      clock.advance(1_000);
    }
    expect(tally.perMinute()).toBe(60);
    expect(tally.recent()).toEqual({ total: 300, errors: 30 });
    clock.advance(10 * 60_000);
    expect(tally.perMinute()).toBe(0);
    expect(tally.recent()).toEqual({ total: 0, errors: 0 });
  });

  it('Y8: the disk is asked', async () => {
    const space = await diskOf(import.meta.dirname);
    expect(space?.totalBytes).toBeGreaterThan(space?.freeBytes ?? Infinity);
    expect(await diskOf('/no/such/folder')).toBeNull();
  });
});
