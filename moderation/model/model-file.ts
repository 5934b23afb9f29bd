import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EMBEDDING_SIZE } from './encoder.ts';
import { BUCKETS } from './features.ts';
import type { ModelScores } from '../findings.ts';

// The file of trained weights: a magic word, the length of a JSON header, the header, then the weights: a signed byte
// for each bucket and head, heads of one bucket side by side, and a 32 bit float for each head and embedding number.

/** The labels of the model, in the order of its heads. */
export const LABELS = [
  'toxicity',
  'hate',
  'harassment',
  'sexual',
  'violence',
  'self_harm',
  'injection',
] as const satisfies readonly (keyof ModelScores)[];
export type Label = (typeof LABELS)[number];

const MAGIC = 'TLM1';
const HEADS = LABELS.length;

const affineSchema = z.object({ slope: z.number(), shift: z.number() });
/** From a raw score to the logit of a calibrated one, which is 0 at the operating threshold. */
export type Affine = z.infer<typeof affineSchema>;

const headSchema = z.object({ bias: z.number(), ...affineSchema.shape });
const headerSchema = z.object({
  labels: z.array(z.string()).refine((labels) => labels.join() === LABELS.join()),
  buckets: z.literal(BUCKETS),
  embeddingSize: z.literal(EMBEDDING_SIZE),
  /** One byte step of a weight is `scale`. */
  ngram: z.array(headSchema.extend({ scale: z.number().positive() })).length(HEADS),
  encoder: z.array(headSchema).length(HEADS),
  average: z.array(affineSchema).length(HEADS),
});

export interface Model extends z.infer<typeof headerSchema> {
  /** Weight of head `h` for bucket `b` at `b * heads + h`. */
  ngramWeights: Int8Array;
  /** Weight of head `h` for number `n` of the embedding at `h * EMBEDDING_SIZE + n`. */
  encoderWeights: Float32Array;
}

/** The bytes of a model file. */
export function writeModel({ ngramWeights, encoderWeights, ...header }: Model): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const floats = Buffer.alloc(encoderWeights.length * 4);
  encoderWeights.forEach((weight, at) => floats.writeFloatLE(weight, at * 4));
  return Buffer.concat([Buffer.from(MAGIC), length, json, Buffer.from(ngramWeights.buffer), floats]);
}

/** Reads a model file. Throws when it is none, was made for other features, or is not whole. */
export function readModel(file: Buffer): Model {
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('not a file of a moderation model');
  const start = MAGIC.length + 4 + file.readUInt32LE(MAGIC.length);
  const header = headerSchema.parse(JSON.parse(file.toString('utf8', MAGIC.length + 4, start)));
  const floats = start + BUCKETS * HEADS;
  const encoderWeights = new Float32Array(HEADS * EMBEDDING_SIZE);
  if (file.length !== floats + encoderWeights.length * 4)
    throw new Error('the moderation model is not whole');
  for (let at = 0; at < encoderWeights.length; at += 1)
    encoderWeights[at] = file.readFloatLE(floats + at * 4);
  return { ...header, ngramWeights: new Int8Array(file.subarray(start, floats)), encoderWeights };
}

/** A short name for the weights of a file: changes whenever any of them does. */
export function versionOf(file: Buffer): string {
  return `1-${createHash('sha256').update(file).digest('hex').slice(0, 10)}`;
}
