import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Intervention, MonitorView, Participation, QualityView } from '../../sessions/monitor-view.ts';
import { COLLAB_METRICS } from '../../sessions/monitor-view.ts';
import { noScores, type QualityScores } from '../../sessions/quality.ts';
import { FIGURES } from './figure-strings.ts';
import { issueRows } from './issue-rows.ts';
import {
  FILLS,
  fillsOf,
  fullestMinute,
  minuteColumns,
  minuteRows,
  spreadOf,
  wordBands,
} from './people-bars.ts';
import { gradeOf, qualityOf, scoreRows, withKnownPassages } from './quality-words.ts';
import { scoresOver, sparkLines } from './spark-line.ts';
import { spreadSentences } from './spread-text.ts';

const person = (author: string, words: number, isPresent = true): Participation => ({
  author,
  words,
  turns: 1,
  share: 0,
  isPresent,
  isActive: isPresent,
});
const people = fc.uniqueArray(
  fc.record({ author: fc.string({ minLength: 1 }), words: fc.nat({ max: 10_000 }) }),
  { selector: ({ author }) => author, maxLength: 12 },
);
const told = (...list: Participation[]): string[] => spreadSentences(spreadOf(list));

describe('who writes how much', () => {
  it('V1: the bar of all words is filled from end to end, each stretch as long as its share', () => {
    fc.assert(
      fc.property(people, (list) => {
        const all = list.reduce((sum, { words }) => sum + words, 0);
        const bands = wordBands(list.map(({ author, words }) => person(author, words)));
        expect(bands.length).toBe(list.filter(({ words }) => words > 0).length);
        for (const [index, { author, from, to }] of bands.entries()) {
          expect(from).toBe(bands[index - 1]?.to ?? 0);
          const { words } = list.find((one) => one.author === author)!;
          expect(to - from).toBeCloseTo(words / all);
        }
        if (bands.length > 0) expect(bands.at(-1)!.to).toBeCloseTo(1);
      }),
    );
  });

  it('V1: a column of minutes is as high as its words; those who hear it get the same words', () => {
    const minute = fc.dictionary(fc.constantFrom('ann', 'bo', 'narrator', 'gone'), fc.nat({ max: 300 }));
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 30 }), (list) => {
        const minutes = list.map((words, minute) => ({ at: minute * 60_000, words }));
        const most = fullestMinute(minutes);
        const columns = minuteColumns(minutes, ['bo', 'ann'], 29 * 60_000);
        expect(columns.length).toBe(minutes.length);
        const wordsOf = (minute: number) => Object.values(list[minute]!).reduce((sum, n) => sum + n, 0);
        for (const { slot, bars } of columns)
          expect(bars.at(-1)?.to ?? 0).toBeCloseTo(most === 0 ? 0 : wordsOf(slot) / most);
        const heard = new Map(
          minuteRows(minutes, []).map(({ at, words }) => [at, words.reduce((n, one) => n + one.words, 0)]),
        );
        for (const { at } of minutes) expect(heard.get(at) ?? 0).toBe(wordsOf(at / 60_000));
        expect([...heard.keys()]).toEqual([...heard.keys()].sort((a, b) => b - a));
      }),
    );
  });

  it('authors stand in the given order in each column, and keep their filling when the order of words changes', () => {
    const [column] = minuteColumns([{ at: 1, words: { cy: 1, ann: 2, bo: 3 } }], ['bo', 'ann'], 2);
    expect(column?.bars.map(({ author }) => author)).toEqual(['bo', 'ann', 'cy']);
    expect(column?.slot).toBe(29);
    const list = [person('bo', 9), person('narrator', 5), person('ann', 1)];
    const fills = fillsOf(list);
    expect(fills).toEqual(fillsOf(list.toReversed()));
    expect([...fills.keys()].sort()).toEqual(['ann', 'bo']);
    expect(new Set(fills.values()).size).toBe(Math.min(FILLS, 2));
  });

  it('minutes without words keep their place; those that have passed out of the picture go', () => {
    const minutes = [1, 5, 40].map((minute) => ({ at: minute * 60_000 + 1, words: { ann: 1 } }));
    const slots = (now: number) => minuteColumns(minutes, ['ann'], now * 60_000).map(({ slot }) => slot);
    expect(slots(40)).toEqual([29]);
    expect(slots(34)).toEqual([0]);
    expect(slots(30)).toEqual([0, 4]);
  });

  it('V1: what is said of the spread counts people only and names nobody', () => {
    expect(told(person('ann', 78), person('bo', 22), person('narrator', 900))).toEqual([
      'One person wrote 78 % of what people wrote lately.',
    ]);
    expect(told(person('ann', 90), person('bo', 0), person('cy', 0, false))).toEqual([
      'One person wrote 100 % of what people wrote lately.',
      'One person is here and has not written lately.',
    ]);
    expect(told(person('ann', 50), person('bo', 52))).toEqual([
      '2 people wrote about as much as each other.',
    ]);
    expect(told(person('ann', 50), person('bo', 30), person('cy', 20))).toEqual([
      '3 people wrote; the one with most wrote 50 %.',
    ]);
    expect(told(person('ann', 50), person('narrator', 50))).toEqual(['One person is writing.']);
    expect(told(person('ann', 0), person('narrator', 50))).toEqual(['Nobody has written in this time.']);
    expect(told()).toEqual(['Nobody has written in this time.']);
  });

  it('two who wrote as much as each other are not called even when a third wrote nothing', () => {
    const [first, ...others] = told(person('ann', 50), person('bo', 50), person('cy', 0));
    expect(first).toBe('2 people wrote; the one with most wrote 50 %.');
    expect(others).toEqual(['One person is here and has not written lately.']);
  });
});

