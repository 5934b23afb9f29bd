import type { ModelInfo } from '../sessions/ports.ts';
import type { NarratorSight } from '../sessions/sight.ts';
import { sha256 } from '../sessions/secrets.ts';
import { PROMPT_REVISION } from './prompt-words.ts';

/** Hex digits of the hash: enough to tell the versions of one server apart. */
const HASH_LENGTH = 8;

/**
 * A short name for model, prompt format and sampling together, `<model>@<8 hex>`: what has the same name would write
 * alike, and any change of one of them gives another.
 */
export function narratorVersion(
  { name, shape }: Pick<ModelInfo, 'name' | 'shape'>,
  { temperature, topP, minP }: NarratorSight['sampling'],
  revision: number = PROMPT_REVISION,
): string {
  const parts = [name, revision, shape, temperature, topP, minP];
  return `${name}@${sha256(JSON.stringify(parts)).slice(0, HASH_LENGTH)}`;
}
