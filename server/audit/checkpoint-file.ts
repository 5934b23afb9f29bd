import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const END = '\n\n';

/** Signed checkpoints in a plain file beside the database, one after the other, for others to keep copies of. */
export class CheckpointFile {
  readonly #path: string;
  /** Where the next note begins, in bytes; null: not looked yet. */
  #end: number | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The notes in it, oldest first; null: there is no file. What a crash has left half written is not told. */
  async read(): Promise<string[] | null> {
    const text = await this.#text();
    return text === null ? null : notesOf(text).notes;
  }

  /** Adds a note in place of one that a crash has left half written; it is on the disk when this resolves. */
  async append(note: string): Promise<void> {
    this.#end ??= notesOf((await this.#text()) ?? '').end;
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(this.#path, 'a', 0o644);
    try {
      await file.truncate(this.#end);
      await file.appendFile(`${note}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#end += Buffer.byteLength(note) + 1;
  }

  async #text(): Promise<string | null> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }
}

/**
 * A note is a text and its signatures, with an empty line between them and one behind. `end`: where the last whole one
 * ends, in bytes.
 */
function notesOf(text: string): { notes: string[]; end: number } {
  const notes: string[] = [];
  let body: string | null = null;
  let at = 0;
  let end = 0;
  // Behind the last end is nothing, or the beginning of a note that was never ended.
  for (const block of text.split(END).slice(0, -1)) {
    at += Buffer.byteLength(block) + END.length;
    const isSignature = block.startsWith('— ');
    if (isSignature) end = at;
    if (isSignature && body !== null) {
      notes.push(`${body}${END}${block}\n`);
      body = null;
    } else {
      if (body !== null) notes.push(body);
      body = block;
    }
  }
  return { notes, end };
}
