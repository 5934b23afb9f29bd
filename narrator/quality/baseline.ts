import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import { parseBackground } from '../../sessions/measures/background.ts';
import type { Anchors } from '../../sessions/measures/coherence.ts';
import type { Background } from '../../sessions/quality.ts';

const share = z.number().min(0).max(1);
const threshold = z.number().gt(0).lt(1);
const anchors = z
  .object({ q05: share, q50: share, q99: share })
  .refine(
    ({ q05, q50, q99 }) => q05 > 0 && q05 <= q50 && q50 <= q99 && q05 < q99,
    'they have to rise from over 0',
  );
const calibrated = z.object({ threshold, anchors });
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

const baselineSchema = z.object({
  schema: z.literal(1),
  version: name,
  language: z.string().min(2).max(20),
  sample: z.object({ passages: z.number().int().min(200), source: z.string().min(1).max(2_000) }),
  /** Version of the background file that the anchors were learnt with. */
  background: name,
  metrics: z.object({
    narrative_coherence: calibrated,
    character_consistency: z.object({ threshold }),
    user_engagement: z.object({ threshold }),
    diversity: calibrated,
    style: z.object({ anchors }).optional(),
    embedding_coherence: calibrated.optional(),
  }),
});

/** What healthy passages score, and below what something is wrong (requirement D0). */
export interface QualityBaseline {
  /** Names the file: `en-1`. */
  version: string;
  metrics: {
    narrative_coherence: { threshold: number; anchors: Anchors };
    character_consistency: { threshold: number };
    user_engagement: { threshold: number };
    diversity: { threshold: number; anchors: Anchors };
    style: { anchors: Anchors } | null;
    embedding_coherence: { threshold: number; anchors: Anchors } | null;
  };
  background: Background;
}

function faultOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

/** Throws AppError INTERNAL that names the file and what is wrong with it. */
async function readJson<T>(file: string, parse: (json: unknown) => T): Promise<T> {
  try {
    return parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const detail = `The quality baseline ${file} cannot be used: ${faultOf(cause)}`;
    throw new AppError('INTERNAL', { detail, cause });
  }
}

/**
 * Reads a baseline file (`quality-en-1.json`) and the background of stems beside it that it names. Throws AppError
 * INTERNAL, which names the file and the fault for people, when one of them is missing, damaged or does not belong to the other.
 */
export async function loadBaseline(file: string): Promise<QualityBaseline> {
  const { version, background: wanted, metrics } = await readJson(file, (json) => baselineSchema.parse(json));
  const { style = null, embedding_coherence = null } = metrics;
  const beside = join(dirname(file), `background-${wanted}.json`);
  const background = await readJson(beside, (json) => {
    const parsed = parseBackground(json);
    if (parsed.version === wanted) return parsed;
    throw new Error(`it is version ${parsed.version}, but ${basename(file)} wants ${wanted}`);
  });
  return { version, metrics: { ...metrics, style, embedding_coherence }, background };
}
