// Signed notes as C2SP defines them (signed-note and tlog-checkpoint), so that common witnesses and tools can read ours.
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Hash } from './merkle.ts';

/** Ed25519 in notes. */
const ALGORITHM = Uint8Array.of(1);
/** What precedes the 32 bytes of an Ed25519 public key in its SPKI form. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const HASH_BYTES = 32;

/** What a log of that name claims: so many leaves, under this root. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
}

/** Whom to believe: name and public key. */
export interface NoteVerifier {
  name: string;
  /** `name+hash+key` as C2SP writes it. */
  vkey: string;
  keyId: Buffer;
  publicKey: KeyObject;
}

/** Base64 that has exactly one spelling for its bytes; null: it is not. */
export function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** The verifier of a raw Ed25519 public key (32 bytes). */
export function verifierOf(name: string, rawKey: Uint8Array): NoteVerifier {
  const key = Buffer.concat([ALGORITHM, rawKey]);
  const keyId = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4);
  return {
    name,
    vkey: `${name}+${keyId.toString('hex')}+${key.toString('base64')}`,
    keyId,
    publicKey: createPublicKey({ key: Buffer.concat([SPKI_PREFIX, rawKey]), format: 'der', type: 'spki' }),
  };
}

/** Reads `name+hash+key`; null: it is none, or of another algorithm. */
export function parseVkey(vkey: string): NoteVerifier | null {
  const [, name, key] = /^([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey) ?? [];
  const bytes = key === undefined ? null : strictBase64(key);
  if (name === undefined || bytes?.length !== 1 + HASH_BYTES || bytes[0] !== ALGORITHM[0]) return null;
  const verifier = verifierOf(name, bytes.subarray(1));
  return verifier.vkey === vkey ? verifier : null;
}

/** The text of a checkpoint, which is what is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** A text, which ends with a line break, with a signature over it. */
export function signNote(text: string, by: NoteVerifier, sign: (data: Buffer) => Buffer): string {
  const signature = Buffer.concat([by.keyId, sign(Buffer.from(text))]);
  return `${text}\n— ${by.name} ${signature.toString('base64')}\n`;
}

/** The text of a note that the verifier has signed; others may have signed as well. Null: it has not. */
export function openNote(note: string, by: NoteVerifier): string | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  const parsed = lines.map((line) => SIGNATURE_LINE.exec(line));
  if (parsed.includes(null)) return null;
  const isSigned = parsed.some((match) => {
    const bytes = strictBase64(match?.[2] ?? '');
    if (match?.[1] !== by.name || bytes === null || !bytes.subarray(0, 4).equals(by.keyId)) return false;
    return verify(null, Buffer.from(text), by.publicKey, bytes.subarray(4));
  });
  return isSigned ? text : null;
}

/** The checkpoint in a signed note; null: not signed by this one, or no checkpoint of the log of that name. */
export function openCheckpoint(note: string, by: NoteVerifier): Checkpoint | null {
  const text = openNote(note, by);
  const [origin = '', size = '', root = ''] = text?.split('\n') ?? [];
  const hash = strictBase64(root);
  if (text === null || origin !== by.name || !SIZE.test(size) || hash?.length !== HASH_BYTES) return null;
  return { origin, size: Number(size), root: hash };
}
