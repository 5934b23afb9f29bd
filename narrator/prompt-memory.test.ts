import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelInfo, StoryContext } from '../sessions/ports.ts';
import { BASE, CHAT, TINY, anyContext, anyModel, anyRequest, pack } from '../test/support/prompt-packs.ts';
import { CHAT_LABELS, HEADER_LABELS } from './prompt-words.ts';
import { countable, promptTexts } from './prompt-texts.ts';
import { promptText } from './scripted-model.ts';

const long = (at: number) => ({
  id: `p${at}`,
  text: `Passage ${at} begins. ${'They walked on and on. '.repeat(10)}`,
});
const fact = (id: string, text: string, isPinned = false) => ({ id, text, isPinned });
const BASE_TEXT = { ...TINY, isDemo: false, contextTokens: 4_096 };

/** A summary of each eight passages of a story that is told so far. */
function summaries(count: number): StoryContext['memory']['summaries'] {
  return Array.from({ length: Math.floor(count / 8) }, (_, at) => ({
    id: `s${at}`,
    text: `Part ${at} in short: ${'they walked and talked. '.repeat(12).trim()}`,
    passageIds: Array.from({ length: 8 }, (_one, place) => `p${at * 8 + place}`),
  }));
}

/** A story of so many passages with all that is known of it. */
function told(count: number): StoryContext {
  return {
    ...BASE,
    passages: Array.from({ length: count }, (_, at) => long(at)),
    memory: {
      facts: [
        fact('f', 'The gate is locked.', true),
        // What extraction finds stands in its passage word by word; what a model says does not.
        ...Array.from({ length: Math.floor(count / 8) }, (_, at) =>
          fact(`f${at}`, at % 2 === 0 ? `Passage ${at * 8} begins.` : `Fact number ${at} is known.`),
        ),
      ],
      summaries: summaries(count),
    },
  };
}

const idsOf = (packed: ReturnType<typeof pack>, kind: string) =>
  packed.parts.filter((part) => part.kind === kind).map(({ id }) => id);

