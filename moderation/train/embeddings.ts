import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDING_SIZE, type Encoder } from '../model/encoder.ts';

// Sentence embeddings of many texts, kept in a file between runs: a run from nothing takes about ten minutes.

const KEY_BYTES = 16;
const RECORD_BYTES = KEY_BYTES + EMBEDDING_SIZE * 4;
/** Embeddings written to the file at once. */
const BATCH = 200;

const keyOf = (text: string): Buffer => createHash('sha256').update(text).digest().subarray(0, KEY_BYTES);

/** Embeddings by text, from the file or from the encoder. */
export class StoredEmbeddings {
  readonly #file: string;
  readonly #encoder: Encoder;
  readonly #known = new Map<string, Float32Array>();
  #unwritten: Buffer[] = [];

  constructor(encoder: Encoder, file = join(tmpdir(), 'taleloom-embeddings.bin')) {
    this.#encoder = encoder;
    this.#file = file;
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const numbers = Uint8Array.from(bytes.subarray(at + KEY_BYTES, at + RECORD_BYTES));
      this.#known.set(bytes.toString('hex', at, at + KEY_BYTES), new Float32Array(numbers.buffer));
    }
  }

  /** The embeddings of folded texts, in their order; `onProgress` is told how many are done. */
  async of(folded: readonly string[], onProgress: (done: number) => void): Promise<Float32Array[]> {
    const embeddings: Float32Array[] = [];
    for (const text of folded) {
      embeddings.push(await this.#one(text));
      if (embeddings.length % 5_000 === 0) onProgress(embeddings.length);
    }
    this.#flush();
    return embeddings;
  }

  async #one(text: string): Promise<Float32Array> {
    const key = keyOf(text);
    const known = this.#known.get(key.toString('hex'));
    if (known !== undefined) return known;
    const embedding = await this.#encoder.embed(text);
    this.#known.set(key.toString('hex'), embedding);
    this.#unwritten.push(key, Buffer.from(Float32Array.from(embedding).buffer));
    if (this.#unwritten.length >= BATCH * 2) this.#flush();
    return embedding;
  }

  #flush(): void {
    if (this.#unwritten.length > 0) appendFileSync(this.#file, Buffer.concat(this.#unwritten));
    this.#unwritten = [];
  }
}