describe('issues', () => {
  const done = (id: string, at: number, issue: Intervention['issue']): Intervention => ({
    id,
    at,
    issue,
    action: 'nudge',
    playerId: null,
    text: '',
    why: '',
  });

  it('V9: each is told with the last thing done since it opened, oldest first, muted ones behind', () => {
    const rows = issueRows(
      {
        issues: [
          { issue: 'stalled', since: 50 },
          { issue: 'dominated', since: 20 },
        ],
        interventions: [
          done('new', 60, 'dominated'),
          done('old', 30, 'dominated'),
          done('before', 40, 'stalled'),
        ],
        muted: { dominated: 90, starved: 200, diverging: 100 },
      },
      100,
    );
    expect(rows.map(({ issue, since, mutedUntil, done: by }) => [issue, since, mutedUntil, by?.id])).toEqual([
      ['dominated', 20, null, 'new'],
      ['stalled', 50, null, undefined],
      ['starved', null, 200, undefined],
    ]);
  });
});

describe('quality', () => {
  const scores = (some: Partial<QualityScores>): QualityScores => ({ ...noScores(), ...some });
  const view = (passageId: string, coherence: number | null): QualityView => ({
    passageId,
    scores: scores({ narrative_coherence: coherence }),
    below: [],
    voice: [],
  });
  const health = (...passages: QualityView[]) => ({ passages }) as MonitorView;

  it('V6: a passage is told by what was measured, low scores first, and never by what was not', () => {
    const rows = scoreRows({
      scores: scores({ narrative_coherence: 0.95, diversity: 0.3, user_engagement: 0.85 }),
      below: ['diversity'],
    });
    expect(rows.map(({ metric, grade }) => [metric, grade])).toEqual([
      ['diversity', 'below'],
      ['narrative_coherence', 'good'],
      ['user_engagement', 'usual'],
    ]);
    expect(rows[0]?.words).toBe('weaker than 95 of 100 healthy passages (0.30 of 1)');
    expect(scoreRows({ scores: noScores(), below: [] })).toEqual([]);
    expect(gradeOf(0.99, true)).toBe('below');
  });

  it('V11: views of passages that have not changed stay the same objects, so that nothing renders again', () => {
    const before = health(view('a', 0.5), view('b', 0.7));
    const same = withKnownPassages(before, health(view('a', 0.5), view('b', 0.7)));
    expect(same.passages).toBe(before.passages);
    const now = withKnownPassages(before, health(view('c', null), view('a', 0.5), view('b', 0.2)));
    expect(now.passages[1]).toBe(before.passages[0]);
    expect(now.passages[2]).not.toBe(before.passages[1]);
    expect(qualityOf(now, 'b')?.scores.narrative_coherence).toBe(0.2);
    expect(qualityOf(now, 'zz')).toBeNull();
    expect(qualityOf(null, 'b')).toBeNull();
  });

  it('V6: what was not measured is a gap in the picture, not a zero', () => {
    const newestFirst = [view('d', 0.9), view('c', null), view('b', 0.5), view('a', 2)];
    const list = scoresOver(newestFirst, 'narrative_coherence');
    expect(list).toEqual([2, 0.5, null, 0.9]);
    expect(sparkLines(list)).toEqual([
      [
        { x: 0, y: 1 },
        { x: expect.closeTo(1 / 3) as number, y: 0.5 },
      ],
      [{ x: 1, y: 0.9 }],
    ]);
    expect(sparkLines([null, null])).toEqual([]);
    expect(sparkLines([0.4])).toEqual([[{ x: 1, y: 0.4 }]]);
  });
});

describe('figures', () => {
  it('V6: each has words for every value it may have, a number, and what it means', () => {
    for (const metric of COLLAB_METRICS) {
      const { words, number, means, missing } = FIGURES[metric];
      fc.assert(
        fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (value) => {
          expect(words(value), metric).not.toBe('');
          expect(number(value), metric).toMatch(/\d/);
        }),
      );
      expect(means, metric).toMatch(/\.$/);
      expect(missing, metric).not.toBe('');
    }
    expect(FIGURES.coherence_gap.words(-1)).not.toBe('');
    expect(FIGURES.balance.words(0.3)).toBe('One person writes most of it');
    expect(FIGURES.balance.number(0.567)).toBe('0.57 of 1');
  });
});
