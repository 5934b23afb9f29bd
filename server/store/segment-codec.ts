import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import type { JournalRecord } from '../../sessions/ports.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Format of packed records; a new one gets a new number, and this one stays readable. */
const FORMAT = 1;
/** What one packed blob may unfold to: far more than any holds, far less than the memory. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** As fast as deflate, and keystrokes get 15 % smaller (measured); the next levels cost ten times as much. */
const QUALITY = 5;

const kindSchema = z.enum(['event', 'update']);

/** Compressed bytes, made off the event loop. `unpackBytes` gives back exactly what went in. */
export async function packBytes(data: Uint8Array): Promise<Uint8Array> {
  return compress(data, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.byteLength,
    },
  });
}

/** Throws AppError STORAGE_UNAVAILABLE when the bytes are damaged. */
export async function unpackBytes(data: Uint8Array): Promise<Uint8Array> {
  try {
    // Views of pooled memory must not reach other threads or stay behind: a copy of its own.
    return new Uint8Array(await decompress(data, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Records as one blob: what is alike stands together (positions, times, names, data), then compressed. */
export async function packRecords(records: readonly JournalRecord[]): Promise<Uint8Array> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarUint(encoder, records.length);
  const documents = writeNames(
    encoder,
    records.map(({ kind, doc }) => `${kind} ${doc}`),
  );
  const authors = writeNames(
    encoder,
    records.map(({ author }) => author),
  );
  let last = { seq: 0, at: 0 };
  for (const { seq, at } of records) {
    encoding.writeVarUint(encoder, seq - last.seq);
    encoding.writeVarInt(encoder, at - last.at);
    last = { seq, at };
  }
  for (const { kind, doc } of records) encoding.writeVarUint(encoder, documents.get(`${kind} ${doc}`) ?? 0);
  for (const { author } of records)
    encoding.writeVarUint(encoder, author === null ? 0 : (authors.get(author) ?? 0) + 1);
  for (const { data } of records) encoding.writeVarUint(encoder, data.byteLength);
  for (const { data } of records) encoding.writeUint8Array(encoder, data);
  return packBytes(encoding.toUint8Array(encoder));
}

/** The records of a blob, ascending. Throws AppError STORAGE_UNAVAILABLE when it is damaged. */
export async function unpackRecords(packed: Uint8Array): Promise<JournalRecord[]> {
  const bytes = await unpackBytes(packed);
  try {
    return readRecords(decoding.createDecoder(bytes));
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause: unknown): AppError {
  return new AppError('STORAGE_UNAVAILABLE', { detail: 'a part of the history is damaged', cause });
}

/** Writes each name once and answers the number of each. */
function writeNames(encoder: encoding.Encoder, names: readonly (string | null)[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const name of names) if (name !== null && !numbers.has(name)) numbers.set(name, numbers.size);
  encoding.writeVarUint(encoder, numbers.size);
  for (const name of numbers.keys()) encoding.writeVarString(encoder, name);
  return numbers;
}

function readNames(decoder: decoding.Decoder): string[] {
  const count = decoding.readVarUint(decoder);
  return Array.from({ length: count }, () => decoding.readVarString(decoder));
}

function readRecords(decoder: decoding.Decoder): JournalRecord[] {
  const format = decoding.readVarUint(decoder);
  if (format !== FORMAT) throw new Error(`unknown format ${format}`);
  const count = decoding.readVarUint(decoder);
  const documents = readNames(decoder).map(parseDocument);
  const authors = readNames(decoder);
  const places: { seq: number; at: number }[] = [];
  let last = { seq: 0, at: 0 };
  for (let index = 0; index < count; index += 1) {
    last = { seq: last.seq + decoding.readVarUint(decoder), at: last.at + decoding.readVarInt(decoder) };
    places.push(last);
  }
  const column = () => Array.from({ length: count }, () => decoding.readVarUint(decoder));
  const ofDocuments = column();
  const ofAuthors = column();
  const lengths = column();
  return places.map(({ seq, at }, index) => ({
    seq,
    at,
    ...pick(documents, ofDocuments[index]),
    author: ofAuthors[index] === 0 ? null : pick(authors, (ofAuthors[index] ?? 0) - 1),
    // Each with memory of its own: what is kept of one must not keep all of them.
    data: decoding.readUint8Array(decoder, lengths[index] ?? 0).slice(),
  }));
}

function parseDocument(name: string): Pick<JournalRecord, 'kind' | 'doc'> {
  const space = name.indexOf(' ');
  return { kind: kindSchema.parse(name.slice(0, space)), doc: name.slice(space + 1) };
}

function pick<T>(list: readonly T[], index: number | undefined): T {
  const found = list[index ?? -1];
  if (found === undefined) throw new Error('a name is missing');
  return found;
}