describe('memory in the prompt', () => {
  const memory = {
    facts: [fact('f1', 'The gate\nis locked.', true), fact('f2', 'Wen has a dog.')],
    summaries: [{ id: 's1', text: 'They met in a cave.', passageIds: ['old'] }],
  };

  it('P7: chat models get facts with what holds for the story, summaries in front of its passages', () => {
    const { prompt, droppedMemoryIds } = pack({ ...BASE, memory }, CHAT);
    const [system, user] = prompt.shape === 'chat' ? prompt.messages : [];
    expect(system?.content).toMatch(
      /To be kept in mind, one a line:\nThe gate is locked\.\nWen has a dog\.$/,
    );
    expect(user?.content).toMatch(
      /^What happened before, in short:\n\nThey met in a cave\.\n\nThe story so far:\n\nThey found a map\./,
    );
    expect(droppedMemoryIds).toEqual([]);
  });

  it('P7: continuation models get it in their header, the demo model as a first paragraph', () => {
    expect(promptText(pack({ ...BASE, memory }, { ...TINY, isDemo: false }).prompt)).toBe(
      'Title: The Lost Boat\nCharacters: Mia, Tom\nFacts: The gate is locked. Wen has a dog.\n' +
        'Summary: They met in a cave.\n\nMia and Tom live by the sea.\n\nThey found a map.',
    );
    expect(promptText(pack({ ...BASE, memory }, TINY).prompt)).toBe(
      'Title: The Lost Boat\nStyle: simple story\nCharacters: Mia, Tom\n\nMia and Tom live by the sea.\n\n' +
        'The gate is locked. Wen has a dog. They met in a cave.\n\nThey found a map.',
    );
  });

  it('P7: leaves out what the passages of the prompt say themselves, and does not call it dropped', () => {
    const packed = pack(
      {
        ...BASE,
        passages: [...BASE.passages, { id: 'p2', text: 'It was night. Wen has a dog. It barked.' }],
        memory: {
          facts: [fact('f1', 'It was night.', true), fact('f2', 'Wen has a dog.')],
          summaries: [
            { id: 's1', text: 'All of it.', passageIds: ['p1', 'p2'] },
            { id: 's2', text: 'Some of it.', passageIds: ['p1', 'p0'] },
            { id: 's3', text: 'Somebody wrote this.', passageIds: [] },
          ],
        },
      },
      CHAT,
    );
    expect(idsOf(packed, 'summary')).toEqual(['s2', 's3']);
    expect(idsOf(packed, 'fact')).toEqual(['f1']);
    expect(packed.droppedMemoryIds).toEqual([]);
  });

  it.each([CHAT, BASE_TEXT])('P7: in a long story recent passages have most of the room: $shape', (info) => {
    const packed = pack(told(400), info);
    const size = (kind: string) =>
      packed.parts.filter((part) => part.kind === kind).reduce((sum, { text }) => sum + text.length, 0);
    expect(size('passage')).toBeGreaterThan(1.5 * (size('summary') + size('fact')));
    expect(size('summary')).toBeGreaterThan(1_000);
    // The newest ones are told, in story order, and end where the passages begin.
    const [first] = idsOf(packed, 'passage');
    const shown = idsOf(packed, 'summary');
    const before = Math.floor(Number(first?.slice(1)) / 8);
    expect(shown).toEqual(shown.map((_, at) => `s${before - shown.length + 1 + at}`));
    expect(packed.droppedMemoryIds).toContain('s0');
    expect(packed.droppedMemoryIds).not.toContain(shown[0]);
  });

  it('P7: takes what a short story leaves over', () => {
    const facts = Array.from({ length: 100 }, (_, at) =>
      fact(`f${at}`, `Fact number ${at} is known to all.`),
    );
    const packed = pack({ ...BASE, memory: { facts, summaries: [] } }, CHAT);
    expect(idsOf(packed, 'fact')).toHaveLength(100);
    const more = Array.from({ length: 9 }, () => facts)
      .flat()
      .map((one, at) => ({ ...one, id: `m${at}` }));
    const full = pack({ ...BASE, memory: { facts: more, summaries: [] } }, CHAT);
    expect(full.promptTokens).toBeGreaterThan(4_096 * 0.8 * 0.6);
    expect(full.droppedMemoryIds[0]).toBe('m0');
    expect(idsOf(full, 'fact').at(-1)).toBe('m899');
    expect(idsOf(full, 'passage')).toEqual(['p1']);
  });

  it('P7: pinned facts are always told and push nothing else out', () => {
    const pinned = Array.from({ length: 40 }, (_, at) =>
      fact(`f${at}`, `Pinned fact number ${at}: ${'so it is. '.repeat(8)}`, true),
    );
    for (const info of [CHAT, TINY, { ...TINY, isDemo: false }, { ...CHAT, contextTokens: 1_024 }]) {
      const of = { ...told(50), lines: ['spiders'], direction: 'A storm comes near.' };
      const packed = pack({ ...of, memory: { facts: pinned, summaries: summaries(50) } }, info);
      expect(packed.clipped).toMatchObject({ premise: false, cast: false, table: false, direction: false });
      expect(idsOf(packed, 'passage').at(-1)).toBe('p49');
      const shown = idsOf(packed, 'fact');
      expect(shown[0]).toBe('f0');
      expect(packed.droppedMemoryIds).toEqual(
        expect.arrayContaining(pinned.map(({ id }) => id).slice(shown.length)),
      );
    }
  });

  it('P7: a premise that fills the prompt leaves pinned facts their share', () => {
    const of = { ...BASE, premise: 'A very long premise. '.repeat(95) };
    const packed = pack(
      { ...of, memory: { facts: [fact('f', 'The gate is locked.', true)], summaries: [] } },
      TINY,
    );
    expect(promptText(packed.prompt)).toContain('The gate is locked.');
    expect(promptText(packed.prompt)).toContain('They found a map.');
  });

  it('tells the end of a summary that has no room as a whole', () => {
    const text = `It began. ${'Much happened then and there. '.repeat(30)}The king was dead.`;
    const packed = pack(
      { ...told(30), memory: { facts: [], summaries: [{ id: 's', text, passageIds: ['p0'] }] } },
      TINY,
    );
    const part = packed.parts.find(({ kind }) => kind === 'summary');
    expect(part).toMatchObject({ id: 's', isClipped: true });
    expect(part?.text).toMatch(/^Much happened .* The king was dead\.$/);
    expect(packed.droppedMemoryIds).toEqual([]);
  });

  it.each([
    ['chat', CHAT],
    ['continuation', BASE_TEXT],
  ] as const)('P6: with memory, too, most prompts go on from the one before: %s', (_shape, info) => {
    const prompts = Array.from({ length: 160 }, (_, at) => promptText(pack(told(at + 1), info).prompt));
    const shared = prompts.slice(1).map((prompt, at) => {
      const before = prompts[at] ?? '';
      let length = 0;
      while (length < before.length && before[length] === prompt[length]) length += 1;
      return length / prompt.length;
    });
    const late = shared.slice(60);
    expect(late.filter((share) => share > 0.8).length).toBeGreaterThan(late.length * 0.7);
  });

  it('never counts memory that cannot fit', () => {
    const { passages, memory: known } = told(12_000);
    const context = { ...BASE, passages: passages.slice(-1), memory: known };
    expect(countable(promptTexts(context, TINY)).join('').length).toBeLessThan(20_000);
    expect(pack(context, TINY).droppedMemoryIds.length).toBeGreaterThan(2_900);
  });
});

