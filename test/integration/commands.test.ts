import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../sessions/protocol.ts';
import { gather, TestPlayer } from '../support/player.ts';
import { isAlive, metric } from '../support/server-status.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const NAMES = Object.keys(COMMANDS) as CommandName[];
const HUGE = 'x'.repeat(30_000);

/** Payloads that no command understands. */
const GARBAGE: readonly unknown[] = [
  [],
  [1, 2, 3],
  'text',
  HUGE,
  7,
  Number.MAX_VALUE,
  true,
  { draftId: null, passageId: 7, castId: [], playerId: {}, turnId: '', text: null, mode: 'x', order: 'y' },
  { draftId: HUGE, passageId: HUGE, castId: HUGE, playerId: HUGE, turnId: HUGE, text: HUGE, mode: HUGE },
];

/** Ids that name nothing, some of which every JavaScript object inherits. */
const LOST_IDS = ['nosuchthing', 'constructor', '0', 'z'.repeat(40)];

/** For every command a payload that is well formed but names nothing. */
function lostPayload(name: CommandName, id: string): object {
  const texts = { text: 'Hello', name: `Name ${id}`.slice(0, 30), description: 'A person.' };
  const ids = { draftId: id, passageId: id, alternativeId: id, castId: id, playerId: id, turnId: id };
  const ofSafety = {
    ...{ requestId: id, holdId: id, reportId: id, about: { kind: 'passage', id }, reason: 'other' },
    ...{
      minutes: 5,
      isReadOnly: true,
      seconds: 5,
      lines: [],
      veils: [],
      signal: 'rewind',
      decision: 'reject',
    },
  };
  const ofHistory = {
    ...{ branchId: id, itemId: id, isPinned: true, title: 'Dusk', answer: 'keep', passageIds: [id] },
    scope: { kind: 'passage', passageId: id },
    ...{ issue: 'stalled', threadId: id, status: 'open' },
  };
  return {
    ...{
      ...ids,
      ...texts,
      ...ofSafety,
      ...ofHistory,
      order: [id],
      isMine: true,
      mayBeVoiced: true,
      role: 'writer',
    },
    mode: name,
  };
}

/** Commands that need nothing to exist. */
const NEED_NOTHING: readonly CommandName[] = [
  'draft:open',
  'session:settings',
  'talk:say',
  'cast:add',
  'player:rename',
  'turn:reorder',
  'session:slow',
  'session:zero',
  'safety:topics',
  'safety:signal',
  'scene:begin',
  'checkpoint:save',
  'memory:add',
  'monitor:mute',
  'thread:add',
];

