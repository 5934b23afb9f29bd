import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { verifierOf, type NoteVerifier } from './note.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Bytes of a seal: whoever lacks the secret guesses it once in 2^128 tries. */
const SEAL_BYTES = 16;
/** What precedes the 32 bytes of an Ed25519 private key in its PKCS #8 form. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** All keys of the audit log; each is derived (HKDF-SHA-256) from the one secret in `<dataDir>/audit/secret`. */
export class AuditKeys {
  /** Name and public key of this log. */
  readonly verifier: NoteVerifier;
  readonly #signing: KeyObject;
  readonly #people: Buffer;
  readonly #seals: Buffer;
  readonly #wrapping: Buffer;

  constructor(secret: string) {
    const derive = (use: string) =>
      Buffer.from(hkdfSync('sha256', secret, '', `taleloom audit 1: ${use}`, KEY_BYTES));
    const der = Buffer.concat([PKCS8_PREFIX, derive('signature')]);
    this.#signing = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(this.#signing).export({ format: 'der', type: 'spki' });
    const raw = spki.subarray(-KEY_BYTES);
    const name = `taleloom/audit/${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
    this.verifier = verifierOf(name, raw);
    this.#people = derive('pseudonyms');
    this.#seals = derive('seals');
    this.#wrapping = derive('wrapping');
  }

  /** The pseudonym of an id: equal ids, equal pseudonyms, as long as the secret is the same. 32 hex digits. */
  ref(id: string): string {
    return createHmac('sha256', this.#people).update(id).digest('hex').slice(0, 32);
  }

  /** Proves that who wrote a row knew the secret. */
  seal(kind: string, ...values: readonly (string | number)[]): Buffer {
    const of = JSON.stringify([kind, ...values]);
    return createHmac('sha256', this.#seals).update(of).digest().subarray(0, SEAL_BYTES);
  }

  /** An Ed25519 signature. */
  sign(data: Buffer): Buffer {
    return sign(null, data, this.#signing);
  }

  /** A key of texts as it is stored. `about`: what it belongs to; it opens for nothing else. */
  wrap(key: Buffer, about: string): Buffer {
    return encrypt(this.#wrapping, key, about);
  }

  /** Throws Error when it was altered or belongs to something else. */
  unwrap(wrapped: Uint8Array, about: string): Buffer {
    return decrypt(this.#wrapping, wrapped, about);
  }
}

/** AES-256-GCM: nonce, ciphertext, tag. */
export function encrypt(key: Buffer, data: Buffer, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

/** Throws Error when data, key or `about` are not those of `encrypt`. */
export function decrypt(key: Buffer, data: Uint8Array, about: string): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('That is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
