import { createHash, createHmac, randomBytes } from 'node:crypto';
import { decrypt, encrypt } from './audit-keys.ts';

const SALT_BYTES = 32;

/** A text under lock, and the commitment to it that a record may carry. */
export interface SealedText {
  /** HMAC-SHA-256 of the text under a random salt, hex: short texts cannot be guessed from it. */
  commit: string;
  /** SHA-256 of `data`, hex. */
  blob: string;
  /** Salt and text, AES-256-GCM. */
  data: Buffer;
}

/** HMAC-SHA-256(salt, text), hex. */
export function commitTo(text: string, salt: Uint8Array): string {
  return createHmac('sha256', salt).update(text).digest('hex');
}

/** SHA-256, hex. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Locks a text. `about`: the id of its record; it opens for no other. */
export function sealText(text: string, key: Buffer, about: string): SealedText {
  const salt = randomBytes(SALT_BYTES);
  const data = encrypt(key, Buffer.concat([salt, Buffer.from(text)]), about);
  return { commit: commitTo(text, salt), blob: sha256(data), data };
}

/** The text and its salt. Throws Error when it was altered, or with another key or record. */
export function openText(data: Uint8Array, key: Buffer, about: string): { text: string; salt: Buffer } {
  const plain = decrypt(key, data, about);
  return { salt: plain.subarray(0, SALT_BYTES), text: plain.subarray(SALT_BYTES).toString('utf8') };
}
