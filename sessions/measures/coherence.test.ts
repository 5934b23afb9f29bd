import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  shippedBackground,
  shippedCoherence,
  STORIES,
  storyPassages,
} from '../../test/fixtures/stories/stories.ts';
import { calibrate, rawCoherence } from './coherence.ts';
import { PassageReading } from './passage-reading.ts';

const background = shippedBackground();
const { anchors, threshold } = shippedCoherence();
const stories = STORIES.map((name) => storyPassages(name).map((text) => new PassageReading(text)));
const read = (text: string): PassageReading => new PassageReading(text);

function score(of: PassageReading, before: readonly PassageReading[]): number {
  const measured = rawCoherence(of, before, background);
  if (measured === null) throw new Error('not measured');
  return calibrate(measured.raw, anchors, threshold);
}

const underShare = (scores: readonly number[]): number =>
  scores.filter((one) => one < threshold).length / scores.length;

/** What is made of every place of every story from its third passage on. */
function everywhere(
  make: (story: number, at: number, before: readonly PassageReading[]) => number,
): number[] {
  return stories.flatMap((story, which) =>
    story.slice(3).map((_, at) => make(which, at + 3, story.slice(at, at + 3))),
  );
}

/** The same pseudo-random numbers in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('calibration', () => {
  const rising = fc
    .tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .chain(([q05, more]) =>
      fc.double({ min: 0, max: 1, noNaN: true }).map((most) => ({
        q05,
        q50: q05 + more,
        q99: q05 + more + most,
      })),
    );

  it('J1: meets the anchors: the 5th of 100 healthy passages at the threshold, the 50th at 0.93, the 99th at 1', () => {
    const known = { q05: 0.068, q50: 0.202, q99: 0.533 };
    expect(calibrate(0, known, 0.8)).toBe(0);
    expect(calibrate(0.034, known, 0.8)).toBeCloseTo(0.4, 9);
    expect(calibrate(0.068, known, 0.8)).toBeCloseTo(0.8, 9);
    expect(calibrate(0.202, known, 0.8)).toBeCloseTo(0.93, 9);
    expect(calibrate(0.533, known, 0.8)).toBe(1);
    expect(calibrate(7, known, 0.8)).toBe(1);
    expect(calibrate(Number.NaN, known, 0.8)).toBe(0);
  });

  it('J1: never falls as the raw value rises, and stays in 0 to 1, also where anchors meet', () => {
    const raws = fc.tuple(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(rising, raws, fc.double({ min: 0.1, max: 0.99, noNaN: true }), (known, [a, b], limit) => {
        const [low, high] = [
          calibrate(Math.min(a, b), known, limit),
          calibrate(Math.max(a, b), known, limit),
        ];
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        if (a < known.q05) expect(calibrate(a, known, limit)).toBeLessThan(limit + 1e-9);
      }),
    );
  });
});

describe('narrative coherence', () => {
  it('J1: is null under 25 words, or with nothing before', () => {
    const [first, second] = stories[0] ?? [];
    expect(rawCoherence(first!, [], background)).toBeNull();
    expect(rawCoherence(read('Alice laughed and ran after the Rabbit.'), [first!], background)).toBeNull();
    expect(rawCoherence(second!, [first!], background)?.method).toBe('D1-tfidf/en-1');
  });

  it('J2: the true next passage of Alice passes, one of Tom Sawyer in its place does not', () => {
    const [alice, tom] = [stories[0]!, stories[1]!];
    expect(score(alice[40]!, alice.slice(37, 40))).toBeGreaterThanOrEqual(0.8);
    expect(score(tom[40]!, alice.slice(37, 40))).toBeLessThan(0.8);
  });

  it('J1: of passages of stories that nothing was learnt from few are under the threshold', () => {
    expect(underShare(everywhere((which, at, before) => score(stories[which]![at]!, before)))).toBeLessThan(
      0.08,
    );
  });

  it('J2: a passage of another story is under the threshold', () => {
    const foreign = [1, 2, 3].flatMap((step) =>
      everywhere((which, at, before) => {
        const other = stories[(which + step) % stories.length]!;
        return score(other[(at * 7 + step) % other.length]!, before);
      }),
    );
    expect(underShare(foreign)).toBeGreaterThan(0.9);
  });

  it('J2: a repetition of a passage, and a phrase said over and over, are always under the threshold', () => {
    const repeats = everywhere((_, at, before) => score(before[at % 3]!, before));
    const loops = everywhere((which, at, before) => {
      const phrase = stories[which]![at]!.words.slice(0, 25).join(' ');
      return score(read(`${phrase}. `.repeat(5)), before);
    });
    expect(underShare(repeats)).toBe(1);
    expect(underShare(loops)).toBeGreaterThan(0.98);
  });

  it('J2: word salad is under the threshold, also when it is made of the right words', () => {
    const random = seeded(1);
    const all = stories.flat().flatMap(({ words }) => words);
    const thrown = everywhere((_, __, before) =>
      score(read(Array.from({ length: 150 }, () => all[random(all.length)]).join(' ')), before),
    );
    const shuffled = everywhere((which, at, before) => {
      const words = [...stories[which]![at]!.words];
      for (let last = words.length - 1; last > 0; last -= 1) {
        const other = random(last + 1);
        [words[last], words[other]] = [words[other]!, words[last]!];
      }
      return score(read(words.join(' ')), before);
    });
    expect(underShare(thrown)).toBeGreaterThan(0.9);
    expect(underShare(shuffled)).toBeGreaterThan(0.9);
  });

  it('J1: short passages are compared with more of the story, and do not fall under the threshold more often', () => {
    const healthy: number[] = [];
    const foreign: number[] = [];
    const short = stories.map((story) => {
      const words = story.flatMap(({ text }) => text.split(/\s+/));
      return Array.from({ length: Math.floor(words.length / 80) }, (_, at) =>
        read(words.slice(at * 80, at * 80 + 80).join(' ')),
      );
    });
    for (const [which, story] of short.entries())
      for (let at = 12; at < story.length; at += 1) {
        const other = short[(which + 1) % short.length]!;
        healthy.push(score(story[at]!, story.slice(at - 12, at)));
        foreign.push(score(other[(at * 7) % other.length]!, story.slice(at - 12, at)));
      }
    expect(underShare(healthy)).toBeLessThan(0.08);
    expect(underShare(foreign)).toBeGreaterThan(0.65);
  });

  it('J1: a story in another language is compared by characters, and nothing of it may alert', () => {
    const before = read(
      `La vieja barca crujía contra el muelle mientras Inés contaba las monedas por tercera vez. Faltaban dos, y el
      barquero no era hombre que olvidara una deuda. Desde la taberna llegaba el canto ronco de los pescadores.`,
    );
    const next = read(
      `Inés guardó las monedas y subió a la barca sin mirar al barquero. Cuando el muelle quedó atrás, los pescadores
      dejaron de cantar, y ella supo que la deuda ya no era suya sino del mar.`,
    );
    const other = read(
      `El tren de mercancías atravesó la llanura helada sin detenerse. En el último vagón, bajo una lona rígida de
      escarcha, el perro del general dormía sobre un mapa que nadie volvería a desplegar jamás en aquella guerra.`,
    );
    const measured = rawCoherence(next, [before], background);
    expect(measured).toMatchObject({ method: 'D1-char4', isCalibrated: false });
    expect(measured!.raw).toBeGreaterThan(rawCoherence(other, [before], background)!.raw);
  });
});
