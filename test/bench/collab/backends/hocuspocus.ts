import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Backend } from '../backend.ts';

const MESSAGE_SYNC = 0;
const MESSAGE_AUTH = 2;
/** A sync message to which the server expects no first step in return; otherwise like `MESSAGE_SYNC`. */
const MESSAGE_SYNC_REPLY = 4;
const AUTH_TOKEN = 0;

/** Version 4: one socket carries several documents, so each message begins with the document's name. */
export function hocuspocusBackend(url: string): Backend {
  let opened = 0;
  return {
    openDocument() {
      const name = `bench-${++opened}`;
      const header = encoding.encode((encoder) => encoding.writeVarString(encoder, name));
      const frame = (message: Uint8Array): Uint8Array => {
        const framed = new Uint8Array(header.length + message.length);
        framed.set(header);
        framed.set(message, header.length);
        return framed;
      };
      const authentication = encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, MESSAGE_AUTH);
        encoding.writeVarUint(encoder, AUTH_TOKEN);
        encoding.writeVarString(encoder, '');
      });
      const wire = {
        url: url.replace('http', 'ws'),
        // Messages wait in a queue of the server until this one arrived, though no token is asked for.
        greetings: [frame(authentication)],
        frame,
        unframe: (framed: Uint8Array) => {
          const decoder = decoding.createDecoder(framed);
          decoding.readVarString(decoder);
          const message = framed.slice(decoder.pos);
          if (message[0] === MESSAGE_SYNC_REPLY) message[0] = MESSAGE_SYNC;
          return message;
        },
      };
      return Promise.resolve({ wireFor: () => Promise.resolve(wire), close: () => undefined });
    },
  };
}
