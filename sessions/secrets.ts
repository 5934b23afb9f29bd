import { createHash } from 'node:crypto';

/** SHA-256 of a text as hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a secret as hex: the only form in which invites, identities and recovery links are stored. */
export function hashSecret(secret: string): string {
  return sha256(secret);
}
