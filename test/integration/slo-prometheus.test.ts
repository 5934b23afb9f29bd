import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelSets, type Definition } from '../../server/metric-definition.ts';
import { CATALOGUE } from '../../server/metrics.ts';
import { BOARD_LIST } from '../../server/observability/boards.ts';
import {
  durationOf,
  groupOf,
  passes,
  promqlOf,
  selectionsOf,
  type Expression,
} from '../../server/observability/expressions.ts';
import { MetricHistory, type Sample, type Scrape } from '../../server/observability/history.ts';
import { evaluate, historySource } from '../../server/observability/history-values.ts';
import { AGREEMENTS, OBJECTIVES, valueExpression } from '../../server/observability/slos.ts';
import { SloKeeper, type SloRow } from '../../server/observability/slo-keeper.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { skipUnless } from '../support/programs.ts';
import { RecordedPrometheus } from '../support/prometheus.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const START = 1_790_000_000_000;
const EVERY = 15_000;
const SCRAPES = 480;
const MINUTE = 60_000;
/** Scrapes that failed, and the one before which the process was started anew. */
const FAILED = new Set([100, 101, 102, 103, 301]);
const RESTARTED = 240;

const boardLines = BOARD_LIST.flatMap(({ rows }) => rows)
  .flatMap(({ panels }) => panels)
  .flatMap(({ lines }) => lines.map(({ value }) => value));
const objectives = [...OBJECTIVES, ...AGREEMENTS].map(valueExpression);
const expressions = [...boardLines, ...objectives];

/** One series of the recording: how it grows, and what it stands at. */
interface Course {
  name: string;
  labels: Record<string, string>;
  step: () => void;
  value: () => number;
  restart: () => void;
}

interface Made {
  random: () => number;
  /** What counters begin with. */
  base: number;
}

/** A few series of each metric that somebody asks for: some that are asked for, and others. */
function coursesOf(definition: Definition, made: Made): Course[] {
  const wanted = expressions.flatMap(selectionsOf).filter(({ metric }) => metric.startsWith(definition.name));
  if (wanted.length === 0) return [];
  const all = labelSets(definition, 'm');
  const chosen = new Set(all.slice(-2));
  for (const { match } of wanted) {
    const tests = Object.entries(match).filter(([label]) => label !== 'le');
    const fitting = all.filter((set) => tests.every(([label, test]) => passes(test, set[label] ?? '')));
    for (const set of fitting.slice(0, 2)) chosen.add(set);
  }
  return [...chosen].flatMap((labels) =>
    definition.type === 'histogram'
      ? histogramCourses(definition.name, { labels, buckets: definition.buckets, ...made })
      : [plainCourse(definition, labels, made)],
  );
}

const nothing = () => undefined;

function plainCourse(
  { name, type }: Definition,
  labels: Record<string, string>,
  { random, base }: Made,
): Course {
  if (type === 'gauge')
    return { name, labels, step: nothing, value: () => Math.round(random() * 100) / 10, restart: nothing };
  const often = Math.ceil(random() * 6);
  let counted = base;
  return {
    name,
    labels,
    step: () => (counted += Math.floor(random() * often)),
    value: () => counted,
    restart: () => (counted = 0),
  };
}

function histogramCourses(
  name: string,
  of: Made & { labels: Record<string, string>; buckets: readonly number[] },
): Course[] {
  const { labels, random, base } = of;
  const often = Math.ceil(random() * 6);
  const bounds = [...of.buckets.map(String), '+Inf'];
  const within = bounds.map((_, index) => base * (index + 1));
  let sum = base;
  const observe = () => {
    for (let one = Math.floor(random() * often); one > 0; one -= 1) {
      const bucket = Math.floor(random() * bounds.length);
      for (let index = bucket; index < bounds.length; index += 1) within[index]! += 1;
      sum += random() * 2;
    }
  };
  const buckets = bounds.map((le, index): Course => ({
    name: `${name}_bucket`,
    labels: { ...labels, le },
    step: index === 0 ? observe : nothing,
    value: () => within[index]!,
    restart: () => (within[index] = 0),
  }));
  return [
    ...buckets,
    { name: `${name}_count`, labels, step: nothing, value: () => within.at(-1)!, restart: nothing },
    { name: `${name}_sum`, labels, step: nothing, value: () => sum, restart: () => (sum = 0) },
  ];
}

/** Scrapes of a process that has been there for a while, or with a base of 0 of one that has just begun. */
function recording(seed: number, base: number): { at: number; scrape: Scrape }[] {
  const source = new SeededRandom(seed);
  const random = () => source.next();
  const courses = Object.values(CATALOGUE).flatMap((definition) => coursesOf(definition, { random, base }));
  const scrapes = Array.from({ length: SCRAPES }, (_, index) => {
    const scrape = new Map<string, Sample[]>();
    for (const course of courses) {
      if (index === RESTARTED) course.restart();
      if (index > 0) course.step();
    }
    for (const { name, labels, value } of courses)
      scrape.set(name, [...(scrape.get(name) ?? []), { labels, value: value() }]);
    return { at: START + index * EVERY, scrape };
  });
  return scrapes.filter((_, index) => !FAILED.has(index));
}

