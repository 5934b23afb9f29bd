import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependents, presetOf, type Dependent, type StoryPassage } from './dependencies.ts';
import { TermCache } from './dependency-terms.ts';
import type { DependencyReason } from './history-view.ts';

const line = (...texts: string[]): StoryPassage[] =>
  texts.map((text, at) => ({ id: `p${at}`, turnId: `t${at}`, by: 'ann', scene: 0, text }));
const at = (found: readonly Dependent[], id: string): Dependent | undefined =>
  found.find(({ passageId }) => passageId === id);
const reasonsOf = (passages: StoryPassage[], id: string, going: string, names: string[] = []) =>
  at(dependents(passages, new Set([going]), names), id)?.reasons ?? [];

const FILLER = [
  'Rain fell on the roofs of the harbour.',
  'Two carts rattled by, loaded with turnips.',
  'The bell of the cathedral struck.',
  'Somebody swept the steps with a broom.',
];

describe('dependents', () => {
  it('K4: a name that came with a passage that goes is a mention', () => {
    const story = line(
      'Toban sat by the well.',
      'He thought of old Averil and her debts.',
      ...FILLER,
      'Next morning Averil paid.',
    );
    expect(reasonsOf(story, 'p6', 'p1', ['Toban'])).toEqual([
      { kind: 'mention', passageId: 'p1', words: 'Averil' },
    ]);
  });

  it('K4: names of the cast, and what a passage that stays had before, are none', () => {
    const story = line(
      'The lantern hung in the chapel.',
      'Mirelle took the lantern down.',
      ...FILLER,
      'Mirelle lit the lantern.',
    );
    expect(dependents(story, new Set(['p1']), ['Mirelle'])).toEqual([]);
  });

  it('K4: words of a passage that goes, said again, are a quote; unless somebody said them before', () => {
    const saying = 'who lights me will be seen';
    const story = line(
      'They walked.',
      `It read: ${saying}.`,
      ...FILLER,
      `"Who lights me will be seen," she said.`,
    );
    expect(reasonsOf(story, 'p6', 'p1')).toContainEqual({ kind: 'quote', passageId: 'p1', words: saying });
    const known = line(`All knew it: ${saying}.`, ...story.slice(1).map(({ text }) => text));
    expect(reasonsOf(known, 'p6', 'p1').filter(({ kind }) => kind === 'quote')).toEqual([]);
  });

  it('K4: the answer to a question that goes is a reply, in the same scene', () => {
    const story = line('They stood at the gate.', '"Will you come along?" asked Ann.', '"Never," said Ben.');
    expect(reasonsOf(story, 'p2', 'p1', ['Ann', 'Ben'])).toEqual([
      { kind: 'reply', passageId: 'p1', words: '' },
    ]);
    story[2]!.scene = 1;
    expect(reasonsOf(story, 'p2', 'p1', ['Ann', 'Ben'])).toEqual([]);
  });

  it('K4: a thing that is found in a passage that goes and used later is a thread', () => {
    const story = line(
      'They dug.',
      'Under the roots lay a copper key.',
      ...FILLER,
      'the copper key turned in the lock.',
    );
    expect(reasonsOf(story, 'p6', 'p1')).toEqual([{ kind: 'thread', passageId: 'p1', words: 'copper, key' }]);
  });

  it('K4: passages of the same turn belong together', () => {
    const story = line('One.', 'Two.', 'Three.', 'Four.');
    story[3]!.turnId = 't1';
    expect(reasonsOf(story, 'p3', 'p1')).toEqual([{ kind: 'same-turn', passageId: 'p1', words: '' }]);
  });

  it('K4: what builds on a dependent builds on what goes, less surely', () => {
    const story = line(
      'They dug.',
      'Under the roots lay a copper key.',
      '"A copper key!" cried Ann. "It must be for the astrolabe of Gundobar."',
      ...FILLER,
      'They went to Gundobar and asked for the astrolabe.',
    );
    const found = dependents(story, new Set(['p1']), ['Ann']);
    expect(at(found, 'p2')!.preset).toBe('go');
    expect(at(found, 'p7')!.reasons[0]).toMatchObject({ kind: 'mention', passageId: 'p2' });
    const direct = dependents(story, new Set(['p2']), ['Ann']);
    expect(at(direct, 'p7')!.strength).toBeGreaterThan(at(found, 'p7')!.strength);
  });

  it.each([
    ['without spaces', '老人在井底发现了青铜罗盘。', '她把青铜罗盘放在桌上。'],
    ['without capitals', 'خرجت فاطمة ومعها بوصلة نحاسية قديمة.', 'نظرت إلى البوصلة ثم أغلقت بوصلة نحاسية.'],
    ['with other letters', 'В сундуке лежал медный компас.', 'Он достал медный компас и молчал.'],
    [
      'with possessive and plural',
      'A gryphon landed on the terrace.',
      "The gryphon's feathers, and other gryphons, were there.",
    ],
  ])('K4: it works in scripts %s', (_name, going, later) => {
    const story = line('…', going, '…', '…', later);
    expect(dependents(story, new Set(['p1']), []).map(({ passageId }) => passageId)).toEqual(['p4']);
  });

  it('K4: nothing that goes, or nothing of this line, has no dependents', () => {
    expect(dependents(line(...FILLER), new Set(), [])).toEqual([]);
    expect(dependents(line(...FILLER), new Set(['elsewhere']), [])).toEqual([]);
    expect(dependents([], new Set(['p1']), [])).toEqual([]);
  });

  it('K4: a text that was changed is read anew', () => {
    const cache = new TermCache(2);
    const story = line('They dug.', 'Under the roots lay a copper key.', 'x', 'x', 'The copper key turned.');
    const going = new Set(['p1']);
    expect(dependents(story, going, [], cache)).toEqual(dependents(story, going, []));
    story[4]!.text = 'Nobody came.';
    expect(dependents(story, going, [], cache)).toEqual([]);
  });
});

