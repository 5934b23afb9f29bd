import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fileSizeLimit, smallFileSystem } from '../support/full-disk.ts';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { RawDocument } from '../support/raw-document.ts';
import { isAlive } from '../support/server-status.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const WAYS = [
  ['a full disk', smallFileSystem()],
  ['a limit on the size of files', fileSizeLimit()],
] as const;

describe.each(WAYS)('%s', (_name, disk) => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    if (disk === null) return;
    server = await TestServer.start(disk.dataDir === null ? {} : { DATA_DIR: disk.dataDir });
  });
  afterEach(() => {
    for (const player of all.splice(0)) player.close();
    if (disk !== null && server.isRunning) disk.free(server.pid);
  });
  afterAll(async () => {
    if (disk === null) return;
    await server.stop();
    disk.close();
  });

  function comeBack(player: TestPlayer): void {
    const socket = player.socket!;
    const again = () => {
      if (!socket.active) setTimeout(() => socket.connect(), 50);
    };
    socket.on('disconnect', again);
    socket.on('connect_error', again);
  }

  it.skipIf(disk === null)(
    'D4: nothing is acked that is not stored, reading goes on, and it recovers by itself',
    async () => {
      const [ann, bo] = (await gather(server.url, {}, [{ name: 'Bo' }])) as [TestPlayer, TestPlayer];
      const other = new TestPlayer(server.url);
      all.push(ann, bo, other);
      const { invites } = await other.create({ title: 'Another story' });
      await other.join();
      comeBack(ann);
      comeBack(bo);
      const mine = await ann.draft();
      const theirs = await bo.draft(mine.draftId);
      mine.text.insert(0, 'Before. ');
      await until('both have it', () => theirs.text.toJSON() === 'Before. ');
      await other.write('Told before.');

      disk!.fill(server.pid);
      expect(await ann.command('talk:say', { text: 'Is anybody there?' })).toMatchObject({
        ok: false,
        code: 'STORAGE_UNAVAILABLE',
      });
      await until('farewell', () => bo.closings.length > 0);
      expect(bo.closings[0]).toMatchObject({ code: 4503, refusal: { code: 'STORAGE_UNAVAILABLE' } });
      await until('back, and told', () => bo.view?.about.storage === 'read-only' && bo.socket?.connected);
      expect(await bo.command('draft:open', {})).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      expect(bo.talk).toEqual([]);

      const reader = await RawDocument.open(bo, `draft-${mine.draftId}`);
      expect(reader.text).toBe('Before. ');
      reader.type(5, 'Never stored.');
      expect(await reader.closing()).toBe(4503);
      mine.text.insert(mine.text.length, 'Kept by Ann. ');
      expect(await other.command('talk:say', { text: 'Here neither?' })).toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
      });
      const visitor = new TestPlayer(server.url);
      all.push(visitor);
      visitor.cookie = other.cookie;
      await visitor.join(other.sessionId);
      expect((await visitor.story()).map(textOf)).toEqual(['Told before.']);
      const path = `/api/sessions/${other.sessionId}`;
      expect((await visitor.http('GET', `${path}/export.md`)).status).toBe(200);
      const newcomer = new TestPlayer(server.url);
      const unavailable = expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }) as unknown;
      const join = { name: 'Cy', invite: invites[1]!.secret };
      expect(await newcomer.http('POST', `${path}/join`, join)).toMatchObject({
        status: 503,
        body: unavailable,
      });
      const create = { title: 'New', ownerName: 'Cy' };
      expect(await newcomer.http('POST', '/api/sessions', create)).toMatchObject({
        status: 503,
        body: unavailable,
      });
      expect((await fetch(`${server.url}/ready`)).status).toBe(503);
      expect(await isAlive(server.url)).toBe(true);
      expect(theirs.text.toJSON()).toBe('Before. ');

      disk!.free(server.pid);
      await until('writable again', () => bo.view?.about.storage === 'ok');
      await until('what Ann typed meanwhile', () => theirs.text.toJSON() === 'Before. Kept by Ann. ');
      await bo.must('talk:say', { text: 'We are back.' });
      await ann.must('draft:commit', { draftId: mine.draftId });
      expect((await newcomer.http('POST', `${path}/join`, join)).status).toBe(200);
      // The audit log takes up writing a moment later.
      await until('ready again', async () => (await fetch(`${server.url}/ready`)).status === 200);

      await server.kill('SIGKILL');
      await server.restart();
      const again = new TestPlayer(server.url);
      all.push(again);
      again.cookie = bo.cookie;
      await again.join(bo.sessionId);
      expect((await again.story()).map(textOf)).toEqual(['Before. Kept by Ann.']);
      expect(again.talk.map(({ text }) => text)).toEqual(['We are back.']);
    },
  );

  it.skipIf(disk === null)('D4: a server that stops while it cannot store anything still stops', async () => {
    const [ann] = (await gather(server.url)) as [TestPlayer];
    all.push(ann);
    const draft = await ann.draft();
    draft.text.insert(0, 'Stored.');
    await until('stored', async () => (await RawDocument.open(ann, `draft-${draft.draftId}`)).text !== '');
    disk!.fill(server.pid);
    draft.text.insert(0, 'Not stored. ');
    const code = await server.kill('SIGTERM');
    disk!.free(null);
    expect(code).toBe(0);
    await server.restart();
    const again = new TestPlayer(server.url);
    all.push(again);
    again.cookie = ann.cookie;
    await again.join(ann.sessionId);
    const raw = await RawDocument.open(again, `draft-${draft.draftId}`);
    await until('what was stored, and what Ann brings back', () => raw.text.endsWith('Stored.'));
  });
});
