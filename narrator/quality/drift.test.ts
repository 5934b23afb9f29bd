import { describe, expect, it } from 'vitest';
import { DriftWatch } from './drift.ts';

const METRIC = 'narrative_coherence';
const BASELINE = 200;
const SIGMA = 0.09;

/** Mulberry32: the same seed gives the same stream. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box-Muller. */
function normal(seed: number): (mean: number) => number {
  const next = uniform(seed);
  return (mean) => mean + SIGMA * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** An exponential tail below. */
function skewed(seed: number): (mean: number) => number {
  const next = uniform(seed);
  return (mean) => mean + SIGMA * (1 + Math.log(1 - next()));
}

/** As D0 calibrates: 5 of 100 under 0.8, half over 0.93, never over 1; the drop takes all of them down. */
function calibrated(seed: number): (mean: number) => number {
  const next = uniform(seed);
  const quantile = (at: number) => {
    if (at < 0.05) return 16 * at;
    return at < 0.5 ? 0.8 + (0.13 * (at - 0.05)) / 0.45 : Math.min(1, 0.93 + (0.07 * (at - 0.5)) / 0.49);
  };
  return (mean) => quantile(next()) + mean - 0.85;
}

const SHAPES = [
  ['normal', normal],
  ['skewed', skewed],
  ['calibrated', calibrated],
] as const;

class Stream {
  readonly watch = new DriftWatch();
  private passages = 0;
  add(score: number, version = 'v') {
    this.passages += 1;
    return this.watch.add({ metric: METRIC, version, passageId: `p${this.passages}`, score });
  }
  get state() {
    return this.watch.reading('v', METRIC)?.state ?? null;
  }
}

/** A version with its baseline, and what draws its next scores. */
function healthy(draw: (mean: number) => number, mean = 0.85): Stream {
  const stream = new Stream();
  for (let at = 0; at < BASELINE; at += 1) stream.add(draw(mean));
  return stream;
}

/** Passages until drift is found; null: not within `most`. */
function delayOf(stream: Stream, draw: () => number, most: number): number | null {
  for (let at = 1; at <= most; at += 1) if (stream.add(draw()).after === 2) return at;
  return null;
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed + 1);

describe('drift of a narrator version', () => {
  it.each(SHAPES)('J7: a drop of 0.10 is found within 40 passages (%s scores)', (_name, make) => {
    const delays = SEEDS.map((seed) => {
      const draw = make(seed);
      return delayOf(healthy(draw), () => draw(0.75), 40);
    });
    const found = delays.filter((delay) => delay !== null).sort((a, b) => a - b);
    expect(found.length).toBeGreaterThanOrEqual(0.95 * SEEDS.length);
    const median = found[Math.floor(found.length / 2)]!;
    expect(median).toBeGreaterThanOrEqual(10);
    expect(median).toBeLessThanOrEqual(22);
  });

  it.each(SHAPES)(
    'J7: a thousand healthy passages alarm in at most 4 of 100 runs (%s scores)',
    (_name, make) => {
      const alarms = SEEDS.filter((seed) => {
        const draw = make(seed + 1_000);
        return delayOf(healthy(draw), () => draw(0.85), 1_000) !== null;
      });
      expect(alarms.length).toBeLessThanOrEqual(0.04 * SEEDS.length);
    },
  );

  it('J7: the figure of the former way does not find that drop', () => {
    const draw = normal(7);
    const stream = healthy(draw);
    expect(delayOf(stream, () => draw(0.75), 40)).not.toBeNull();
    const reading = stream.watch.reading('v', METRIC)!;
    expect(Math.abs(reading.legacyZ!)).toBeLessThan(2);
  });

  it('J7: tells no reading before the baseline, and is well again after a bad time', () => {
    const draw = normal(3);
    const stream = new Stream();
    for (let at = 1; at < BASELINE; at += 1) stream.add(draw(0.85));
    expect(stream.state).toBeNull();
    expect(stream.add(draw(0.85))).toEqual({ before: null, after: 0 });
    for (let at = 0; at < 300; at += 1) stream.add(draw(0.5));
    expect(stream.state).toBe(2);
    for (let at = 0; at < 60; at += 1) stream.add(draw(0.85));
    expect(stream.state).toBe(0);
  });

  it('J7: better scores are no drift', () => {
    const draw = normal(4);
    const stream = healthy(draw, 0.6);
    expect(delayOf(stream, () => draw(0.9), 500)).toBeNull();
    expect(stream.watch.reading('v', METRIC)!.welchZ).not.toBeNull();
  });

  it('J7: the spread has a floor: a version that never varied does not alarm at a ripple', () => {
    const stream = new Stream();
    for (let at = 0; at < BASELINE; at += 1) stream.add(0.9);
    expect(delayOf(stream, () => 0.895, 500)).toBeNull();
    expect(delayOf(stream, () => 0.8, 5)).not.toBeNull();
  });

  it('J7: a baseline learns nothing of passages that were disliked', () => {
    const stream = new Stream();
    for (let at = 0; at < BASELINE - 1; at += 1) stream.add(at < 50 ? 0.1 : 0.9);
    for (let at = 1; at <= 50; at += 1) stream.watch.exclude(`p${at}`);
    stream.add(0.9);
    expect(stream.state).toBeNull();
    for (let at = 0; at < 50; at += 1) stream.add(0.9);
    expect(stream.state).toBe(0);
    expect(delayOf(stream, () => 0.8, 5)).not.toBeNull();
  });

  it('J7: the 1,001st score evicts the first', () => {
    const stream = new Stream();
    const all = Array.from({ length: 1_001 }, (_, at) => at / 1_001);
    for (const score of all.slice(0, 1_000)) stream.add(score);
    expect(stream.watch.scores('v', METRIC)).toEqual(all.slice(0, 1_000));
    stream.add(all[1_000]!);
    expect(stream.watch.scores('v', METRIC)).toEqual(all.slice(1));
  });

  it('J7: watches eight versions, the ones that wrote last', () => {
    const stream = new Stream();
    for (let version = 1; version <= 8; version += 1) stream.add(1, `v${version}`);
    stream.add(1, 'v1');
    stream.add(1, 'v9');
    expect(stream.watch.versions).toEqual(['v3', 'v4', 'v5', 'v6', 'v7', 'v8', 'v1', 'v9']);
    expect(stream.watch.scores('v2', METRIC)).toEqual([]);
  });
});
