import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const END = '\n\n';

/** Signed checkpoints in a plain file beside the database, one after the other, for others to keep copies of. */
export class CheckpointFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The notes in it, oldest first; null: there is no file. What a crash has left half written is not told. */
  async read(): Promise<string[] | null> {
    try {
      return notesOf(await readFile(this.#path, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Adds a note; it is on the disk when this resolves. */
  async append(note: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(this.#path, 'a+', 0o644);
    try {
      const { size } = await file.stat();
      await file.appendFile(`${size > 0 ? await missingEnd(file, size) : ''}${note}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

/** What a half written note at the end of the file lacks, so that the next one begins on a line of its own. */
async function missingEnd(file: Awaited<ReturnType<typeof open>>, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
  return buffer.subarray(0, bytesRead).toString() === END ? '' : END;
}

/** A note is a text and its signatures, with an empty line between them and one behind. */
function notesOf(text: string): string[] {
  const notes: string[] = [];
  let body: string | null = null;
  const blocks = text.split(END);
  // Behind the last end is nothing, or the beginning of a note that was never ended.
  for (const block of blocks.slice(0, -1)) {
    if (block.startsWith('— ') && body !== null) {
      notes.push(`${body}${END}${block}\n`);
      body = null;
    } else {
      if (body !== null) notes.push(body);
      body = block;
    }
  }
  return notes;
}
