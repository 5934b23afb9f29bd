import type { Random } from '../sessions/ids.ts';
import type { StoryContext } from '../sessions/ports.ts';

/** Shown as the model of a passage that no model has written. */
export const SAFE_RESPONDER = 'safe-responder';

/** Fit any story: nothing happens in them, and nobody is made to say, think or feel anything. */
const PASSAGES = [
  'For a moment nothing moved. Then the silence passed, and everything was as open as before.',
  'Time went by, unhurried. Whatever was coming had not arrived yet, and there was room to think.',
  'The moment held. Nothing had to be decided at once, and every way still lay open.',
  'There was a pause, long enough to look around and to remember how it had all begun.',
  'A little time passed. Nothing was lost by it, and nothing was settled either.',
  'The scene grew quiet, as scenes do before somebody takes the next step.',
] as const;

/** The same with somebody whom the narrator may move. */
const NAMED = [
  '{name} stopped for a moment and looked around. Nothing had to be decided at once.',
  '{name} waited. It was quiet, and there was room for whatever came next.',
  'For a moment {name} stood still. Then the silence passed, and everything was as open as before.',
] as const;

type SafeContext = Pick<StoryContext, 'cast' | 'speakAs' | 'lines' | 'veils'>;

function pick<T>(choices: readonly T[], random: Random): T | undefined {
  const [high = 0, low = 0] = random.bytes(2);
  return choices[(high * 256 + low) % choices.length];
}

/** Names that stand for nobody whose player has not allowed it; the voiced one alone when there is one. */
function usableNames({ cast, speakAs }: SafeContext): string[] {
  const lower = (name: string) => name.trim().toLowerCase();
  const taken = cast.filter((member) => member.isProtected).map(({ name }) => lower(name));
  const mixed = (name: string) =>
    taken.some((one) => one !== '' && (one.includes(lower(name)) || lower(name).includes(one)));
  const free = cast.map(({ name }) => name.trim()).filter((name) => name !== '' && !mixed(name));
  const voiced = free.filter((name) => name === speakAs);
  return voiced.length > 0 ? voiced : free;
}

/**
 * A short prepared passage, a whole one in one or two sentences, that is fit for every rating and holds no words
 * of the story but at most the name of a cast member who is not protected. Passages that name a topic of the
 * table are left out as long as there are others.
 */
export function safePassage(context: SafeContext, random: Random): string {
  const names = usableNames(context);
  const named = names.length === 0 ? [] : NAMED;
  const topics = [...context.lines, ...context.veils].map((topic) => topic.trim().toLowerCase());
  const touches = (text: string) =>
    topics.some((topic) => topic !== '' && text.toLowerCase().includes(topic));
  const all = [...PASSAGES, ...named];
  const fit = all.filter((text) => !touches(text));
  const text = pick(fit.length > 0 ? fit : all, random) ?? PASSAGES[0];
  return text.replace('{name}', () => pick(names, random) ?? '');
}
