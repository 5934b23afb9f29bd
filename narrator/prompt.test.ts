import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelInfo, StoryContext } from '../sessions/ports.ts';
import { BASE, CHAT, TINY, anyContext, anyModel, anyRequest, pack } from '../test/support/prompt-packs.ts';
import { contentWords, countable, promptTexts, unitsOf } from './prompt-texts.ts';
import { HARD_MAX_TOKENS, packPrompt } from './prompt.ts';
import { promptText } from './scripted-model.ts';

describe('prompt, continuation shape', () => {
  it('has the header of the model card, a blank line, and no trailing space', () => {
    const { prompt, opening } = pack({ ...BASE, direction: 'Let Mia find the treasure on the boat!' }, TINY);
    expect(prompt).toEqual({
      shape: 'continuation',
      text:
        'Title: The Lost Boat\nStyle: simple story\nCharacters: Mia, Tom\nWords: find, treasure, boat\n\n' +
        'Mia and Tom live by the sea.\n\nThey found a map.',
    });
    expect(opening).toBe('');
  });

  it('opens the speech of the voiced character as part of the passage', () => {
    const { prompt, opening } = pack({ ...BASE, speakAs: 'Tom' }, TINY);
    expect(promptText(prompt).endsWith('They found a map.\n\nTom said, "')).toBe(true);
    expect(promptText(prompt)).toContain('Characters: Tom, Mia\n');
    expect(opening).toBe('Tom said, "');
  });

  it('goes on behind the text that is written already', () => {
    const { prompt, opening } = pack({ ...BASE, speakAs: 'Tom', written: 'Tom said, "Look. ' }, TINY);
    expect(promptText(prompt).endsWith('They found a map.\n\nTom said, "Look.')).toBe(true);
    expect(opening).toBe('');
  });

  it('writes plain ASCII quotes', () => {
    const passages = [{ id: 'p1', text: '“It’s here…”' }];
    expect(promptText(pack({ ...BASE, passages }, TINY).prompt)).toContain('"It\'s here..."');
  });
});

