import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { addressOf, RawDocument } from '../support/raw-document.ts';
import { SlowNarrator } from '../support/slow-narrator.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const SHUTDOWN_SECONDS = 3;

/** Does what the page does: after a farewell of the server it connects again until that works. */
function comeBack(player: TestPlayer): void {
  const socket = player.socket!;
  const again = () => {
    if (!socket.active) setTimeout(() => socket.connect(), 50);
  };
  socket.on('disconnect', again);
  socket.on('connect_error', again);
}

describe('stopping and restarting', () => {
  let server: TestServer;
  let narrator: SlowNarrator;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    narrator = await SlowNarrator.start();
    server = await TestServer.start({ ...narrator.env, SHUTDOWN_SECONDS: String(SHUTDOWN_SECONDS) });
  });
  afterEach(() => {
    for (const player of all.splice(0)) player.close();
    for (const telling of narrator.tellings) if (!telling.isGone) telling.end();
  });
  afterAll(async () => {
    await server.stop();
    narrator.close();
  });

  async function table(guests: string[] = []): Promise<TestPlayer[]> {
    const players = await gather(
      server.url,
      {},
      guests.map((name) => ({ name })),
    );
    all.push(...players);
    await until('the narrator', () => players[0]!.view?.narrator.status === 'ready');
    return players;
  }

  /** A fresh browser with the cookie of a player. */
  async function freshly(player: TestPlayer): Promise<TestPlayer> {
    const fresh = new TestPlayer(server.url);
    fresh.cookie = player.cookie;
    all.push(fresh);
    return fresh.join(player.sessionId);
  }

  /** Asks for a passage and waits until the narrator is asked; answers what the narrator does. */
  async function ask(player: TestPlayer) {
    const count = narrator.tellings.length;
    const { turnId } = await player.must('narrator:ask', {});
    const telling = await until('the request', () => narrator.tellings[count]);
    return { turnId, telling };
  }

  async function narrated(player: TestPlayer, turnId: string | undefined) {
    return (await player.story()).find((passage) => passage.turnId === turnId);
  }

  it('C2: SIGTERM while people type ends with 0; they are told why, and come back by themselves', async () => {
    const [ann, bo] = (await table(['Bo'])) as [TestPlayer, TestPlayer];
    comeBack(ann);
    comeBack(bo);
    await ann.write('Before the storm.');
    const mine = await ann.draft();
    const theirs = await bo.draft(mine.draftId);
    const codes: number[] = [];
    for (const { provider } of [mine, theirs]) {
      provider.on('connection-close', (event: { code?: number } | null) => {
        if (event?.code !== undefined) codes.push(event.code);
      });
    }
    const story = await RawDocument.open(bo, 'story');
    let isStopped = false;
    let typed = 0;
    const typing = (async () => {
      while (!isStopped) {
        for (const { text } of [mine, theirs]) text.insert(text.length, `w${(typed += 1)} `);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await until('some words', () => theirs.text.length > 60);
    const startedAt = performance.now();
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan((SHUTDOWN_SECONDS + 3) * 1_000);
    expect(await story.closing()).toBe(1012);
    expect(story.closed?.reason).toMatch(/^SHUTTING_DOWN/);
    expect([...new Set(codes.slice(0, 2))]).toEqual([1012]);
    for (const player of [ann, bo]) {
      expect(player.closings).toMatchObject([{ code: 1012, refusal: { code: 'SHUTTING_DOWN' } }]);
    }
    isStopped = true;
    await typing;
    mine.text.insert(0, 'Typed while away. ');
    await server.restart();
    await until('merged', () => theirs.text.toJSON() === mine.text.toJSON() && mine.provider.synced);
    for (let word = 1; word <= typed; word += 1) expect(mine.text.toJSON()).toContain(`w${word} `);
    expect(theirs.text.toJSON()).toContain('Typed while away.');
    await until('both are back', () => ann.view?.players.every(({ isOnline }) => isOnline));
    await ann.must('draft:commit', { draftId: mine.draftId });
    await until('the story goes on', async () => (await bo.story()).length === 2);
  });

  it('N6: a passage that the narrator is writing at SIGTERM is finished before the end', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const { turnId, telling } = await ask(ann);
    telling.say('The bell rang once. Then');
    await until('first sentence', async () => narrated(ann, turnId));
    const ending = server.kill('SIGTERM');
    await until(
      'no more joins',
      async () => (await fetch(`${server.url}/ready`).catch(() => null))?.ok !== true,
    );
    telling.say(' it rang twice.').end();
    expect(await ending).toBe(0);
    await server.restart();
    const passage = await narrated(await freshly(ann), turnId);
    expect(textOf(passage!)).toBe('The bell rang once. Then it rang twice.');
    expect(passage!.alternatives[0]).toMatchObject({ state: 'complete', info: { finish: 'end' } });
  });

  it('N6: a narrator that does not end in time is cut to whole sentences', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const { turnId, telling } = await ask(ann);
    telling.say('It goes on. It goes on. And on and');
    await until('two sentences', async () => {
      const passage = await narrated(ann, turnId);
      return passage !== undefined && textOf(passage) === 'It goes on. It goes on.';
    });
    const startedAt = performance.now();
    expect(await server.kill('SIGTERM')).toBe(0);
    const seconds = (performance.now() - startedAt) / 1_000;
    expect(seconds).toBeGreaterThan(SHUTDOWN_SECONDS - 0.5);
    expect(seconds).toBeLessThan(SHUTDOWN_SECONDS + 4);
    await server.restart();
    const again = await freshly(ann);
    const passage = await narrated(again, turnId);
    expect(textOf(passage!)).toBe('It goes on. It goes on.');
    expect(passage!.alternatives[0]).toMatchObject({ state: 'complete', info: { finish: 'broken' } });
    expect(again.view?.narrator.turns).toEqual([]);
  });

  it('N6: a turn that waits is queued again after a restart, and told then', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const [eve] = (await table()) as [TestPlayer];
    const first = await ask(ann);
    first.telling.say('Ann hears this. And');
    await until('it runs', async () => narrated(ann, first.turnId));
    const { turnId } = await eve.must('narrator:ask', { direction: 'a whale' });
    await until('it waits', () => eve.view?.narrator.turns[0]?.state === 'queued');
    const count = narrator.tellings.length;
    const ending = server.kill('SIGTERM');
    first.telling.say(' this.').end();
    expect(await ending).toBe(0);
    await server.restart();
    const again = await freshly(eve);
    const telling = await until('it is asked again', () => narrator.tellings[count]);
    expect(telling.prompt).toContain('a whale');
    expect(telling.prompt).not.toContain('Ann hears this');
    telling.say('A whale came by.').end();
    await until(
      'it is told',
      async () => (await narrated(again, turnId))?.alternatives[0]?.state === 'complete',
    );
    await until('no turn is left', () => again.view?.narrator.turns.length === 0);
  });

  it('N6: after kill -9 a turn that had written keeps its sentences, and none is left behind', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const [eve] = (await table()) as [TestPlayer];
    const { turnId, telling } = await ask(ann);
    telling.say('One sentence stood. The other fell');
    await until('it is seen', async () => narrated(ann, turnId));
    const waiting = await eve.must('narrator:ask', {});
    const count = narrator.tellings.length;
    await server.kill('SIGKILL');
    await server.restart();
    const again = await freshly(ann);
    const passage = await narrated(again, turnId);
    expect(textOf(passage!)).toBe('One sentence stood.');
    expect(passage!.alternatives[0]).toMatchObject({ state: 'complete', info: { finish: 'broken' } });
    await until('no turn is left', () => again.view?.narrator.turns.length === 0);
    const other = await freshly(eve);
    (await until('what waited', () => narrator.tellings[count])).say('Late, but told.').end();
    await until('it is told', async () => {
      const late = await narrated(other, waiting.turnId);
      return late?.alternatives[0]?.state === 'complete';
    });
    await again.must('narrator:retry', { passageId: passage!.id });
    (await until('the retry', () => narrator.tellings[count + 1])).say('Both stood.').end();
    await until('an alternative', async () => (await narrated(again, turnId))?.alternatives.length === 2);
  });

  it('N6: after kill -9 a turn that had written nothing is asked again under the same id', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const { turnId } = await ask(ann);
    await until('it generates', () => ann.view?.narrator.turns[0]?.state === 'generating');
    const count = narrator.tellings.length;
    await server.kill('SIGKILL');
    await server.restart();
    const again = await freshly(ann);
    (await until('asked again', () => narrator.tellings[count])).say('At last.').end();
    const passage = await until('it is told', async () => {
      const found = await narrated(again, turnId);
      return found?.alternatives[0]?.state === 'complete' ? found : null;
    });
    expect(textOf(passage)).toBe('At last.');
  });

  it('C1: sockets that connect while the server stops are told to come back', async () => {
    const [ann] = (await table()) as [TestPlayer];
    const { telling } = await ask(ann);
    const ending = server.kill('SIGTERM');
    const raw = new RawDocument(addressOf(ann, 'story'));
    await until('an answer', () => raw.closed ?? raw.frames[0]);
    telling.say('Done.').end();
    expect(await ending).toBe(0);
    expect([1012, 1006]).toContain(await raw.closing());
    await server.restart();
    expect((await (await freshly(ann)).story()).map(textOf)).toEqual(['Done.']);
  });
});
