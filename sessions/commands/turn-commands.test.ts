import { describe, expect, it } from 'vitest';
import { Game, NOW } from '../../test/support/game.ts';
import { LIMITS } from '../limits.ts';
import { TermCache } from '../dependency-terms.ts';
import { decide } from './decide.ts';

describe('turn commands', () => {
  it('T2: after a commit the turn goes to the next present player', () => {
    const game = new Game(['owner', 'writer', 'writer', 'writer'], 'ordered');
    expect(game.state.turn.current).toBe(game.id(0));
    expect(game.code(game.id(1), 'draft:open')).toBe('NOT_YOUR_TURN');
    game.present.delete(game.id(1));
    game.passage(game.id(0));
    expect(game.state.turn.current).toBe(game.id(2));
    const passageId = game.story.passages()[0]!.id;
    const draftId = game.must(game.id(0), 'passage:reopen', { passageId }).draftId;
    game.must(game.id(0), 'draft:commit', { draftId });
    expect(game.state.turn.current, 'an edit does not end a turn').toBe(game.id(2));
  });

  it('T1: a draft whose turn has passed is not committed by its opener, but by a game master', () => {
    const game = new Game(['owner', 'writer', 'writer'], 'ordered');
    game.must(game.id(0), 'turn:give', { playerId: game.id(1) });
    const draftId = game.write(game.id(1), 'x');
    game.must(game.id(1), 'turn:pass');
    expect(game.state.turn.current).toBe(game.id(2));
    expect(game.code(game.id(1), 'draft:commit', { draftId })).toBe('NOT_YOUR_TURN');
    expect(game.code(game.id(0), 'draft:commit', { draftId })).toBe('ok');
    expect(game.state.turn.current).toBe(game.id(2));
  });

  it('T4: a round commits what was submitted in playing order and begins the next', () => {
    const game = new Game(['owner', 'writer', 'writer', 'writer'], 'round');
    const [, ann, ben, cat] = [0, 1, 2, 3].map((index) => game.id(index)) as [string, string, string, string];
    expect(game.code(game.id(0), 'turn:resolve')).toBe('NOTHING_TO_RESOLVE');
    const drafts = [cat, ann, ben].map((playerId) => game.write(playerId, `By ${playerId}`));
    expect(Object.values(game.state.drafts).map((draft) => draft.visibility)).toEqual([
      'private',
      'private',
      'private',
    ]);
    expect(game.code(ann, 'draft:commit', { draftId: drafts[1] })).toBe('TURN_MODE_FORBIDS');
    expect(game.code(ben, 'turn:submit', { draftId: drafts[1] })).toBe('DRAFT_FORBIDDEN');
    game.must(cat, 'turn:submit', { draftId: drafts[0] });
    game.must(ann, 'turn:submit', { draftId: drafts[1] });
    game.must(game.id(0), 'turn:resolve');
    expect(game.story.passages().map((passage) => passage.by)).toEqual([ann, cat]);
    expect(game.state.turn.round).toBe(2);
    expect(Object.keys(game.state.drafts)).toEqual([drafts[2]]);
  });

  it('L2: a round never takes the story beyond its limit', () => {
    const game = new Game(['owner', 'writer', 'writer'], 'round');
    for (const index of [1, 2])
      game.must(game.id(index), 'turn:submit', { draftId: game.write(game.id(index), 'x') });
    let count = LIMITS.passages - 1;
    const decision = decide(
      {
        state: game.state,
        player: game.state.players[game.id(0)]!,
        now: NOW,
        isPresent: () => true,
        newId: () => `p${(count += 1)}`,
        draftSpans: () => [{ author: 'a', text: 'x' }],
        passage: () => null,
        passageCount: LIMITS.passages - 1,
        lastShown: () => null,
        story: game.story,
        seq: 0,
        typing: new Map(),
        terms: new TermCache(1),
        past: null,
        floor: game.floor,
        flags: new Set(),
      },
      { name: 'turn:resolve', payload: {} },
    );
    if (!decision.ok) throw new Error(decision.code);
    expect(decision.changes).toHaveLength(1);
  });

  it('L2: a full story takes no draft and no narrator turn', () => {
    const game = new Game(['owner']);
    Object.defineProperty(game.story, 'passageCount', { value: () => LIMITS.passages });
    expect([game.code(game.id(0), 'draft:open'), game.code(game.id(0), 'narrator:ask')]).toEqual([
      'STORY_FULL',
      'STORY_FULL',
    ]);
  });

  it('T6: a new mode keeps order and round, leaves drafts open and gives submitted ones back', () => {
    const game = new Game(['owner', 'writer'], 'round');
    const draftId = game.write(game.id(1), 'x');
    game.must(game.id(1), 'turn:submit', { draftId });
    game.must(game.id(0), 'turn:resolve');
    const next = game.write(game.id(1), 'y');
    game.must(game.id(1), 'turn:submit', { draftId: next });
    game.must(game.id(0), 'turn:mode', { mode: 'ordered', timerSeconds: 60 });
    expect(game.state.turn).toMatchObject({
      mode: 'ordered',
      round: 2,
      current: game.id(0),
      deadline: game.now + 60_000,
    });
    expect(game.state.drafts[next]?.submittedAt).toBeNull();
  });

  it('T7: the turn is given to whoever may write, and passed by who has it or a game master', () => {
    const game = new Game(['owner', 'writer', 'spectator'], 'gm-calls');
    expect(game.code(game.id(0), 'turn:give', { playerId: game.id(2) })).toBe('ROLE_FORBIDS');
    game.must(game.id(0), 'turn:give', { playerId: game.id(1) });
    expect(game.state.turn.current).toBe(game.id(1));
    game.must(game.id(1), 'turn:pass');
    expect(game.state.turn.current).toBeNull();
    expect(game.code(game.id(1), 'turn:pass')).toBe('NOT_YOUR_TURN');
    game.must(game.id(0), 'turn:mode', { mode: 'free' });
    expect(game.code(game.id(0), 'turn:pass')).toBe('TURN_MODE_FORBIDS');
  });
});
