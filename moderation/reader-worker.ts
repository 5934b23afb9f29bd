/** Worker thread entry: reads long texts, one after the other, so that the main thread goes on meanwhile. */
import { parentPort } from 'node:worker_threads';
import type { ScreenRequest } from '../sessions/moderator.ts';
import { loadClassifier } from './model/classifier.ts';
import { readText, type Reading } from './reader.ts';
import { viewsOf } from './text/normalise.ts';

/** A text to read, and what was read in it. */
export interface ReaderQuestion {
  id: number;
  request: ScreenRequest;
}
export interface ReaderAnswer {
  id: number;
  reading: Reading;
}

const port = parentPort;
if (port !== null) {
  const classifier = loadClassifier();
  port.on('message', ({ id, request }: ReaderQuestion) => {
    void classifier.then((loaded) => {
      const reading = readText(viewsOf(request.text), request, { classifier: loaded, now: () => 0 });
      port.postMessage({ id, reading } satisfies ReaderAnswer);
    });
  });
}