describe('prompt, chat shape', () => {
  it('tells the rules, the cast and who is played by a person, then story and request', () => {
    const { prompt } = pack({ ...BASE, direction: 'A storm comes.', speakAs: 'Tom' }, CHAT);
    const text = promptText(prompt);
    for (const part of [
      'readers from 13',
      'Premise: Mia and Tom live by the sea.',
      '- Tom: shy',
      '- Mia (played by a person): brave',
      'They found a map.',
      'The players want this to happen: A storm comes.',
      'what Tom says and does',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('gives back what is written as the beginning of the answer', () => {
    const { prompt } = pack({ ...BASE, written: 'The wind rose. ' }, CHAT);
    expect(prompt.shape === 'chat' && prompt.messages.at(-1)).toEqual({
      role: 'assistant',
      content: 'The wind rose.',
    });
  });
});

describe('what the table has said', () => {
  const told = {
    ...BASE,
    lines: ['spiders', ' cruelty\nto animals '],
    veils: ['wounds'],
    guidance: 'Less gloom.\nMore hope.',
  };

  it('N16: chat models are told lines and veils in front of everything that changes, guidance with the request', () => {
    const { prompt, clipped } = pack(told, CHAT);
    const [system, user] = prompt.shape === 'chat' ? prompt.messages : [];
    expect(system?.content).toContain('not even in passing: spiders; cruelty to animals');
    expect(system?.content).toMatch(/off-screen only; .*: wounds/);
    expect(user?.content).toMatch(/private note of the game master, .*: Less gloom. More hope.$/);
    expect(system?.content).not.toContain('gloom');
    expect(clipped).toMatchObject({ table: false, guidance: false });
    const next = pack({ ...told, guidance: null, direction: 'Rain.', passages: [] }, CHAT).prompt;
    expect(next.shape === 'chat' && next.messages[0]).toEqual(system);
  });

  it('says nothing of it where there is nothing to say', () => {
    const text = promptText(pack(BASE, CHAT).prompt);
    for (const word of ['off-screen', 'not even in passing', 'private note'])
      expect(text).not.toContain(word);
  });

  it('N16: continuation models have it in their header, but for the demo model, which would take it up', () => {
    const info = { ...TINY, isDemo: false };
    expect(promptText(pack(told, info).prompt)).toContain(
      'Never: spiders; cruelty to animals\nOff-screen: wounds\nNote: Less gloom. More hope.\n\nMia and Tom live',
    );
    expect(pack(told, TINY)).toEqual(pack(BASE, TINY));
  });

  it('is clipped to whole topics when it takes too much of the prompt, and says so', () => {
    const lines = Array.from({ length: 200 }, (_, at) => `topic number ${at} of very many`);
    const { prompt, clipped, promptTokens } = pack({ ...told, lines }, { ...CHAT, contextTokens: 1_024 });
    expect(clipped).toMatchObject({ table: true, premise: false });
    expect(promptText(prompt)).toMatch(/not even in passing: topic number 0 of .* of very many\n/);
    expect(promptTokens).toBeLessThanOrEqual(819);
  });
});

describe('prompt budget', () => {
  const long = (id: number) => ({
    id: `p${id}`,
    text: `Passage ${id} begins. ${'They walked on and on. '.repeat(10)}`,
  });

  it('P2: drops the oldest passages first and says which', () => {
    const passages = Array.from({ length: 12 }, (_, at) => long(at));
    const packed = pack({ ...BASE, passages }, TINY);
    expect(packed.droppedPassageIds).toEqual(
      passages.slice(0, packed.droppedPassageIds.length).map((one) => one.id),
    );
    expect(packed.droppedPassageIds.length).toBeGreaterThan(5);
    expect(promptText(packed.prompt)).toContain('Passage 11 begins.');
    expect(packed.clipped).toMatchObject({ premise: false, cast: false });
  });

  it('shortens the newest passage from its front when it alone is too long', () => {
    const packed = pack(
      { ...BASE, passages: [{ id: 'p1', text: `Start. ${'On it went. '.repeat(400)}The end.` }] },
      TINY,
    );
    expect(promptText(packed.prompt).endsWith('The end.')).toBe(true);
    expect(promptText(packed.prompt)).not.toContain('Start.');
    expect(packed).toMatchObject({ droppedPassageIds: [], clipped: { story: true } });
  });

  it('clips a premise that leaves no room, says so, and keeps the newest passage', () => {
    const packed = pack({ ...BASE, premise: 'A very long premise. '.repeat(95) }, TINY);
    expect(packed.clipped).toMatchObject({ premise: true, cast: false });
    expect(promptText(packed.prompt)).toContain('A very long premise.');
    expect(promptText(packed.prompt)).toContain('They found a map.');
  });

  it('P5: 220 tokens unless asked, 600 at most, and what was asked for less is clipped with a flag', () => {
    expect(pack(BASE, CHAT)).toMatchObject({ maxTokens: 220, clipped: { output: false } });
    expect(pack(BASE, CHAT, 4_000)).toMatchObject({ maxTokens: HARD_MAX_TOKENS, clipped: { output: true } });
    expect(pack(BASE, CHAT, 40)).toMatchObject({ maxTokens: 40, clipped: { output: false } });
    const full = pack({ ...BASE, passages: Array.from({ length: 30 }, (_, at) => long(at)) }, TINY);
    expect(full.clipped.output).toBe(true);
    expect(full.maxTokens).toBeGreaterThanOrEqual(100);
  });

  it('P6: a long story begins at the same passage for a while, so that most prompts go on from the one before', () => {
    const info = { ...CHAT, contextTokens: 4_096 };
    const passages = Array.from({ length: 120 }, (_, at) => long(at));
    const prompts = passages.map((_, at) =>
      promptText(pack({ ...BASE, passages: passages.slice(0, at + 1) }, info).prompt),
    );
    const shared = prompts.slice(1).map((prompt, at) => {
      const before = prompts[at] ?? '';
      let length = 0;
      while (length < before.length && before[length] === prompt[length]) length += 1;
      return length / prompt.length;
    });
    const late = shared.slice(60);
    expect(late.filter((share) => share > 0.5).length).toBeGreaterThan(late.length * 0.75);
    // What it costs: never more than half of what would fit, here about a fifth.
    const lengths = prompts.slice(60).map((prompt) => prompt.length);
    expect(Math.min(...lengths)).toBeGreaterThan(Math.max(...lengths) * 0.7);
  });

  it('finds the words of a direction that say something', () => {
    expect(contentWords("Please let the dragon's egg hatch, and make Tom laugh!", ['Tom'])).toEqual([
      'dragon',
      'egg',
      'hatch',
      'laugh',
    ]);
  });

  it('never counts passages that cannot fit, however long the story is', () => {
    const passages = Array.from({ length: 5_000 }, (_, at) => long(at));
    const context = { ...BASE, passages };
    expect(countable(promptTexts(context, TINY)).join('').length).toBeLessThan(20_000);
    expect(pack(context, TINY).droppedPassageIds.length).toBeGreaterThan(4_990);
  });
});

/** Every text at the worst: one token a byte, so that joints cost nothing extra. */
function worst(one: StoryContext, info: ModelInfo, tokens: number | null) {
  return packPrompt(one, info, new Map(), tokens);
}

describe('prompt, any context', () => {
  it('P1: is deterministic, fits the context, and holds premise and cast unless it says that they are clipped', () => {
    fc.assert(
      fc.property(anyContext('X'), anyModel, anyRequest, (one, info, tokens) => {
        const packed = pack(one, info, tokens);
        expect(pack(structuredClone(one), info, tokens)).toEqual(packed);
        expect(packed.promptTokens).toBeLessThanOrEqual(Math.floor(info.contextTokens * 0.8));
        expect(packed.promptTokens + packed.maxTokens).toBeLessThanOrEqual(info.contextTokens);
        expect(promptText(packed.prompt).length / 3).toBeLessThanOrEqual(packed.promptTokens);
        if (info.shape === 'continuation') expect(promptText(packed.prompt)).not.toMatch(/[^\n]\s$/);
        if (!packed.clipped.cast)
          for (const { name } of one.cast) expect(promptText(packed.prompt)).toContain(name);
        const premise = info.shape === 'chat' ? one.premise.trim() : promptTexts(one, info).premise.text;
        if (!packed.clipped.premise) expect(promptText(packed.prompt)).toContain(premise.trim());
      }),
      { numRuns: 150 },
    );
  });

  it('fits even when every byte is a token', () => {
    fc.assert(
      fc.property(anyContext('X'), anyRequest, (one, tokens) => {
        for (const info of [TINY, { ...CHAT, contextTokens: 8_192 }]) {
          const packed = worst(one, info, tokens);
          expect(packed.promptTokens + packed.maxTokens).toBeLessThanOrEqual(info.contextTokens);
          expect(packed.maxTokens).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('P3: prompts of interleaved sessions never hold a word of one another', () => {
    fc.assert(
      fc.property(anyContext('QQQ'), anyContext('WWW'), anyModel, (one, other, info) => {
        const texts = [promptTexts(one, info), promptTexts(other, info)] as const;
        const prompts = [pack(one, info), pack(other, info), pack(one, info)].map((packed) =>
          promptText(packed.prompt),
        );
        expect(countable(texts[0]).join()).not.toContain('WWW');
        expect(prompts[0]).not.toContain('WWW');
        expect(prompts[1]).not.toContain('QQQ');
        expect(prompts[2]).toBe(prompts[0]);
      }),
      { numRuns: 60 },
    );
  });

  it('cuts texts into units that join to the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'Z', ' ', '.', '"', '\n', 'é', '海', '<s>', '🙂'),
          maxLength: 900,
        }),
        (text) => unitsOf(text).join('') === text,
      ),
    );
  });
});
