import fc from 'fast-check';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { binaryFrames } from './binary-frame.ts';

describe('binaryFrames', () => {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  let client: WebSocket;
  let write: (bytes: Buffer) => void;
  const received: Buffer[] = [];

  beforeAll(async () => {
    http.on('upgrade', (request, socket, head) => {
      server.handleUpgrade(request, socket, head, () => undefined);
      write = (bytes) => void socket.write(bytes);
    });
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
    client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    client.on('message', (data) => received.push(data as Buffer));
    await new Promise((resolve) => client.once('open', resolve));
  });
  afterAll(() => {
    client.terminate();
    server.close();
    http.close();
  });

  it('C: a real client reads back exactly the payloads, of all lengths', async () => {
    const lengths = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(125, 126, 65_535, 65_536, 70_000),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(lengths, { minLength: 1, maxLength: 5 }), async (wanted) => {
        const payloads = wanted.map((length, index) => new Uint8Array(length).fill(index + 1));
        received.length = 0;
        write(binaryFrames(payloads));
        write(binaryFrames(payloads));
        while (received.length < payloads.length * 2)
          await new Promise((resolve) => client.once('message', resolve));
        const expected = [...payloads, ...payloads].map((payload) => Buffer.from(payload));
        expect(received.map((each) => each.equals(expected.shift() ?? Buffer.alloc(0)))).not.toContain(false);
      }),
      { numRuns: 60 },
    );
  });
});
