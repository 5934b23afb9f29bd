import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf, TestPlayer } from '../support/player.ts';
import { RawDocument } from '../support/raw-document.ts';
import { storyArchive } from '../support/story-archive.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const PASSAGES = 1_000;

describe('a story of 1,000 passages', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const value = await work();
    console.info(`${what}: ${(performance.now() - startedAt).toFixed(0)} ms`);
    return value;
  }

  it('D5: opens after a restart with every passage, and goes on', async () => {
    const archive = storyArchive({ passages: PASSAGES, characters: 600 });
    const texts = archive.passages.map((passage) => passage.alternatives[0]!.spans[0]!.text);
    const ann = new TestPlayer(server.url);
    all.push(ann);
    await timed('import', () => ann.import(archive));
    for (const how of ['SIGTERM', 'SIGKILL'] as const) {
      ann.close();
      await server.kill(how);
      await server.restart();
      const path = `/api/sessions/${ann.sessionId}/look`;
      await timed(`opening after ${how}`, () => ann.http('POST', path, {}));
      const again = new TestPlayer(server.url);
      again.cookie = ann.cookie;
      all.push(again);
      await timed('joining', () => again.join(ann.sessionId));
      const raw = await timed('story', () => RawDocument.open(again, 'story'));
      const bytes = raw.frames.reduce((sum, frame) => sum + frame.length, 0);
      console.info(`story: ${(bytes / 1024).toFixed(0)} KiB`);
      raw.socket.close();
      const passages = await again.story();
      expect(passages.slice(0, PASSAGES).map(textOf)).toEqual(texts);
      await timed('a passage more', () => again.write(`And then came ${how}.`));
      expect((await again.story()).length).toBe(passages.length + 1);
      await again.must('passage:strike', { passageId: passages[500]!.id });
      await until('struck', async () => (await again.story())[500]?.state === 'struck');
      await again.must('passage:restore', { passageId: passages[500]!.id });
      await timed('export', () => again.http('GET', `/api/sessions/${ann.sessionId}/export.json`));
      again.close();
    }
  });

  it('L2: no passage is opened in a story that is full', async () => {
    const ann = new TestPlayer(server.url);
    all.push(ann);
    await ann.import(storyArchive({ passages: 4_999, characters: 20 }));
    await ann.join();
    const bo = await ann.draft();
    bo.text.insert(0, 'The last one.');
    await until('committed', async () => (await ann.command('draft:commit', { draftId: bo.draftId })).ok);
    expect(await ann.command('draft:open', {})).toMatchObject({ code: 'STORY_FULL' });
    expect(await ann.command('narrator:ask', {})).toMatchObject({ code: 'STORY_FULL' });
    expect((await ann.story()).length).toBe(5_000);
  });
});
