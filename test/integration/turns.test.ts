import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateSession } from '../../sessions/protocol.ts';
import { gather, textOf, type TestPlayer } from '../support/player.ts';
import { addressOf, RawDocument } from '../support/raw-document.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

let clientIds = 1_000;

describe('turn modes over sockets', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  /** Ann leads, Bo and Cy write; everybody is seen to be there. */
  async function table(input: Partial<CreateSession>): Promise<[TestPlayer, TestPlayer, TestPlayer]> {
    const players = await gather(server.url, input, [{ name: 'Bo' }, { name: 'Cy' }]);
    all.push(...players);
    for (const player of players) {
      await until('everybody is there', () => player.view?.players.filter((p) => p.isOnline).length === 3);
    }
    return players as [TestPlayer, TestPlayer, TestPlayer];
  }

  /** Opens a draft of a player's own and writes in it; resolves when the words are stored. */
  async function typed(player: TestPlayer, text: string): Promise<string> {
    const { draftId = '' } = await player.must('draft:open', {});
    const raw = await RawDocument.open(player, `draft-${draftId}`, '&acks=1');
    raw.type((clientIds += 1), text);
    await until('stored', () => raw.acked === 1);
    return draftId;
  }

  async function expectStory(players: readonly TestPlayer[], texts: string[]): Promise<void> {
    for (const player of players) {
      await until('the story', async () => (await player.story()).length === texts.length);
      expect((await player.story()).map(textOf)).toEqual(texts);
    }
  }

  async function turnOf(watcher: TestPlayer, player: TestPlayer | null): Promise<void> {
    await until('the turn', () => watcher.view?.turn.current === (player?.id ?? null));
  }

  beforeAll(async () => {
    server = await TestServer.startScripted(['The wind turned.']);
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('T1: in free play everybody opens passages, writes at once and asks the narrator', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'free' });
    const drafts = await Promise.all([typed(ann, 'One.'), typed(bo, 'Two.'), typed(cy, 'Three.')]);
    await until('three open', () => ann.view?.drafts.length === 3);
    expect(await bo.command('draft:open', {})).toMatchObject({ code: 'DRAFT_ALREADY_OPEN' });
    expect(await bo.command('draft:commit', { draftId: drafts[2] })).toMatchObject({
      code: 'DRAFT_FORBIDDEN',
    });
    for (const [index, player] of [bo, cy, ann].entries()) {
      await player.must('draft:commit', { draftId: drafts[[1, 2, 0][index]!]! });
    }
    await expectStory([ann, bo, cy], ['Two.', 'Three.', 'One.']);
    await cy.must('narrator:ask', {});
    await expectStory([ann, bo], ['Two.', 'Three.', 'One.', 'The wind turned.']);
    for (const name of ['turn:resolve', 'turn:pass'] as const) {
      expect(await ann.command(name, {})).toMatchObject({ code: 'TURN_MODE_FORBIDS' });
    }
    expect(await ann.command('turn:give', { playerId: bo.id })).toMatchObject({ code: 'TURN_MODE_FORBIDS' });
    expect(await bo.command('turn:submit', { draftId: drafts[1] })).toMatchObject({ code: 'DRAFT_UNKNOWN' });
  });

  it('T2: in ordered play the turn goes round, and others wait', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'ordered' });
    expect(ann.view?.turn).toMatchObject({ current: ann.id, next: bo.id, order: [ann.id, bo.id, cy.id] });
    expect(await bo.command('draft:open', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    expect(await bo.command('narrator:ask', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    expect(await bo.command('turn:pass', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    await ann.must('draft:commit', { draftId: await typed(ann, 'Ann.') });
    await turnOf(cy, bo);
    expect(cy.view?.turn.next).toBe(cy.id);
    const draftId = await typed(bo, 'Bo.');
    const guest = await RawDocument.open(cy, `draft-${draftId}`);
    guest.type((clientIds += 1), ' And Cy?');
    expect(await guest.closing()).toBe(4422);
    await bo.must('draft:commit', { draftId });
    await turnOf(ann, cy);
    await cy.must('turn:pass', {});
    await turnOf(bo, ann);
    await ann.must('turn:give', { playerId: cy.id });
    await turnOf(bo, cy);
    await ann.must('turn:reorder', { order: [cy.id, ann.id, bo.id, 'nosuch'] });
    await until('reordered', () => bo.view?.turn.order.join() === [cy.id, ann.id, bo.id].join());
    await cy.must('draft:commit', { draftId: await typed(cy, 'Cy.') });
    await turnOf(bo, ann);
    expect(await bo.command('turn:reorder', { order: [bo.id] })).toMatchObject({ code: 'ROLE_FORBIDS' });
    await expectStory([ann, bo, cy], ['Ann.', 'Bo.', 'Cy.']);
  });

  it('T2: whose turn it is survives a restart', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'ordered', timerSeconds: 600 });
    await ann.must('turn:give', { playerId: cy.id });
    await turnOf(bo, cy);
    const deadline = bo.view?.turn.deadline ?? 0;
    expect(deadline).toBeGreaterThan(Date.now() + 590_000);
    for (const player of all) player.close();
    await server.kill('SIGKILL');
    await server.restart();
    await bo.join();
    expect(bo.view?.turn).toMatchObject({ current: cy.id, deadline });
  });

  it('T4: in a round nobody receives a word of the others before the round resolves', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'round' });
    const heard = new Map<TestPlayer, string>([ann, bo, cy].map((player) => [player, ''] as const));
    for (const player of [ann, bo, cy]) {
      player.socket!.io.engine.on('packet', ({ data }: { data?: unknown }) => {
        heard.set(player, heard.get(player)! + String(data));
      });
    }
    const stories = await Promise.all([ann, bo, cy].map((player) => RawDocument.open(player, 'story')));
    const bos = await typed(bo, 'Kingfishers argue.');
    await until('Bo has a draft', () => cy.view?.drafts.length === 1);
    expect(cy.view?.drafts[0]).toMatchObject({ visibility: 'private', openedBy: bo.id });
    const peek = new RawDocument(addressOf(cy, `draft-${bos}`));
    expect(await peek.closing()).toBe(4403);
    expect(await bo.command('draft:commit', { draftId: bos })).toMatchObject({ code: 'TURN_MODE_FORBIDS' });
    expect(await ann.command('turn:resolve', {})).toMatchObject({ code: 'NOTHING_TO_RESOLVE' });
    await bo.must('turn:submit', { draftId: bos });
    await until('Bo is done', () => cy.view?.turn.submitted.join() === bo.id);
    expect(cy.view?.turn.waitingFor).toEqual([cy.id]);
    const frozen = await RawDocument.open(bo, `draft-${bos}`);
    frozen.type((clientIds += 1), ' Too late.');
    expect(await frozen.closing()).toBe(4422);
    await bo.must('turn:withdraw', { draftId: bos });
    await until('withdrawn', () => cy.view?.turn.submitted.length === 0);
    await bo.must('turn:submit', { draftId: bos });
    const cys = await typed(cy, 'Otters applaud.');
    expect(await cy.command('turn:submit', { draftId: bos })).toMatchObject({ code: 'DRAFT_FORBIDDEN' });
    const frames = (index: number) => Buffer.concat(stories[index]!.frames).toString('latin1');
    expect(heard.get(cy)! + frames(2)).not.toContain('Kingfishers');
    expect(heard.get(bo)! + frames(1)).not.toContain('Otters');
    expect(heard.get(ann)! + frames(0)).not.toMatch(/Kingfishers|Otters/);
    expect(heard.get(cy)).toContain(bos);
    await cy.must('turn:submit', { draftId: cys });
    await expectStory([ann, bo, cy], ['Kingfishers argue.', 'Otters applaud.']);
    expect(frames(2)).toContain('Kingfishers');
    await until('next round', () => ann.view?.turn.round === 2);
    expect(ann.notices.map(({ kind }) => kind)).toContain('round-resolved');
  });

  it('T4: the game master resolves a round without those who have not submitted', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'round' });
    const cys = await typed(cy, 'Still thinking');
    const bos = await typed(bo, 'Ready.');
    const anns = await typed(ann, 'Me too.');
    await bo.must('turn:submit', { draftId: bos });
    await ann.must('turn:submit', { draftId: anns });
    expect(await bo.command('turn:resolve', {})).toMatchObject({ code: 'ROLE_FORBIDS' });
    await ann.must('turn:resolve', {});
    await expectStory([ann, bo, cy], ['Me too.', 'Ready.']);
    await until('only one left', () => bo.view?.drafts.map(({ id }) => id).join() === cys);
    await ann.must('turn:mode', { mode: 'free' });
    await until('free', () => cy.view?.turn.mode === 'free');
    await cy.must('draft:commit', { draftId: cys });
    await expectStory([bo], ['Me too.', 'Ready.', 'Still thinking']);
  });

  it('T7: when the game master calls, only those called play', async () => {
    const [ann, bo, cy] = await table({ turnMode: 'gm-calls' });
    expect(ann.view?.turn.current).toBeNull();
    expect(await bo.command('draft:open', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    expect(await bo.command('turn:give', { playerId: bo.id })).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(await ann.command('turn:give', { playerId: 'nosuch' })).toMatchObject({ code: 'PLAYER_UNKNOWN' });
    await ann.must('turn:give', { playerId: bo.id });
    await turnOf(bo, bo);
    expect(await cy.command('draft:open', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    await bo.must('narrator:ask', {});
    await expectStory([cy], ['The wind turned.']);
    await bo.must('draft:commit', { draftId: await typed(bo, 'Called.') });
    await turnOf(ann, null);
    expect(await bo.command('draft:open', {})).toMatchObject({ code: 'NOT_YOUR_TURN' });
    await ann.must('draft:commit', { draftId: await typed(ann, 'Meanwhile.') });
    await ann.must('turn:give', { playerId: cy.id });
    await turnOf(cy, cy);
    await cy.must('turn:pass', {});
    await turnOf(ann, null);
    await expectStory([ann, bo, cy], ['The wind turned.', 'Called.', 'Meanwhile.']);
  });
});
