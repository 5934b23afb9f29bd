import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SummaryWork } from '../sessions/history-ports.ts';
import { ExtractiveSummariser } from './extractive-summariser.ts';
import { storySentences } from './story-sentences.ts';

const NEVER = new AbortController().signal;

function work(texts: readonly string[], of: Partial<SummaryWork> = {}): SummaryWork {
  const passages = texts.map((text, at) => ({ id: `p${at}`, text }));
  return { sessionId: 's', tenantId: 't', names: [], passages, maxLength: 600, ...of };
}

async function digest(of: SummaryWork) {
  const found = await new ExtractiveSummariser().summarise(of, NEVER);
  if (found === null) throw new Error('no digest');
  return found;
}

const HARBOUR = [
  'Mara reached the harbour of Lindholm at dusk. The rain had not stopped for three days. "You are late," said Tobias. "I know."',
  'Tobias was a smuggler with a wooden hand, and he trusted nobody. He led her down to an old barge called Heron.',
  'The Heron smelled of tar and oranges. Somewhere below, a dog barked twice. "Quiet," he whispered.',
  'Mara unfolded the stolen map on the table. It showed the drowned tower. "This is not possible," Tobias said.',
  'They sailed before dawn. The guards on the wall shouted, but the fog had swallowed the barge.',
  'At noon the tower rose from the sea like a broken tooth. Mara tied a rope to the mast and climbed over the rail.',
  'Inside the tower she found the silver bell of her grandmother. It was cold and rang by itself.',
  '"Drop it!" cried Tobias. But the bell had already called the thing in the deep. The water began to rise.',
];

