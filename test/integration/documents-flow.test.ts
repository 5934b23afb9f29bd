import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { RawDocument, syncFrame, updateBy } from '../support/raw-document.ts';
import { isAlive, peakMiB } from '../support/server-status.ts';
import { storyArchive } from '../support/story-archive.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const KIB = 1024;

/** The updates of one client that types the words one after the other. */
function typing(clientId: number, words: readonly string[]): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText('text');
  for (const word of words) text.insert(text.length, word);
  return updates;
}

describe('edits that come too fast', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    server = await TestServer.start({ EDITS_PER_SECOND: '50', EDIT_BURST: '20' });
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('C5: they are slowed down to the rate, and all of them arrive', async () => {
    const [ann, bo] = (await gather(server.url, {}, [{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
    all.push(ann, bo);
    const { draftId } = await ann.must('draft:open', {});
    const name = `draft-${draftId}`;
    const reader = await RawDocument.open(bo, name);
    const raw = await RawDocument.open(ann, name, '&acks=1');
    const words = Array.from({ length: 120 }, (_, index) => `${index} `);
    const startedAt = performance.now();
    for (const update of typing(7, words)) raw.sendUpdate(update);
    const other = await RawDocument.open(bo, name);
    other.type(8, '!');
    await until('others are not slowed down', () => reader.text.includes('!'));
    expect(reader.text.length).toBeLessThan(words.join('').length);
    await until('all arrived', () => reader.text.replace('!', '') === words.join(''));
    // 120 edits: 20 at once, 100 at 50 a second.
    expect(performance.now() - startedAt).toBeGreaterThan(1_500);
    await until('all acked', () => raw.acked === words.length);
    expect(raw.closed).toBeNull();
    for (const socket of [reader, raw, other]) socket.socket.close();
  });

  it('C5: what was typed before its socket closed, and only waited for its turn, is not lost', async () => {
    const [ann] = (await gather(server.url)) as [TestPlayer];
    all.push(ann);
    const { draftId } = await ann.must('draft:open', {});
    const name = `draft-${draftId}`;
    for (let round = 0; round < 3; round += 1) {
      const raw = await RawDocument.open(ann, name);
      for (const update of typing(100 + round, Array<string>(60).fill('x'))) raw.sendUpdate(update);
      raw.socket.close();
      await raw.closing();
    }
    const reader = await RawDocument.open(ann, name);
    await until('all of it', () => reader.text.length === 180);
    reader.socket.close();
    expect(await isAlive(server.url)).toBe(true);
  });
});

describe('readers that do not read', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    server = await TestServer.start({ EDITS_PER_SECOND: '1000000', EDIT_BURST: '1000000' });
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('C4: a reader that stops is caught up in one piece when it reads again, and memory stays bounded', async () => {
    const [ann, bo] = (await gather(server.url, {}, [{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
    all.push(ann, bo);
    const { draftId } = await ann.must('draft:open', {});
    const name = `draft-${draftId}`;
    const writer = await RawDocument.open(ann, name, '&acks=1');
    const reader = await RawDocument.open(bo, name);
    const slow = await RawDocument.open(bo, name);
    slow.socket.pause();
    const before = await peakMiB(server.pid);
    const block = 'b'.repeat(18 * KIB);
    const rounds = 1_200;
    const doc = new Y.Doc();
    doc.clientID = 11;
    doc.on('update', (update: Uint8Array) => writer.sendUpdate(update));
    const text = doc.getText('text');
    for (let round = 1; round <= rounds; round += 1) {
      doc.transact(() => {
        text.delete(0, text.length);
        text.insert(0, `${round} ${block}`);
      });
      if (round % 100 === 0) await until('stored', () => writer.acked === round);
    }
    await until('the other reader has it', () => reader.text === text.toJSON());
    const grown = (await peakMiB(server.pid)) - before;
    console.info(`slow reader: ${rounds * 18} KiB sent past it, server grew by ${grown.toFixed(0)} MiB`);
    expect(grown).toBeLessThan(250);
    slow.socket.resume();
    await until('caught up or closed', () => slow.text === text.toJSON() || slow.closed);
    if (slow.closed === null) {
      writer.sendUpdate(updateBy(12, (copy) => copy.getText('text').insert(0, 'and on: '), doc));
      await until('goes on', () => slow.text === `and on: ${text.toJSON()}`);
    } else expect([1013, 1006]).toContain(slow.closed.code);
    const fresh = await RawDocument.open(bo, name);
    expect(fresh.text).toBe(reader.text);
    for (const socket of [writer, reader, slow, fresh]) socket.socket.terminate();
  });

  it('C4: a reader that asks for ever more without reading does not fill the memory', async () => {
    const ann = new TestPlayer(server.url);
    all.push(ann);
    await ann.import(storyArchive({ passages: 300, characters: 10_000 }));
    await ann.join();
    const greedy = await RawDocument.open(ann, 'story');
    const before = await peakMiB(server.pid);
    greedy.socket.pause();
    const ask = syncFrame(0, Y.encodeStateVector(new Y.Doc()));
    for (let count = 0; count < 500; count += 1) greedy.send(ask);
    const other = await RawDocument.open(ann, 'story');
    expect(other.doc.getArray('order').length).toBe(300);
    const grown = (await peakMiB(server.pid)) - before;
    console.info(`greedy reader: 500 x 3 MiB asked for, server grew by ${grown.toFixed(0)} MiB`);
    expect(grown).toBeLessThan(200);
    greedy.socket.terminate();
    other.socket.close();
    expect(await isAlive(server.url)).toBe(true);
  });

  it('C4: a story larger than what may wait for a slow reader can still be opened', async () => {
    const ann = new TestPlayer(server.url);
    all.push(ann);
    const archive = storyArchive({ passages: 700, characters: 18_000 });
    await ann.import(archive);
    await ann.join();
    const story = await ann.story();
    expect(story.length).toBe(700);
    expect(textOf(story[699]!)).toBe(archive.passages[699]!.alternatives[0]!.spans[0]!.text);
    await ann.write('And so it went on.');
  });
});
