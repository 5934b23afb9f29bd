import { parentPort } from 'node:worker_threads';
import { AppError } from '../../sessions/errors.ts';
import { docxOf } from './docx.ts';
import { epubOf } from './epub.ts';
import type { BindAnswer, BindOrder } from './bookbinder.ts';

// A thread that makes one book: long stories take seconds, and nobody should wait for them.

async function bind({ format, book }: BindOrder): Promise<Uint8Array> {
  return format === 'epub' ? epubOf(book) : docxOf(book);
}

if (parentPort === null) throw new AppError('INTERNAL', { detail: 'This is a worker.' });
const port = parentPort;
port.once('message', (order: BindOrder) => {
  bind(order).then(
    (data) => port.postMessage({ data } satisfies BindAnswer),
    (error: unknown) => port.postMessage({ fault: String(error) } satisfies BindAnswer),
  );
});
