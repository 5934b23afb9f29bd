import type { Random } from '../sessions/ids.ts';
import type { ModelInfo, Prompt, TextModel } from '../sessions/ports.ts';
import { sha256 } from '../sessions/secrets.ts';
import type { NarratorSight } from '../sessions/sight.ts';
import type { PackedPrompt } from './prompt.ts';
import { narratorVersion } from './version.ts';

/** How the narrator samples. */
const SAMPLING = { temperature: 0.7, topP: 0.95, minP: 0.05 } as const;

/** A model that may have no use for one of the figures. */
export type SamplingModel = TextModel & { readonly ignoresMinP?: boolean };

/** How a model really samples. */
export function samplingOf({ ignoresMinP = false }: SamplingModel): NarratorSight['sampling'] {
  return { ...SAMPLING, ...(ignoresMinP ? { minP: 0 } : {}) };
}

/** A seed of 31 bits: each request has one of its own that is known afterwards. */
export function seedFrom(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return ((a & 127) << 24) | (b << 16) | (c << 8) | d;
}

/** What a request will give the model; what it samples is added when it has. */
export function sightOf(
  packed: PackedPrompt,
  info: ModelInfo,
  { sampling, seed }: Pick<NarratorSight, 'sampling' | 'seed'>,
): NarratorSight {
  const { parts, droppedPassageIds, droppedMemoryIds, promptTokens, maxTokens } = packed;
  return {
    model: info.name,
    version: narratorVersion(info, sampling),
    sampling,
    seed,
    parts,
    droppedPassageIds,
    droppedMemoryIds,
    contextTokens: info.contextTokens,
    promptTokens,
    maxTokens,
    outputTokens: 0,
  };
}

const normalised = (text: string) => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

/** SHA-256 (hex) of a prompt; equal for prompts that differ in white space and Unicode forms only. */
export function promptHash(prompt: Prompt): string {
  if (prompt.shape === 'continuation') return sha256(normalised(prompt.text));
  return sha256(JSON.stringify(prompt.messages.map(({ role, content }) => [role, normalised(content)])));
}
