import fc from 'fast-check';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { LIMITS } from './limits.ts';
import { ACK_MESSAGE_TYPE } from './wire-constants.ts';
import {
  decodeMessage,
  encodeAck,
  encodeCursors,
  encodeSyncReply,
  encodeSyncRequest,
  encodeUpdate,
} from './wire.ts';

function framed(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

function docWith(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, text);
  return doc;
}

/** What the stock client does with a frame of the server. */
function readByStock(frame: Uint8Array, doc: Y.Doc): { step: number; answer: Uint8Array } {
  const decoder = decoding.createDecoder(frame);
  expect(decoding.readVarUint(decoder)).toBe(0);
  const answer = encoding.createEncoder();
  const step = syncProtocol.readSyncMessage(decoder, answer, doc, null);
  expect(decoding.hasContent(decoder)).toBe(false);
  return { step, answer: encoding.toUint8Array(answer) };
}

describe('wire', () => {
  it('C6: what y-protocols writes is read', () => {
    const doc = docWith('words');
    const update = Y.encodeStateAsUpdate(doc);
    expect(decodeMessage(framed(0, (encoder) => syncProtocol.writeSyncStep1(encoder, doc)))).toEqual({
      kind: 'sync-request',
      stateVector: Y.encodeStateVector(doc),
    });
    expect(decodeMessage(framed(0, (encoder) => syncProtocol.writeSyncStep2(encoder, doc)))).toEqual({
      kind: 'update',
      update,
      isReply: true,
    });
    expect(decodeMessage(framed(0, (encoder) => syncProtocol.writeUpdate(encoder, update)))).toEqual({
      kind: 'update',
      update,
      isReply: false,
    });
    const awareness = new awarenessProtocol.Awareness(doc);
    const payload = awarenessProtocol.encodeAwarenessUpdate(awareness, [doc.clientID]);
    expect(decodeMessage(framed(1, (encoder) => encoding.writeVarUint8Array(encoder, payload)))).toEqual({
      kind: 'cursors',
      payload,
    });
    expect(decodeMessage(framed(3, () => undefined))).toEqual({ kind: 'cursor-request' });
    awareness.destroy();
  });

  it('C6: what we write is read by y-protocols', () => {
    const server = docWith('from the server');
    const client = docWith('from the client');
    const { step, answer } = readByStock(encodeSyncRequest(Y.encodeStateVector(server)), client);
    expect(step).toBe(syncProtocol.messageYjsSyncStep1);
    const message = decodeMessage(Uint8Array.from([0, ...answer]));
    if (message?.kind !== 'update') throw new Error('no answer');
    Y.applyUpdate(server, message.update);
    expect(readByStock(encodeSyncReply(Y.encodeStateAsUpdate(server)), client).step).toBe(1);
    expect(client.getText('text').toJSON()).toBe(server.getText('text').toJSON());
    const before = Y.encodeStateVector(server);
    server.getText('text').insert(0, 'More ');
    expect(readByStock(encodeUpdate(Y.encodeStateAsUpdate(server, before)), client).step).toBe(2);
    expect(client.getText('text').toJSON()).toBe(server.getText('text').toJSON());
  });

  it('C6: acks and cursors have their own types', () => {
    expect(decoding.readVarUint(decoding.createDecoder(encodeAck(300)))).toBe(ACK_MESSAGE_TYPE);
    expect(decodeMessage(encodeCursors(Uint8Array.of(1, 2)))).toEqual({
      kind: 'cursors',
      payload: Uint8Array.of(1, 2),
    });
  });

  it('C6: unknown types, unknown steps, cut frames and trailing bytes are no message', () => {
    const good = encodeUpdate(Uint8Array.of(1, 2, 3));
    expect(decodeMessage(Uint8Array.of())).toBeNull();
    expect(decodeMessage(Uint8Array.of(2, 0))).toBeNull();
    expect(decodeMessage(Uint8Array.of(ACK_MESSAGE_TYPE, 1))).toBeNull();
    expect(decodeMessage(Uint8Array.of(0, 3, 0))).toBeNull();
    expect(decodeMessage(Uint8Array.from([...good, 0]))).toBeNull();
    for (let length = 0; length < good.length; length += 1)
      expect(decodeMessage(good.slice(0, length))).toBeNull();
  });

  it('C6: a frame never reads beyond its end into the memory it is a view of', () => {
    const memory = new Uint8Array(100).fill(7);
    memory.set([0, 2, 50], 10);
    expect(decodeMessage(memory.subarray(10, 14))).toBeNull();
  });

  it('A7: no bytes whatsoever make decoding throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        decodeMessage(bytes);
        decodeMessage(Uint8Array.from([0, 2, ...bytes]));
      }),
      { numRuns: 2_000 },
    );
    decodeMessage(new Uint8Array(LIMITS.frameBytes).fill(255));
  });
});
