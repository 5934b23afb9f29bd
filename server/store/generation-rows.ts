import { z } from 'zod';
import { PROMPT_PARTS, type GenerationRecord } from '../../sessions/sight.ts';
import { packBytes, unpackBytes } from './segment-codec.ts';

const count = z.number().int().nonnegative();

const recordSchema = z.object({
  turnId: z.string(),
  passageId: z.string(),
  alternativeId: z.string(),
  at: z.number(),
  waitMs: z.number(),
  memorySources: z.record(z.string(), z.array(z.string())),
  model: z.string(),
  version: z.string(),
  sampling: z.object({ temperature: z.number(), topP: z.number(), minP: z.number() }),
  seed: z.number().nullable(),
  parts: z.array(
    z.object({
      kind: z.enum(PROMPT_PARTS),
      id: z.string().nullable(),
      text: z.string(),
      isClipped: z.boolean(),
    }),
  ),
  droppedPassageIds: z.array(z.string()),
  droppedMemoryIds: z.array(z.string()),
  contextTokens: count,
  promptTokens: count,
  maxTokens: count,
  outputTokens: count,
});

/** A record as it is stored. */
export function packGeneration(record: GenerationRecord): Promise<Uint8Array> {
  return packBytes(Buffer.from(JSON.stringify(record)));
}

/** A stored record; null: it is of another version of the server, and cannot be shown. */
export async function unpackGeneration(data: Uint8Array): Promise<GenerationRecord | null> {
  const bytes = await unpackBytes(data);
  const parsed = recordSchema.safeParse(JSON.parse(Buffer.from(bytes).toString()));
  return parsed.success ? (parsed.data satisfies GenerationRecord) : null;
}
