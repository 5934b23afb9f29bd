import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Of each end of a model file so much is hashed: tables and vocabulary in front, weights behind. */
const END_BYTES = 1024 * 1024;
const LENGTH = 12;
/** Where there is no file: a model elsewhere, or one that was told what to say. */
export const NO_HASH = 'unknown';

/**
 * Twelve hex digits that tell model files apart: SHA-256 of length, first and last MiB. The whole of a large file
 * would take a minute of the disk at each start. `unknown` when it cannot be read; never rejects.
 */
export async function modelFileHash(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const hash = createHash('sha256').update(`${size}\n`);
      for (const from of [0, Math.max(0, size - END_BYTES)]) {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(END_BYTES), 0, END_BYTES, from);
        hash.update(buffer.subarray(0, bytesRead));
      }
      return hash.digest('hex').slice(0, LENGTH);
    } finally {
      await file.close();
    }
  } catch {
    return NO_HASH;
  }
}
