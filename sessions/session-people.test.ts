import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, type Made } from '../test/support/sessions-fixture.ts';
import { PROTOCOL_VERSION } from './wire-constants.ts';

let table: SessionsFixture;
let made: Made;
beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
});
afterEach(() => table.close());

describe('command connections', () => {
  it('C8: a newcomer is welcomed with the whole view, then gets the slices that changed', async () => {
    const { session, ownerId } = made;
    const owner = table.control(session, ownerId);
    await table.tick();
    expect(owner.heard('session:welcome')).toMatchObject([
      { protocolVersion: PROTOCOL_VERSION, you: { playerId: ownerId, role: 'owner' }, talk: [] },
    ]);
    expect(Object.keys(owner.view!).toSorted()).toEqual(
      ['about', 'cast', 'drafts', 'history', 'narrator', 'players', 'safety', 'turn', 'typing'].toSorted(),
    );
    const ann = await table.join(made, 'writer', 'Ann');
    const control = table.control(session, ann);
    await table.tick();
    expect(owner.view?.players.map(({ name, isOnline }) => [name, isOnline])).toEqual([
      ['Olga', true],
      ['Ann', true],
    ]);
    const before = owner.heard('session:patched').length;
    await table.must(session, ann, 'cast:play', { castId: 'none', isMine: true }).catch(() => undefined);
    await table.must(session, ownerId, 'cast:add', { name: 'Ida', description: '' });
    expect(
      owner
        .heard('session:patched')
        .slice(before)
        .map((patch) => Object.keys(patch)),
    ).toEqual([['cast']]);
    control.leave();
    await table.tick();
    expect(owner.view?.players[1]?.isOnline).toBe(false);
    expect(owner.heard('session:welcome')).toHaveLength(1);
  });

  it('C8: a player with two connections is present until the last one goes', () => {
    const { session, ownerId } = made;
    const [first, second] = [table.control(session, ownerId), table.control(session, ownerId)];
    expect(session.presentCount).toBe(1);
    first.leave();
    expect(session.presentCount).toBe(1);
    second.leave();
    expect(session.presentCount).toBe(0);
  });

  it('W10: table talk reaches everybody, and those who come later read the last lines', async () => {
    const { session, ownerId } = made;
    const watcher = await table.join(made, 'spectator', 'Sue');
    const owner = table.control(session, ownerId);
    await table.must(session, watcher, 'talk:say', { text: '  Hello \u202e there ' });
    expect(owner.heard('talk:said')).toMatchObject([{ by: watcher, text: 'Hello there' }]);
    const late = table.control(session, watcher);
    await table.tick();
    expect(late.heard('session:welcome')[0]?.talk.map((line) => line.text)).toEqual(['Hello there']);
    expect(late.heard('talk:said')).toEqual([]);
  });
});
