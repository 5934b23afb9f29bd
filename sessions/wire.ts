import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { ACK_MESSAGE_TYPE } from './wire-constants.ts';

// The y-websocket wire format (y-protocols 1.0): one message per frame.
const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** A message of a document socket after parsing. */
export type DocumentMessage =
  | { kind: 'sync-request'; stateVector: Uint8Array }
  /** Step 2 and update carry the same thing: a Yjs update. `isReply`: it answers our step 1. */
  | { kind: 'update'; update: Uint8Array; isReply: boolean }
  | { kind: 'cursors'; payload: Uint8Array }
  | { kind: 'cursor-request' };

/** Parses one frame; null when it is not a message of the protocol. Never throws. */
export function decodeMessage(frame: Uint8Array): DocumentMessage | null {
  try {
    const decoder = decoding.createDecoder(frame);
    const message = readMessage(decoder);
    return decoding.hasContent(decoder) ? null : message;
  } catch {
    return null;
  }
}

function readMessage(decoder: decoding.Decoder): DocumentMessage | null {
  switch (decoding.readVarUint(decoder)) {
    case SYNC: {
      const step = decoding.readVarUint(decoder);
      if (step > UPDATE) return null;
      const body = decoding.readVarUint8Array(decoder);
      return step === STEP_1
        ? { kind: 'sync-request', stateVector: body }
        : { kind: 'update', update: body, isReply: step === STEP_2 };
    }
    case AWARENESS:
      return { kind: 'cursors', payload: decoding.readVarUint8Array(decoder) };
    case QUERY_AWARENESS:
      return { kind: 'cursor-request' };
    default:
      return null;
  }
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode(write);
}

function syncFrame(step: number, body: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** Asks the peer for what the server does not have yet. */
export function encodeSyncRequest(stateVector: Uint8Array): Uint8Array {
  return syncFrame(STEP_1, stateVector);
}

/** Answers a peer's sync request. */
export function encodeSyncReply(update: Uint8Array): Uint8Array {
  return syncFrame(STEP_2, update);
}

/** An update as fanned out. */
export function encodeUpdate(update: Uint8Array): Uint8Array {
  return syncFrame(UPDATE, update);
}

/** Cursor states, encoded by `Cursors`. */
export function encodeCursors(payload: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, AWARENESS);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

/** How many sync messages of this connection are durable. */
export function encodeAck(count: number): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, ACK_MESSAGE_TYPE);
    encoding.writeVarUint(encoder, count);
  });
}
