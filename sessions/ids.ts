import { z } from 'zod';

/** Source of unguessable ids; the real one is `crypto.randomBytes`, tests pass a seeded one. */
export interface Random {
  /** Exactly `count` random bytes. */
  bytes(count: number): Uint8Array;
}

const ALPHABET = '0123456789abcdefghijkmnpqrstuvwxyz';

/**
 * A random id of lower-case letters and digits without `l` and `o`, about 5.1 bits a character.
 * 20 characters carry 100 bits: enough for names of things, not for secrets (see `secret`).
 */
export function newId(random: Random, length = 20): string {
  let id = '';
  while (id.length < length) {
    for (const byte of random.bytes(length)) {
      // 238 = 7 * 34: bytes above it would favour the first letters.
      if (byte < 238 && id.length < length) id += ALPHABET[byte % 34];
    }
  }
  return id;
}

/** A 128-bit secret as 32 hex digits, for invite links and browser identities. Store only its hash. */
export function newSecret(random: Random): string {
  return Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An id as it comes from outside: one of ours, or one that was brought along in an archive. */
export const idSchema = z.string().regex(/^[0-9a-z]{1,40}$/);
