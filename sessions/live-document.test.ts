import { describe, expect, it } from 'vitest';
import * as decoding from 'lib0/decoding';
import * as syncProtocol from 'y-protocols/sync';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { LiveDocument } from './live-document.ts';
import type { DocumentPeer } from './peers.ts';

/** A connected client that applies what it is sent, as the stock provider does, and counts frames. */
class Peer implements DocumentPeer {
  readonly id: string;
  readonly playerId: string;
  readonly wantsAcks: boolean;
  readonly doc = new Y.Doc();
  isSlow = false;
  updates = 0;
  frames = 0;
  acked = 0;

  constructor(id: string, wantsAcks = true) {
    this.id = id;
    this.playerId = id;
    this.wantsAcks = wantsAcks;
  }

  send(...frames: Uint8Array[]): void {
    for (const frame of frames) {
      this.frames += 1;
      const decoder = decoding.createDecoder(frame);
      const type = decoding.readVarUint(decoder);
      if (type === 100) this.acked = decoding.readVarUint(decoder);
      if (type !== 0) continue;
      if (frame[1] === 2) this.updates += 1;
      syncProtocol.readSyncMessage(decoder, encoding.createEncoder(), this.doc, this);
    }
  }

  close(): void {}

  get text(): string {
    return this.doc.getText('text').toJSON();
  }
}

function setUp(count: number) {
  const live = new LiveDocument('draft-a', new Y.Doc());
  const peers = Array.from({ length: count }, (_, index) => new Peer(`p${index}`));
  for (const peer of peers) live.join(peer);
  live.take()?.send();
  return { live, peers };
}

/** A peer types: its own replica and the server's have it, and it is to be spread. */
function type(live: LiveDocument, peer: Peer, text: string): void {
  const note = (update: Uint8Array) => {
    Y.applyUpdate(live.doc, update);
    live.spread(update, peer.id, 0);
    live.countReceived(peer);
  };
  peer.doc.on('update', note);
  peer.doc.getText('text').insert(peer.text.length, text);
  peer.doc.off('update', note);
}

const serverText = (live: LiveDocument) => live.doc.getText('text').toJSON();

describe('LiveDocument', () => {
  it('C7: nobody gets their own update back, everybody else does', () => {
    const { live, peers } = setUp(3);
    const [first, second, third] = peers as [Peer, Peer, Peer];
    type(live, first, 'Hello');
    live.take()?.send();
    expect([first.updates, second.updates, third.updates]).toEqual([0, 1, 1]);
    expect([second.text, third.text]).toEqual(['Hello', 'Hello']);
    expect([first.acked, second.acked]).toEqual([1, 0]);
  });

  it('C7: many updates of a batch travel as one frame, to their senders without their own', () => {
    const { live, peers } = setUp(3);
    const [first, second, third] = peers as [Peer, Peer, Peer];
    for (let index = 0; index < 20; index += 1) type(live, index % 2 === 0 ? first : second, `${index} `);
    live.take()?.send();
    expect([first.updates, second.updates, third.updates]).toEqual([1, 1, 1]);
    expect([first.text, second.text, third.text]).toEqual([
      serverText(live),
      serverText(live),
      serverText(live),
    ]);
    expect([first.acked, second.acked, third.acked]).toEqual([10, 10, 0]);
  });

  it('C7: nothing happened, nothing is sent', () => {
    const { live } = setUp(2);
    expect(live.take()).toBeNull();
  });

  it('D3: only who asked for acks gets them', () => {
    const live = new LiveDocument('draft-a', new Y.Doc());
    const quiet = new Peer('quiet', false);
    live.join(quiet);
    live.take()?.send();
    const before = quiet.frames;
    type(live, quiet, 'x');
    live.take()?.send();
    expect([quiet.acked, quiet.frames]).toEqual([0, before]);
  });

  it('C4: a slow peer is sent no updates and then gets what it missed, equal to a fresh sync', () => {
    const { live, peers } = setUp(2);
    const [writer, slow] = peers as [Peer, Peer];
    type(live, writer, 'Before. ');
    live.take()?.send();
    slow.isSlow = true;
    const frames = slow.frames;
    for (const text of ['One. ', 'Two. ', 'Three. ']) {
      type(live, writer, text);
      live.take()?.send();
    }
    const erase = (update: Uint8Array) => live.spread(update, writer.id, 0);
    live.doc.on('update', erase);
    live.doc.getText('text').delete(0, 3);
    live.doc.off('update', erase);
    live.take()?.send();
    expect([slow.frames, slow.text]).toEqual([frames, 'Before. ']);
    slow.isSlow = false;
    live.catchUp(slow);
    live.take()?.send();
    expect(slow.frames).toBe(frames + 1);
    expect(slow.text).toBe(serverText(live));
    expect(Y.encodeStateVector(slow.doc)).toEqual(Y.encodeStateVector(live.doc));
    type(live, writer, 'After.');
    live.take()?.send();
    expect(slow.text).toBe(serverText(live));
    live.catchUp(slow);
    expect(live.take()).toBeNull();
  });

  it('C4: updates that arrive while a slow peer catches up are not lost', () => {
    const { live, peers } = setUp(2);
    const [writer, slow] = peers as [Peer, Peer];
    slow.isSlow = true;
    type(live, writer, 'One. ');
    const batch = live.take();
    batch?.send();
    type(live, writer, 'Two. ');
    const waiting = live.take();
    slow.isSlow = false;
    live.catchUp(slow);
    type(live, writer, 'Three. ');
    waiting?.send();
    live.take()?.send();
    expect(slow.text).toBe('One. Two. Three. ');
    expect(slow.doc.store.pendingStructs).toBeNull();
  });

  it('D1: a joiner that asked between two batches has everything, from whichever batch', () => {
    const { live, peers } = setUp(1);
    const [writer] = peers as [Peer];
    type(live, writer, 'One. ');
    const waiting = live.take();
    const late = new Peer('late');
    live.join(late);
    live.reply(late, Y.encodeStateVector(late.doc));
    type(live, writer, 'Two.');
    waiting?.send();
    live.take()?.send();
    expect(late.text).toBe('One. Two.');
    expect(late.doc.store.pendingStructs).toBeNull();
  });

  it('C4: a peer that has left is sent nothing more', () => {
    const { live, peers } = setUp(2);
    const [writer, gone] = peers as [Peer, Peer];
    type(live, writer, 'x');
    const outgoing = live.take();
    const { frames } = gone;
    live.leave(gone.id);
    outgoing?.send();
    expect([gone.frames, live.peerCount]).toEqual([frames, 1]);
  });
});