describe('the command channel', () => {
  let server: TestServer;
  let ann: TestPlayer;
  let bo: TestPlayer;
  let eve: TestPlayer;

  beforeAll(async () => {
    server = await TestServer.start();
  });
  beforeEach(async () => {
    [ann, bo, eve] = (await gather(server.url, {}, [{ name: 'Bo' }, { name: 'Eve', role: 'spectator' }])) as [
      TestPlayer,
      TestPlayer,
      TestPlayer,
    ];
    await until('all at the table', () => ann.view?.players.every(({ isOnline }) => isOnline));
  });
  afterEach(() => {
    for (const player of [ann, bo, eve]) player.close();
  });
  afterAll(() => server.stop());

  /** Sends anything at all as a command; answers its ack. */
  async function send(player: TestPlayer, name: string, ...args: unknown[]): Promise<{ code?: string }> {
    const socket = player.socket as unknown as {
      timeout(ms: number): { emitWithAck(n: string, ...a: unknown[]): Promise<{ code?: string }> };
    };
    return socket.timeout(5_000).emitWithAck(name, ...args);
  }

  /** Sends a command again once the rate allows it. */
  async function patiently(player: TestPlayer, name: string, payload: unknown): Promise<{ code?: string }> {
    return until(name, async () => {
      const answer = await send(player, name, payload);
      return answer.code === 'RATE_LIMITED' ? null : answer;
    });
  }

  async function expectPeace(): Promise<void> {
    expect((await patiently(ann, 'talk:say', { text: 'still here' })).code).toBeUndefined();
    await until('heard', () => bo.talk.some(({ text }) => text === 'still here'));
    expect(ann.socket?.connected && bo.socket?.connected).toBe(true);
    expect(await isAlive(server.url)).toBe(true);
  }

  it('R9: garbage is answered with BAD_INPUT by every command, and changes nothing', async () => {
    const { invites } = await ann.create();
    await ann.join();
    const masters = [ann];
    for (const name of ['Gil', 'Gus', 'Guy']) {
      masters.push(
        await new TestPlayer(server.url).join(ann.sessionId, { name, invite: invites[0]!.secret }),
      );
    }
    await until('all at the table', () => ann.view?.players.filter(({ isOnline }) => isOnline).length === 4);
    const before = JSON.stringify(ann.view);
    const codes = new Set<string>();
    for (const [index, name] of NAMES.entries()) {
      const mayBeEmpty = COMMANDS[name].safeParse({}).success;
      for (const payload of mayBeEmpty ? GARBAGE.slice(0, 7) : GARBAGE) {
        const { code } = await patiently(masters[index % 4]!, name, payload);
        if (code !== 'BAD_INPUT') codes.add(`${name} ${JSON.stringify(payload).slice(0, 60)}: ${code}`);
      }
    }
    expect([...codes]).toEqual([]);
    expect(JSON.stringify(ann.view)).toBe(before);
    for (const player of masters) player.close();
    expect(await isAlive(server.url)).toBe(true);
  });

  it('R9: ids that name nothing are refused with a code and change nothing', async () => {
    const before = JSON.stringify(ann.view);
    for (const id of LOST_IDS) {
      for (const name of NAMES.filter((candidate) => !NEED_NOTHING.includes(candidate))) {
        const answer = await patiently(ann, name, lostPayload(name, id));
        expect([name, id, answer.code]).not.toEqual([name, id, undefined]);
        expect([name, id, answer.code]).not.toEqual([name, id, 'INTERNAL']);
      }
    }
    expect((await patiently(ann, 'turn:reorder', { order: LOST_IDS })).code).toBeUndefined();
    expect(JSON.stringify(ann.view)).toBe(before);
    await expectPeace();
    // What was journalled can be loaded again.
    for (const player of [ann, bo, eve]) player.close();
    await server.kill('SIGTERM');
    await server.restart();
    await ann.join();
    expect(ann.view?.players.map(({ name }) => name)).toEqual(['Ann', 'Bo', 'Eve']);
  });

  it('R9: keys that reach for prototypes are ignored or refused', async () => {
    const payloads = ['{"__proto__":{"text":"x"}}', '{"constructor":{"prototype":{"text":"x"}},"text":7}'];
    for (const json of payloads) {
      expect(await send(bo, 'talk:say', JSON.parse(json))).toMatchObject({ code: 'BAD_INPUT' });
    }
    const settings = JSON.parse('{"__proto__":{"title":"Owned"},"constructor":1}') as unknown;
    expect((await send(ann, 'session:settings', settings)).code).toBeUndefined();
    expect(ann.view?.about.title).toBe('The Lost Boat');
    expect(({} as { title?: string }).title).toBeUndefined();
    await expectPeace();
  });

  it('C5: unknown commands, missing payloads and acks in odd places do no harm', async () => {
    for (const name of ['', 'nothing', 'session:patched', 'constructor', '__proto__', 'toString', HUGE]) {
      expect(await send(bo, name, {})).toMatchObject({ ok: false, code: 'BAD_INPUT' });
    }
    expect((await send(bo, 'talk:say')).code).toBe('BAD_INPUT');
    const { draftId } = (await send(bo, 'draft:open')) as { value?: { draftId?: string }; draftId?: string };
    expect(draftId).toBeUndefined();
    await until('the draft', () => bo.view?.drafts.length === 1);
    const socket = bo.socket as unknown as { emit(n: string, ...a: unknown[]): void };
    socket.emit('talk:say', { text: 'no ack wanted' });
    await until('said', () => ann.talk.some(({ text }) => text === 'no ack wanted'));
    socket.emit('talk:say', { text: 'too much' }, 1, 2, 3, { a: [] });
    socket.emit('talk:say', new Uint8Array(1_000));
    socket.emit('talk:say', { text: new Uint8Array(10) });
    expect(await send(bo, 'talk:say', { text: new Uint8Array(10) })).toMatchObject({ code: 'BAD_INPUT' });
    await expectPeace();
  });

  it('C3: a frame over 256 KiB closes the socket, and the player comes back', async () => {
    const socket = bo.socket!;
    let isGone = false;
    socket.once('disconnect', () => (isGone = true));
    (socket as unknown as { emit(n: string, p: unknown): void }).emit('talk:say', {
      text: 'x'.repeat(300_000),
    });
    await until('closed', () => isGone);
    await until('back', () => socket.connected);
    await expectPeace();
  });

  it('C5: a flood is answered with RATE_LIMITED and the time to come again; the socket stays', async () => {
    const ok = await metric(server.url, 'story_commands_total{command="talk:say",status="ok"}');
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => send(bo, 'talk:say', { text: `line ${index}` })),
    );
    const limited = answers.filter(({ code }) => code === 'RATE_LIMITED');
    expect(limited.length).toBeGreaterThan(100);
    expect(answers.length - limited.length).toBeGreaterThanOrEqual(60);
    for (const answer of limited) {
      const { retryAfterMs } = answer as { retryAfterMs?: number };
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThan(20_000);
    }
    expect(bo.socket?.connected).toBe(true);
    expect(await metric(server.url, 'story_commands_total{command="talk:say",status="ok"}')).toBe(
      ok + answers.length - limited.length,
    );
    await until('all that was acked is heard', () => ann.talk.length === answers.length - limited.length);
    await patiently(bo, 'talk:say', { text: 'calmer' });
    await expectPeace();
  });

  it('C5: the limits are those of the player, however many sockets they open', async () => {
    const tabs = [bo];
    for (let count = 0; count < 4; count += 1) {
      const tab = new TestPlayer(server.url);
      tab.cookie = bo.cookie;
      tabs.push(await tab.join(bo.sessionId));
    }
    const answers = await Promise.all(
      tabs.flatMap((tab) => Array.from({ length: 50 }, () => send(tab, 'player:rename', { name: 'Bo' }))),
    );
    expect(answers.filter(({ code }) => code === undefined).length).toBeLessThan(100);
    for (const tab of tabs) tab.close();
  });

  it('R5: a spectator may talk, take another name and use what keeps the table safe, and nothing else', async () => {
    const allowed: Record<string, string | undefined> = {
      'talk:say': undefined,
      'player:rename': undefined,
      'safety:topics': undefined,
      'safety:signal': undefined,
      'safety:x-card': 'DRAFT_UNKNOWN',
      'hold:appeal': 'HOLD_UNKNOWN',
      'report:file': 'HOLD_UNKNOWN',
    };
    for (const name of NAMES) {
      const mode = name === 'narrator:mode' ? 'human' : 'free';
      const { code } = await patiently(eve, name, { ...lostPayload(name, 'x'), mode });
      expect([name, code]).toEqual([name, name in allowed ? allowed[name] : 'ROLE_FORBIDS']);
    }
  });

  it('W11: what is said and named is stored clean', async () => {
    await bo.must('talk:say', { text: '  a\u202eb\u0007\n c  ' });
    await until('said', () => ann.talk.length === 1);
    expect(ann.talk[0]!.text).toBe('ab c');
    expect(await bo.command('talk:say', { text: '\u200b \n' })).toMatchObject({ code: 'BAD_INPUT' });
    await bo.must('player:rename', { name: 'Bo\tthe  Great' });
    await until('renamed', () => ann.view?.players.some(({ name }) => name === 'Bo the Great'));
    expect(await bo.command('player:rename', { name: 'ANN' })).toMatchObject({ code: 'NAME_TAKEN' });
  });

  it('R6: the owner stays owner, and a game master cannot remove another', async () => {
    await ann.must('player:role', { playerId: bo.id, role: 'gm' });
    await until('closed', () => bo.closings.length === 1);
    await bo.join();
    expect(await bo.command('player:remove', { playerId: ann.id })).toMatchObject({ code: 'OWNER_STAYS' });
    expect(await bo.command('player:role', { playerId: eve.id, role: 'gm' })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    expect(await ann.command('player:role', { playerId: ann.id, role: 'writer' })).toMatchObject({
      code: 'OWNER_STAYS',
    });
    await bo.must('player:remove', { playerId: eve.id });
    await until('removed', () => eve.closings[0]?.code === 4403);
  });
});