const words = fc.constantFrom(
  ...'the lantern key Averil "who? "no he it said copper gate of a well and. seen'.split(' '),
);
const stories = fc
  .array(fc.tuple(fc.array(words, { maxLength: 12 }), fc.nat(2), fc.boolean()), { maxLength: 25 })
  .map((passages) =>
    passages.map(([list, turn, isGoing], index) => ({ text: list.join(' '), turn, isGoing, index })),
  );

describe('dependents of any story', () => {
  it('K4: are later passages that stay, in order, each for a reason that goes too', () => {
    fc.assert(
      fc.property(stories, (parts) => {
        const story = parts.map(({ text, turn, index }) => ({
          ...line(text)[0]!,
          id: `p${index}`,
          turnId: `t${index - turn}`,
          scene: Math.floor(index / 6),
        }));
        const going = new Set(parts.filter(({ isGoing }) => isGoing).map(({ index }) => `p${index}`));
        const found = dependents(story, going, ['Averil']);
        const order = found.map(({ passageId }) => story.findIndex(({ id }) => id === passageId));
        expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
        for (const { passageId, reasons, strength, preset } of found) {
          expect(going.has(passageId)).toBe(false);
          expect(strength).toBeGreaterThan(0);
          expect(strength).toBeLessThanOrEqual(1);
          expect(preset).toBe(presetOf(strength));
          expect(reasons.length).toBeGreaterThan(0);
          for (const { passageId: on } of reasons) {
            const source = at(found, on);
            expect(going.has(on) || (source !== undefined && source.preset !== 'keep')).toBe(true);
            expect(Number(on.slice(1))).toBeLessThan(Number(passageId.slice(1)));
          }
        }
        expect(dependents(story, going, ['Averil'])).toEqual(found);
      }),
    );
  });
});

interface Planted {
  title: string;
  set: 'tune' | 'held-out';
  names: string[];
  passages: StoryPassage[];
  cases: { going: string[]; dependents: Record<string, DependencyReason['kind']> }[];
}

const STORIES = join(import.meta.dirname, '../test/fixtures/planted-stories');
const planted = readdirSync(STORIES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(STORIES, file), 'utf8')) as Planted);

const ratio = (part: number, other: number): number => part / Math.max(1, part + other);

/** How what is proposed agrees with what truly builds on the passages that go. */
function agreement(set: Planted['set']) {
  let [right, wrong, missed, sure, sureWrong] = [0, 0, 0, 0, 0];
  for (const { passages, names, cases } of planted.filter((story) => story.set === set)) {
    for (const { going, dependents: truth } of cases) {
      const proposed = dependents(passages, new Set(going), names).filter(({ preset }) => preset !== 'keep');
      const isTrue = ({ passageId }: Dependent) => passageId in truth;
      right += proposed.filter(isTrue).length;
      wrong += proposed.filter((one) => !isTrue(one)).length;
      missed += Object.keys(truth).filter((id) => at(proposed, id) === undefined).length;
      sure += proposed.filter((one) => one.preset === 'go' && isTrue(one)).length;
      sureWrong += proposed.filter((one) => one.preset === 'go' && !isTrue(one)).length;
    }
  }
  return {
    precision: ratio(right, wrong),
    recall: ratio(right, missed),
    surePrecision: ratio(sure, sureWrong),
    sure,
  };
}

describe('the planted stories', () => {
  it('are enough, and their labels name later passages', () => {
    expect(planted.length).toBeGreaterThanOrEqual(12);
    expect(planted.filter(({ set }) => set === 'held-out').length).toBeGreaterThanOrEqual(5);
    for (const { passages, cases } of planted) {
      const index = (id: string) => passages.findIndex((passage) => passage.id === id);
      for (const { going, dependents: truth } of cases) {
        expect(going.map(index)).not.toContain(-1);
        for (const id of Object.keys(truth)) expect(index(id)).toBeGreaterThan(Math.min(...going.map(index)));
      }
    }
  });

  it('K4: those nobody tuned on: four of five proposals are right, four of seven dependents are found', () => {
    const { precision, recall, surePrecision, sure } = agreement('held-out');
    expect(precision).toBeGreaterThanOrEqual(0.75);
    expect(recall).toBeGreaterThanOrEqual(0.55);
    expect(surePrecision).toBeGreaterThanOrEqual(0.9);
    expect(sure).toBeGreaterThanOrEqual(12);
  });

  it('K4: stories that have nothing to do with each other hardly seem to', () => {
    const all = planted.flatMap(({ passages }, story) =>
      passages.map((passage) => ({
        ...passage,
        id: `s${story}x${passage.id}`,
        turnId: `s${story}x${passage.turnId}`,
        scene: passage.scene + story * 10,
      })),
    );
    const names = planted.flatMap((story) => story.names);
    let [pairs, wrong] = [0, 0];
    for (const [from, { id }] of all.entries()) {
      const isOther = (other: string) => other.split('x')[0] !== id.split('x')[0];
      const proposed = dependents(all, new Set([id]), names).filter(({ preset }) => preset !== 'keep');
      wrong += proposed.filter(({ passageId }) => isOther(passageId)).length;
      pairs += all.slice(from + 1).filter((other) => isOther(other.id)).length;
    }
    expect(pairs).toBeGreaterThan(15_000);
    expect(wrong / pairs).toBeLessThan(0.0015);
  });
});
