import type { Backend } from '../backend.ts';

/** The plain y-websocket protocol: the document is the path, messages travel as they are. */
export function yWebsocketBackend(url: string): Backend {
  let opened = 0;
  return {
    openDocument() {
      const address = `${url.replace('http', 'ws')}/bench-${++opened}`;
      const wire = {
        url: address,
        greetings: [],
        frame: (message: Uint8Array) => message,
        unframe: (message: Uint8Array) => message,
      };
      return Promise.resolve({ wireFor: () => Promise.resolve(wire), close: () => undefined });
    },
  };
}