describe('a story told by its own sentences', () => {
  it('E3: takes one of two or three passages, in story order, and leaves speech aside', async () => {
    const { summary } = await digest(work(HARBOUR, { names: ['Mara', 'Tobias'] }));
    expect(summary).toBe(
      'Tobias was a smuggler with a wooden hand, and he trusted nobody. ' +
        'Mara unfolded the stolen map on the table. ' +
        'The guards on the wall shouted, but the fog had swallowed the barge. ' +
        'Inside the tower she found the silver bell of her grandmother.',
    );
  });

  it('names what says who or what somebody is, with its passage', async () => {
    const { facts } = await digest(work(HARBOUR, { names: ['Mara', 'Tobias'] }));
    expect(facts).toEqual([
      { text: 'Tobias was a smuggler with a wooden hand, and he trusted nobody.', passageId: 'p1' },
      { text: 'He led her down to an old barge called Heron.', passageId: 'p1' },
    ]);
  });

  it.each([
    ['Anna war eine junge Fischerin aus Husum.', 'Anna'],
    ['Am Kai stand ein alter Mann namens Petersen.', 'Petersen'],
    ['Camille était une voleuse sans peur.', 'Camille'],
    ['Inés era la hija del farero.', 'Inés'],
    ['Bruno, the miller, knew every path.', 'Bruno'],
    ['Old Wen had two sons at sea.', 'Wen'],
    ['There was a cat named Mr. (Whiskers)*.', 'Mr. (Whiskers)*'],
  ])('knows a fact by its form: %s', async (sentence, name) => {
    const { facts } = await digest(work(['Es begann.', sentence], { names: [name] }));
    expect(facts).toEqual([{ text: sentence, passageId: 'p1' }]);
  });

  it.each([
    ['speech', '"Bruno was a liar and a thief," she said.'],
    ['what merely happens', 'Bruno was late again and ran down the hill.'],
    ['another name', 'Brunoville was a town of thieves.'],
    ['something too long', `Bruno was a man ${'of many words '.repeat(25)}indeed.`],
  ])('takes for no fact: %s', async (_what, sentence) => {
    expect((await digest(work([sentence], { names: ['Bruno'] }))).facts).toEqual([]);
  });

  it('looks for capitals in two passages at least, and never for words that are also written small', async () => {
    const texts = [
      'Below lay Ostra. Ostra was a city of bells.',
      'They loved Ostra. The Bell was a big bell.',
    ];
    expect((await digest(work(texts))).facts.map(({ text }) => text)).toEqual(['Ostra was a city of bells.']);
    expect((await digest(work(texts.slice(0, 1)))).facts).toEqual([]);
  });

  it('tells a script without spaces and capitals', async () => {
    const told = await digest(
      work(['小明走进了森林。他看见一只狐狸！狐狸说：「你好。」', '森林很黑。'], { names: ['小明'] }),
    );
    expect(told).toEqual({ summary: '小明走进了森林。', facts: [] });
  });

  it('cuts a sentence only where it is longer than the whole summary', async () => {
    const long = `The road ${'went on and '.repeat(20)}ended`;
    expect((await digest(work([`${long}.`, 'It was dark.'], { maxLength: 40 }))).summary).toBe(
      'It was dark.',
    );
    const { summary } = await digest(work([`${long}.`], { maxLength: 40 }));
    expect(summary).toMatch(/^The road (went on and )+(went( on)?)?…$/);
    expect(summary.length).toBeLessThanOrEqual(40);
  });

  it('has nothing to tell of nothing, and stops when it is told to', async () => {
    expect(await digest(work([]))).toEqual({ summary: '', facts: [] });
    expect(await digest(work(['', ' \n ']))).toEqual({ summary: '', facts: [] });
    const gone = AbortSignal.abort();
    expect(await new ExtractiveSummariser().summarise(work(HARBOUR), gone)).toBeNull();
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(
      'Mia ',
      'was a ',
      'the ',
      'sea ',
      '. ',
      '"',
      '! ',
      '\n',
      '海',
      '。',
      '🙂',
      'é',
      '\ud800',
      '- ',
    ),
    maxLength: 120,
  }),
);
const works = fc
  .record({
    texts: fc.array(text, { maxLength: 24 }),
    names: fc.array(fc.oneof(fc.constant('Mia'), fc.string({ unit: 'binary', maxLength: 12 })), {
      maxLength: 5,
    }),
    maxLength: fc.integer({ min: 0, max: 700 }),
  })
  .map(({ texts, ...of }) => work(texts, of));

/** Whether `summary` is made of sentences, taken in order, with a space or nothing between. */
function isMadeOf(summary: string, sentences: readonly string[]): boolean {
  const ends = new Set([0]);
  for (const sentence of sentences)
    for (const end of [...ends])
      for (const joint of end === 0 ? [''] : ['', ' '])
        if (summary.startsWith(joint + sentence, end)) ends.add(end + joint.length + sentence.length);
  return ends.has(summary.length);
}

describe('any story told by its own sentences', () => {
  it('E3: whole sentences in story order, never longer than allowed, the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(works, async (of) => {
        const { summary, facts } = await digest(of);
        expect(await digest(structuredClone(of))).toEqual({ summary, facts });
        expect(summary.length).toBeLessThanOrEqual(of.maxLength);
        const sentences = storySentences(of.passages).map((sentence) => sentence.text);
        const fitting = sentences.filter((sentence) => sentence.length <= of.maxLength);
        if (fitting.length > 0) expect(isMadeOf(summary, fitting)).toBe(true);
        if (sentences.length > 0 && of.maxLength > 1) expect(summary).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });

  it('facts are sentences of their passage, three at most, 300 characters at most', async () => {
    await fc.assert(
      fc.asyncProperty(works, async (of) => {
        const { facts } = await digest(of);
        expect(facts.length).toBeLessThanOrEqual(3);
        for (const fact of facts) {
          expect(fact.text.length).toBeLessThanOrEqual(300);
          expect(of.passages.find(({ id }) => id === fact.passageId)?.text).toContain(fact.text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('looks at the beginning and the end of a very long passage', () => {
    const long = Array.from({ length: 500 }, (_, at) => `Sentence number ${at} stands here.`).join(' ');
    const found = storySentences(Array.from({ length: 100 }, (_, at) => ({ id: `p${at}`, text: long })));
    expect(found.length).toBe(2_000);
    expect(found[0]).toMatchObject({ isFirst: true, text: 'Sentence number 0 stands here.' });
    expect(found[79]).toMatchObject({ isLast: true, text: 'Sentence number 499 stands here.' });
  });
});