/** Both answers to each expression at some moments, where they differ. */
async function differences(
  { history, prometheus }: { history: MetricHistory; prometheus: RecordedPrometheus },
  of: { list: readonly Expression[]; windowMs: number; moments: readonly number[] },
) {
  const { list, windowMs, moments } = of;
  const found: string[] = [];
  let compared = 0;
  for (const at of moments) {
    const source = historySource(history, { at, windowMs });
    for (const expression of list) {
      const promql = promqlOf(expression, durationOf(windowMs));
      const theirs = await prometheus.query(promql, at, groupOf(expression));
      const ours = [...evaluate(expression, source)].filter(([, value]) => value !== null);
      if (theirs.size !== ours.length) found.push(`${promql}: ${theirs.size} values, here ${ours.length}`);
      for (const [group, value] of ours) {
        const other = theirs.get(group) ?? NaN;
        const isSame = Math.abs(value! - other) <= 1e-9 * Math.max(1, Math.abs(other));
        if (!isSame) found.push(`${promql} ${group}: ${other}, here ${value}`);
        compared += 1;
      }
    }
  }
  return { found, compared };
}

/** The same scrapes in this process and in a Prometheus. */
async function both(scrapes: readonly { at: number; scrape: Scrape }[]) {
  const history = new MetricHistory(expressions.flatMap(selectionsOf));
  for (const { at, scrape } of scrapes) history.add(at, scrape);
  return { history, prometheus: await RecordedPrometheus.start(scrapes) };
}

describe.skipIf(skipUnless('prometheus') || skipUnless('promtool'))('the same as Prometheus', () => {
  let pair: Awaited<ReturnType<typeof both>>;
  beforeAll(async () => {
    pair = await both(recording(20_261_121, 5_000));
  });
  afterAll(() => pair.prometheus.stop());

  // Between two scrapes, so that no sample lies on the edge of a window: there versions 2 and 3 differ.
  const momentOf = (scrape: number) => START + scrape * EVERY + 7_000;

  it('Y3: every objective, over minutes and hours, failed scrapes and a restart', async () => {
    for (const [windowMs, moments] of [
      [5 * MINUTE, [60, 101, 110, 245, 303, 470]],
      [60 * MINUTE, [250, 470]],
      [6 * 60 * MINUTE, [479]],
    ] as const) {
      const { found, compared } = await differences(pair, {
        list: objectives,
        windowMs,
        moments: moments.map(momentOf),
      });
      expect(found).toEqual([]);
      expect(compared).toBeGreaterThan(10 * moments.length);
    }
  });

  it('Y3: every line of every board', async () => {
    const { found, compared } = await differences(pair, {
      list: boardLines,
      windowMs: 5 * MINUTE,
      moments: [104, 243, 470].map(momentOf),
    });
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(200);
  });

  it('Y2: where Prometheus has nothing to tell, neither has this process', async () => {
    const { found, compared } = await differences(pair, {
      list: [...objectives, ...boardLines.slice(0, 10)],
      windowMs: 5 * MINUTE,
      moments: [START - MINUTE, START + SCRAPES * EVERY + 10 * MINUTE],
    });
    expect([found, compared]).toEqual([[], 0]);
  });

  it('Y3: from the first minutes of a process, when all counters begin at 0', async () => {
    const young = await both(recording(20_261_123, 0).slice(0, 30));
    try {
      const { found, compared } = await differences(young, {
        list: expressions,
        windowMs: 10 * MINUTE,
        moments: [momentOf(2), momentOf(10), momentOf(29)],
      });
      expect(found).toEqual([]);
      expect(compared).toBeGreaterThan(200);
    } finally {
      await young.prometheus.stop();
    }
  });
});

describe.skipIf(skipUnless('prometheus') || skipUnless('promtool'))('the report of objectives', () => {
  it('Y4: tells what Prometheus computes from the same PromQL over the same scrapes', async () => {
    const scrapes = recording(20_261_122, 0);
    const end = scrapes.at(-1)!.at;
    const objectiveList = [...OBJECTIVES, ...AGREEMENTS];
    const history = new MetricHistory(objectives.flatMap(selectionsOf));
    const rows: SloRow[] = [];
    const clock = new ManualClock(START);
    const keeper = new SloKeeper({
      history,
      objectives: objectiveList,
      store: {
        load: () => Promise.resolve([]),
        add: (more) => Promise.resolve(void rows.push(...more)),
        forget: () => Promise.resolve(),
      },
      clock,
      onTrouble: (error) => expect.fail(String(error)),
    });
    for (const { at, scrape } of scrapes) {
      clock.advance(at - clock.now());
      history.add(at, scrape);
      if (rows.length === 0) await keeper.flush();
    }
    const reports = keeper.report(objectiveList);
    expect(reports.length).toBeGreaterThan(15);
    const prometheus = await RecordedPrometheus.start(scrapes);
    try {
      for (const { id, promql, value, windowDays } of reports) {
        const theirs = (await prometheus.query(promql, end, null)).get('');
        expect(theirs, id).toBeDefined();
        // Of an hour the first sample lies on the edge of the window, where versions 2 and 3 differ.
        expect(value, id).toBeCloseTo(theirs!, windowDays < 1 ? 2 : 9);
      }
    } finally {
      await prometheus.stop();
      await keeper.close();
    }
  });
});
