import { describe, expect, it } from 'vitest';
import { Game } from '../../test/support/game.ts';
import { LIMITS } from '../limits.ts';

describe('people, cast and narrator', () => {
  it('R6: the owner stays; only the owner changes roles and removes game masters', () => {
    const game = new Game(['owner', 'gm', 'gm', 'writer']);
    const [owner, gm, otherGm, writer] = [0, 1, 2, 3].map((index) => game.id(index)) as [
      string,
      string,
      string,
      string,
    ];
    expect(game.code(owner, 'player:role', { playerId: owner, role: 'writer' })).toBe('OWNER_STAYS');
    expect(game.code(gm, 'player:role', { playerId: writer, role: 'gm' })).toBe('ROLE_FORBIDS');
    expect(game.code(gm, 'player:remove', { playerId: owner })).toBe('OWNER_STAYS');
    expect(game.code(gm, 'player:remove', { playerId: otherGm })).toBe('ROLE_FORBIDS');
    expect(game.code(gm, 'player:remove', { playerId: writer })).toBe('ok');
    expect(game.code(owner, 'player:remove', { playerId: gm })).toBe('ok');
    expect(game.state.players[writer]).toMatchObject({ isGone: true, name: 'p3' });
  });

  it('R2: a name that an active player has is taken, whatever its case', () => {
    const game = new Game(['owner', 'writer']);
    expect(game.code(game.id(1), 'player:rename', { name: 'P0' })).toBe('NAME_TAKEN');
    expect(game.code(game.id(1), 'player:rename', { name: 'P1' })).toBe('ok');
  });

  it('N4: a character is protected once it is played, and only its player lets it be voiced', () => {
    const game = new Game(['owner', 'writer', 'writer']);
    const [owner, ann, ben] = [game.id(0), game.id(1), game.id(2)];
    const castId = game.must(owner, 'cast:add', { name: 'Ida', description: '' }).castId as string;
    expect(game.code(ben, 'narrator:ask', { castId })).toBe('ok');
    game.must(ann, 'cast:play', { castId, isMine: true });
    expect(game.code(ben, 'narrator:ask', { castId })).toBe('CAST_PLAYED');
    expect(game.code(ben, 'cast:play', { castId, isMine: true })).toBe('ROLE_FORBIDS');
    expect(game.code(owner, 'cast:voice', { castId, mayBeVoiced: true })).toBe('ROLE_FORBIDS');
    game.must(ann, 'cast:voice', { castId, mayBeVoiced: true });
    expect(game.code(ben, 'narrator:ask', { castId })).toBe('ok');
    game.must(owner, 'player:remove', { playerId: ann });
    expect(game.state.cast[0]).toMatchObject({ playerId: null, mayBeVoiced: false });
  });

  it('N10: a player has two narrator turns at most, a session eight; beyond it is said whose they are', () => {
    const game = new Game(['owner', 'writer', 'writer', 'writer', 'writer']);
    const refusal = (index: number) => game.run(game.id(index), { name: 'narrator:ask', payload: {} });
    const told = game.narratorPassage();
    for (const index of [0, 1, 2, 3]) {
      game.must(game.id(index), 'narrator:ask');
      expect(game.code(game.id(index), 'narrator:ask', { direction: 'A storm.' })).toBe('ok');
      expect(refusal(index)).toMatchObject({
        code: 'NARRATOR_BUSY',
        detail: 'You have 2 requests with the narrator; nobody may have more at a time.',
        retryAfterMs: 5_000,
      });
    }
    const full = {
      code: 'NARRATOR_BUSY',
      detail: 'This session has 8 requests with the narrator; no session may have more at a time.',
      retryAfterMs: 5_000,
    };
    expect(refusal(4)).toMatchObject(full);
    const retry = { name: 'narrator:retry', payload: { passageId: told } } as const;
    expect(game.run(game.id(4), retry)).toMatchObject(full);
  });

  it('N3: retry is for shown narrator passages, any of them, under their direction', () => {
    const game = new Game(['owner']);
    const own = game.passage(game.id(0));
    const told = game.narratorPassage();
    game.passage(game.id(0));
    expect(game.code(game.id(0), 'narrator:retry', { passageId: own })).toBe('PASSAGE_UNKNOWN');
    game.must(game.id(0), 'narrator:retry', { passageId: told });
    expect(game.state.narratorTurns[0]).toMatchObject({ passageId: told, alternativeId: null });
    expect(game.code(game.id(0), 'narrator:retry', { passageId: told })).toBe('PASSAGE_BUSY');
    const struck = game.narratorPassage();
    game.must(game.id(0), 'passage:strike', { passageId: struck });
    expect(game.code(game.id(0), 'narrator:retry', { passageId: struck })).toBe('PASSAGE_UNKNOWN');
  });

  it('N2: a turn is stopped by its asker and game masters', () => {
    const game = new Game(['owner', 'writer', 'writer']);
    const { turnId } = game.must(game.id(1), 'narrator:ask');
    expect(game.code(game.id(2), 'narrator:stop', { turnId })).toBe('ROLE_FORBIDS');
    expect(game.code(game.id(1), 'narrator:stop', { turnId })).toBe('ok');
    expect(game.code(game.id(0), 'narrator:stop', { turnId })).toBe('ok');
    expect(game.code(game.id(0), 'narrator:stop', { turnId: 'none' })).toBe('TURN_UNKNOWN');
  });

  it('L5: the cast has a limit, and talk keeps its last lines', () => {
    const game = new Game(['owner']);
    for (let index = 0; index < LIMITS.castLength; index += 1)
      game.must(game.id(0), 'cast:add', { name: `C${index}`, description: '' });
    expect(game.code(game.id(0), 'cast:add', { name: 'One more', description: '' })).toBe('CAST_FULL');
    for (let index = 0; index < LIMITS.talkKept + 5; index += 1)
      game.must(game.id(0), 'talk:say', { text: `${index}` });
    expect(game.state.talk).toHaveLength(LIMITS.talkKept);
    expect(game.state.talk.at(-1)?.text).toBe(`${LIMITS.talkKept + 4}`);
  });

  it('L4: a passage takes twenty alternatives', () => {
    const game = new Game(['owner']);
    const passageId = game.narratorPassage();
    const meta = { kind: 'narrator' as const, by: 'narrator', turnId: 't', castId: null, createdAt: 1 };
    for (let index = 1; index < LIMITS.alternatives; index += 1) {
      game.story.apply([{ op: 'add', passageId, alternativeId: `a${index}`, meta, spans: [], at: 1 }]);
    }
    expect(game.code(game.id(0), 'narrator:retry', { passageId })).toBe('ALTERNATIVES_FULL');
  });

  it('L7: there are at most 250 open drafts', () => {
    const game = new Game(['owner']);
    const passages = Array.from({ length: LIMITS.openDrafts }, () => game.passage(game.id(0)));
    for (const passageId of passages) game.must(game.id(0), 'passage:reopen', { passageId });
    expect(game.code(game.id(0), 'draft:open')).toBe('DRAFTS_FULL');
    expect(game.code(game.id(0), 'passage:reopen', { passageId: passages[0]! })).toBe('PASSAGE_BUSY');
  });
});
