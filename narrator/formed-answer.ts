import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest } from '../sessions/ports.ts';
import type { SideEngine } from './side-line.ts';

type Asked = Pick<GenerateRequest, 'turnId' | 'storyId' | 'prompt' | 'maxTokens' | 'signal'> & {
  grammar: NonNullable<GenerateRequest['grammar']>;
  /** Who answers, for the message when there is no whole answer: 'The judge'. */
  who: string;
};

/** The whole answer of a model in an agreed form, always the same one. Throws NARRATOR_FAILED when it was cut off. */
export async function formedAnswer({ model, onCost }: SideEngine, { who, ...asked }: Asked): Promise<string> {
  let answer = '';
  const { finish } = await model.generate({
    ...asked,
    temperature: 0,
    topP: 1,
    minP: 0,
    seed: 1,
    onText: (text) => (answer += text),
    onCost,
  });
  if (finish !== 'end') throw new AppError('NARRATOR_FAILED', { detail: `${who} did not come to an end.` });
  return answer;
}
