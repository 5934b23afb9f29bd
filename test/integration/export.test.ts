import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../sessions/archive-shape.ts';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { isAlive, peakMiB } from '../support/server-status.ts';
import { storyArchive } from '../support/story-archive.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const MIB = 1024 * 1024;

describe('taking a story home and bringing it back', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    server = await TestServer.startScripted(['The tide came in.', 'The tide stayed out.']);
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  /** A session with a bit of everything: two authors, alternatives, a struck passage, cast, talk. */
  async function evening() {
    const [ann, bo, eve] = (await gather(
      server.url,
      {
        title: 'The *Lost* Boat!',
        premise: 'A boat <b>nobody</b> left.',
        cast: [{ name: 'Mara', description: 'A diver.' }],
        turnMode: 'free',
        timerSeconds: 60,
        rating: 'everyone',
        autoCommitIdleMs: null,
      },
      [{ name: 'Bo' }, { name: 'Eve', role: 'spectator' }],
    )) as [TestPlayer, TestPlayer, TestPlayer];
    all.push(ann, bo, eve);
    const draft = await ann.draft();
    const guest = await bo.draft(draft.draftId);
    draft.text.insert(0, 'Ann began. ');
    await until('Bo reads', () => guest.text.length === 11);
    guest.text.insert(11, 'Bo went on.');
    await until('Ann reads', () => draft.text.length === 22);
    await ann.must('draft:commit', { draftId: draft.draftId });
    const { turnId } = await bo.must('narrator:ask', { direction: 'the tide' });
    const told = await until('narrator', async () =>
      (await ann.story()).find((p) => p.turnId === turnId && p.alternatives[0]?.state === 'complete'),
    );
    await until('turn over', () => ann.view?.narrator.turns.length === 0);
    await bo.must('narrator:retry', { passageId: told.id });
    await until('retried', async () =>
      (await ann.story()).some((p) => p.alternatives[1]?.state === 'complete'),
    );
    const struck = await ann.write('This was a mistake.');
    await ann.must('passage:strike', { passageId: struck });
    await bo.must('talk:say', { text: 'what a night' });
    return { ann, bo, eve, path: `/api/sessions/${ann.sessionId}` };
  }

  async function archiveOf(player: TestPlayer): Promise<Archive> {
    const { status, body } = await player.http('GET', `/api/sessions/${player.sessionId}/export.json`);
    expect(status).toBe(200);
    return body as Archive;
  }

  async function bring(archive: unknown): Promise<[number, string | undefined]> {
    const { status, body } = await new TestPlayer(server.url).http('POST', '/api/sessions/import', {
      archive,
      ownerName: 'Zoe',
    });
    return [status, (body as { code?: string }).code];
  }

  it('X4: every role takes the story home as Markdown', async () => {
    const { ann, bo, eve, path } = await evening();
    for (const player of [ann, bo, eve]) {
      const { body, response } = await player.http('GET', `${path}/export.md`);
      expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename=the-lost-boat.md');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const text = String(body);
      expect(text).toMatch(/^# The \\\*Lost\\\* Boat!\n\n\*A boat \\<b\\>nobody/);
      expect(text).toContain('Ann began. Bo went on.\n\nThe tide');
      expect(text).not.toContain('mistake');
      expect(text).toMatch(/- Ann: \d+ %/);
      expect(text).toMatch(/- the narrator \(AI\): \d+ %/);
    }
    const stranger = new TestPlayer(server.url);
    await stranger.create();
    for (const kind of ['md', 'json']) {
      const refused = await stranger.http('GET', `${path}/export.${kind}`);
      expect([refused.status, (refused.body as { code: string }).code]).toEqual([403, 'INVITE_NEEDED']);
    }
  });

  it('X2: an archive becomes a new session whose own archive has the same passages', async () => {
    const { ann, bo, eve } = await evening();
    const archive = await archiveOf(eve);
    const text = JSON.stringify(archive);
    for (const secret of ['secret', 'identityHash', 'recovery', 'invites'])
      expect(text).not.toContain(secret);
    expect(archive.passages.length).toBe(3);
    const zoe = new TestPlayer(server.url);
    all.push(zoe);
    const { sessionId } = await zoe.import(archive, 'Zoe');
    expect(sessionId).not.toBe(ann.sessionId);
    await zoe.join();
    expect(zoe.joined?.role).toBe('owner');
    expect(zoe.view?.about).toMatchObject({ title: 'The *Lost* Boat!', rating: 'everyone' });
    expect(zoe.view?.players.map(({ name, isGone }) => [name, isGone])).toEqual(
      expect.arrayContaining([
        ['Ann', true],
        ['Bo', true],
        ['Zoe', false],
      ]),
    );
    expect(zoe.view?.cast).toMatchObject([{ name: 'Mara', playerId: null }]);
    expect(zoe.talk.map((line) => line.text)).toEqual(['what a night']);
    expect(await zoe.story()).toEqual(await ann.story());
    const again = await archiveOf(zoe);
    expect(again.passages).toEqual(archive.passages);
    expect(again.session).toEqual({ ...archive.session, createdAt: again.session.createdAt });
    const foreign = await bo.http('GET', `/api/sessions/${sessionId}/export.json`);
    expect(foreign.status).toBe(403);
    const [first] = await zoe.story();
    await zoe.must('passage:reopen', { passageId: first!.id });
    await zoe.write('And it went on elsewhere.');
    expect((await ann.story()).map(textOf)).not.toContain('And it went on elsewhere.');
    await zoe.must('narrator:ask', {});
    await until('the narrator too', async () => (await zoe.story()).at(-1)?.kind === 'narrator');
  });

  it('X2: an imported session is there after a kill', async () => {
    const zoe = new TestPlayer(server.url);
    all.push(zoe);
    const archive = storyArchive({ passages: 20, characters: 100 });
    await zoe.import(archive);
    await server.kill('SIGKILL');
    await server.restart();
    await zoe.join();
    const texts = archive.passages.map((passage) => passage.alternatives[0]!.spans[0]!.text);
    expect((await zoe.story()).map(textOf)).toEqual(texts);
  });

  it('X3: a damaged archive is refused with ARCHIVE_INVALID', async () => {
    const good = storyArchive({ passages: 2, characters: 50 });
    const [passage] = good.passages;
    const bad: unknown[] = [
      null,
      'text',
      [],
      {},
      { ...good, format: 'other' },
      { ...good, version: 2 },
      { ...good, session: { ...good.session, turnMode: 'chaos' } },
      { ...good, session: { ...good.session, title: '' } },
      { ...good, passages: 'many' },
      { ...good, passages: [{ ...passage, id: '../../etc' }] },
      { ...good, passages: [{ ...passage, id: '__proto__' }] },
      { ...good, passages: [{ ...passage, alternatives: [] }] },
      { ...good, passages: [{ ...passage, chosen: -1 }] },
      { ...good, passages: [{ ...passage, chosen: 1e9 }] },
      { ...good, passages: [passage, passage] },
      { ...good, passages: [{ ...passage, createdAt: 'yesterday' }] },
      { ...good, cast: Array(25).fill(good.cast[0]) },
      { ...good, players: [{ ...good.players[0], id: 'narrator' }] },
      { ...good, talk: [{ by: 'ann', at: 1, text: 'x'.repeat(5_000) }] },
    ];
    for (const [index, archive] of bad.entries()) {
      expect([index, ...(await bring(archive))]).toEqual([index, 422, 'ARCHIVE_INVALID']);
    }
    expect(await bring(good)).toEqual([201, undefined]);
    const noName = await new TestPlayer(server.url).http('POST', '/api/sessions/import', { archive: good });
    expect(noName.body).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('L2: an archive with more passages, alternatives or characters than a story may have is refused', async () => {
    const good = storyArchive({ passages: 1, characters: 10 });
    const [passage] = good.passages;
    const [alternative] = passage!.alternatives;
    expect(await bring(storyArchive({ passages: 6_000, characters: 10 }))).toEqual([422, 'ARCHIVE_INVALID']);
    const many = Array.from({ length: 21 }, (_, index) => ({ ...alternative, id: `b${index}` }));
    expect(await bring({ ...good, passages: [{ ...passage, alternatives: many }] })).toEqual([
      422,
      'ARCHIVE_INVALID',
    ]);
    const long = { ...alternative, spans: [{ author: 'ann', text: 'x'.repeat(20_001) }] };
    expect(await bring({ ...good, passages: [{ ...passage, alternatives: [long] }] })).toEqual([
      422,
      'ARCHIVE_INVALID',
    ]);
  });

  async function post(body: string): Promise<[number, string | undefined]> {
    const response = await fetch(`${server.url}/api/sessions/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return [response.status, ((await response.json()) as { code?: string }).code];
  }

  it('L8: an archive above 32 MiB is refused with TOO_LARGE', async () => {
    expect(await post(`{"ownerName":"Zoe","archive":"${'x'.repeat(33 * MIB)}"}`)).toEqual([413, 'TOO_LARGE']);
    expect(await isAlive(server.url)).toBe(true);
  });

  /** Others are answered within a second or two while `work` goes on; prints what it cost. */
  async function expectQuick(what: string, work: () => Promise<unknown>): Promise<void> {
    const before = await peakMiB(server.pid);
    const startedAt = performance.now();
    let slowestMs = 0;
    let isDone = false;
    const asking = (async () => {
      while (!isDone) {
        const askedAt = performance.now();
        expect(await isAlive(server.url)).toBe(true);
        slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      }
    })();
    await work();
    isDone = true;
    await asking;
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const grown = (await peakMiB(server.pid)) - before;
    console.info(
      `${what}: ${seconds} s, others waited ${slowestMs.toFixed(0)} ms, ${grown.toFixed(0)} MiB more`,
    );
    expect(slowestMs).toBeLessThan(8_000);
    expect(grown).toBeLessThan(700);
  }

  it('X5: a long story becomes a book while others are served', async () => {
    const archive = storyArchive({ passages: 1_000, characters: 1_000 });
    const made = await fetch(`${server.url}/api/sessions/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ archive, ownerName: 'Zoe' }),
    });
    const { sessionId } = (await made.json()) as { sessionId: string };
    const cookie = made.headers.getSetCookie()[0]!.split(';')[0]!;
    const last = { epub: 'OEBPS/chapter-1.xhtml', docx: 'word/document.xml' };
    for (const [format, part] of Object.entries(last)) {
      await expectQuick(`1,000 passages as ${format}`, async () => {
        const url = `${server.url}/api/sessions/${sessionId}/export.${format}`;
        const response = await fetch(url, { headers: { cookie } });
        expect(response.status).toBe(200);
        const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
        expect(strFromU8(files[part]!)).toContain(archive.passages.at(-1)!.alternatives[0]!.spans[0]!.text);
      });
    }
  });

  it('X3: an archive nested without end, or of endless lists, is refused at once', async () => {
    const bodies = {
      'deep nesting': '['.repeat(15 * MIB) + ']'.repeat(15 * MIB),
      'endless nesting': '['.repeat(30 * MIB),
      'empty lists': `[${'[],'.repeat(9 * MIB)}[]]`,
      'a long list': `{"passages":[${'0,'.repeat(15 * MIB)}0]}`,
    };
    for (const [what, archive] of Object.entries(bodies)) {
      await expectQuick(what, async () => {
        expect(await post(`{"ownerName":"Zoe","archive":${archive}}`)).toEqual([422, 'ARCHIVE_INVALID']);
      });
    }
  });

  /** An archive that is in order, but for the number of its spans. */
  function tinySpans(passages: number): string {
    const archive = storyArchive({ passages, characters: 10 });
    for (const passage of archive.passages) {
      passage.alternatives[0]!.spans = Array.from({ length: 10_000 }, (_, at) => ({
        author: at % 2 === 0 ? 'ann' : 'bo',
        text: 'x',
      }));
    }
    return JSON.stringify({ ownerName: 'Zoe', archive });
  }

  it('L10: very many tiny spans do not hold the server up', async () => {
    await expectQuick('200,000 spans', async () => {
      expect(await post(tinySpans(20))).toEqual([201, undefined]);
    });
    await expectQuick('300,000 spans', async () => {
      expect(await post(tinySpans(30))).toEqual([422, 'ARCHIVE_INVALID']);
    });
    await expectQuick('1,200,000 spans', async () => {
      expect(await post(tinySpans(120))).toEqual([422, 'ARCHIVE_INVALID']);
    });
  });
});
