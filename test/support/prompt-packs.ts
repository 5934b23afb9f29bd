import fc from 'fast-check';
import { countable, promptTexts } from '../../narrator/prompt-texts.ts';
import { packPrompt } from '../../narrator/prompt.ts';
import type { ModelInfo, StoryContext } from '../../sessions/ports.ts';

/** A small continuation model like the bundled one. */
export const TINY: ModelInfo = {
  name: 'tiny',
  contextTokens: 512,
  shape: 'continuation',
  isDemo: true,
  parallel: 1,
  resident: null,
};
/** A chat model. */
export const CHAT: ModelInfo = {
  name: 'chat',
  contextTokens: 4_096,
  shape: 'chat',
  isDemo: false,
  parallel: 1,
  resident: null,
};

/** A short story. */
export const BASE: StoryContext = {
  sessionId: 's1',
  title: 'The Lost Boat',
  premise: 'Mia and Tom live by the sea.',
  rating: 'teen',
  cast: [
    { name: 'Mia', description: 'brave', isProtected: true },
    { name: 'Tom', description: 'shy', isProtected: false },
  ],
  passages: [{ id: 'p1', text: 'They found a map.' }],
  direction: null,
  speakAs: null,
  written: '',
  lines: [],
  veils: [],
  guidance: null,
  isSafe: false,
  memory: { facts: [], summaries: [] },
};

/** Packs with a tokenizer that counts a token for each started run of `perToken` characters. */
export function pack(context: StoryContext, info: ModelInfo, requested: number | null = null, perToken = 3) {
  const texts = countable(promptTexts(context, info));
  const counts = new Map(texts.map((text) => [text, Math.ceil(text.length / perToken)]));
  return packPrompt(context, info, counts, requested);
}

const words = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '.', '"', '\n', 'é', '海', '<s>', '🙂'), maxLength });
/** Any story; all its texts begin with the marker or hold no letter of it. */
export const anyContext = (marker: string): fc.Arbitrary<StoryContext> =>
  fc
    .record({
      title: words(60),
      premise: words(2_000),
      rating: fc.constantFrom<StoryContext['rating']>('everyone', 'teen', 'mature'),
      cast: fc.array(fc.record({ name: words(12), description: words(60), isProtected: fc.boolean() }), {
        maxLength: 8,
      }),
      passages: fc.array(words(400), { maxLength: 20 }),
      direction: fc.option(words(400)),
      written: fc.oneof(fc.constant(''), words(300)),
      lines: fc.array(words(60), { maxLength: 12 }),
      veils: fc.array(words(60), { maxLength: 12 }),
      guidance: fc.option(words(600)),
      isSafe: fc.constant(false),
      facts: fc.array(fc.record({ text: words(120), isPinned: fc.boolean() }), { maxLength: 12 }),
      summaries: fc.array(fc.record({ text: words(300), from: fc.nat(20), count: fc.nat(9) }), {
        maxLength: 8,
      }),
    })
    .map(({ facts, summaries, ...parts }) => ({
      ...parts,
      sessionId: marker,
      title: marker + parts.title,
      cast: parts.cast.map((member, at) => ({ ...member, name: `${marker}${at}` })),
      passages: parts.passages.map((text, at) => ({ id: `${marker}${at}`, text: marker + text })),
      lines: parts.lines.map((line) => marker + line),
      guidance: parts.guidance === null ? null : marker + parts.guidance,
      memory: {
        facts: facts.map((fact, at) => ({ ...fact, id: `${marker}f${at}`, text: marker + fact.text })),
        summaries: summaries.map(({ text, from, count }, at) => ({
          id: `${marker}s${at}`,
          text: marker + text,
          passageIds: Array.from({ length: count }, (_, place) => `${marker}${from + place}`),
        })),
      },
      speakAs: null,
    }));
/** Models of all shapes. */
export const anyModel = fc.constantFrom<ModelInfo>(
  TINY,
  CHAT,
  { ...CHAT, contextTokens: 1_024 },
  { ...TINY, isDemo: false },
  { ...TINY, contextTokens: 256 },
);
/** Tokens that somebody may ask for. */
export const anyRequest = fc.option(fc.integer({ min: 16, max: 4_096 }));