const LABELS = [
  ...Object.values(HEADER_LABELS),
  ...Object.values(CHAT_LABELS),
  'system: ',
  'user: ',
  'assistant: ',
];

/** Where one can be in a text having read nothing but labels and white space. */
function behindLabels(text: string, from: Iterable<number>): Set<number> {
  const places = new Set(from);
  for (const place of places) {
    if (/\s/.test(text.charAt(place))) places.add(place + 1);
    for (const label of LABELS)
      if (text.startsWith(label.trim(), place)) places.add(place + label.trim().length);
  }
  return places;
}

/** Whether a prompt is its parts in order, with nothing but labels and white space between them. */
function isOfItsParts({ prompt, parts }: Pick<ReturnType<typeof pack>, 'prompt' | 'parts'>): boolean {
  const all = promptText(prompt);
  let places = new Set([0]);
  for (const { text } of parts) {
    const starts = [...behindLabels(all, places)].filter((place) => all.startsWith(text, place));
    places = new Set(starts.map((place) => place + text.length));
  }
  return behindLabels(all, places).has(all.length);
}

describe('the parts of a prompt', () => {
  it('P8: are the prompt: in order, with nothing but labels between them', () => {
    fc.assert(
      fc.property(anyContext('X'), anyModel, anyRequest, (one, info, tokens) => {
        expect(isOfItsParts(pack(one, info, tokens))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('P8: a text that is in no part is noticed', () => {
    const { prompt, parts } = pack(told(9), CHAT);
    expect(isOfItsParts({ prompt, parts })).toBe(true);
    for (const at of parts.keys())
      expect(isOfItsParts({ prompt, parts: parts.filter((_, place) => place !== at) })).toBe(false);
  });

  it('P8: name each text once, in the order in which the model reads them', () => {
    const of: StoryContext = {
      ...told(60),
      lines: ['spiders'],
      veils: ['wounds'],
      guidance: 'More hope.',
      direction: 'A storm.',
      written: 'The wind rose.',
    };
    const kinds = (info: ModelInfo) => [...new Set(pack(of, info).parts.map(({ kind }) => kind))];
    expect(kinds(CHAT)).toEqual(
      'rules lines veils title premise cast fact summary passage request direction guidance written'.split(
        ' ',
      ),
    );
    expect(kinds({ ...TINY, isDemo: false, contextTokens: 1_024 })).toEqual(
      'title cast lines veils fact summary guidance direction premise passage written'.split(' '),
    );
    for (const info of [CHAT, TINY]) {
      const { parts, droppedPassageIds, droppedMemoryIds } = pack(of, info);
      const ids = parts.flatMap(({ id }) => id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of [...droppedPassageIds, ...droppedMemoryIds]) expect(ids).not.toContain(id);
    }
  });

  it('P7, P8: every passage is in the prompt or dropped, every pinned fact too, whatever the story', () => {
    fc.assert(
      fc.property(anyContext('X'), anyModel, anyRequest, (one, info, tokens) => {
        const packed = pack(one, info, tokens);
        const inPrompt = new Set(packed.parts.flatMap(({ id }) => id ?? []));
        const passages = [...idsOf(packed, 'passage'), ...packed.droppedPassageIds];
        expect(passages.sort()).toEqual(one.passages.map(({ id }) => id).sort());
        const dropped = new Set(packed.droppedMemoryIds);
        for (const { id, isPinned } of one.memory.facts) {
          expect(inPrompt.has(id) && dropped.has(id)).toBe(false);
          if (isPinned) expect(inPrompt.has(id) || dropped.has(id)).toBe(true);
        }
        for (const { id, passageIds } of one.memory.summaries) {
          const isCovered = passageIds.length > 0 && passageIds.every((passage) => inPrompt.has(passage));
          expect([inPrompt.has(id), dropped.has(id), isCovered].filter(Boolean)).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
