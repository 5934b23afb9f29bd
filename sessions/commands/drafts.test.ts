import { describe, expect, it } from 'vitest';
import { Game, NOW } from '../../test/support/game.ts';
import { LIMITS } from '../limits.ts';
import { NARRATOR } from '../story-shape.ts';

describe('drafts and passages', () => {
  it('W1: a second own draft is refused, reopened passages do not count', () => {
    const game = new Game(['owner', 'writer']);
    const writer = game.idOf('writer');
    const passageId = game.passage(writer);
    game.must(writer, 'passage:reopen', { passageId });
    game.write(writer, 'x');
    expect(game.code(writer, 'draft:open')).toBe('DRAFT_ALREADY_OPEN');
  });

  it('W4: empty and overlong drafts are not committed, text is trimmed and cleaned', () => {
    const game = new Game(['owner', 'writer']);
    const writer = game.idOf('writer');
    const draftId = game.write(writer, ' \n\u200b ');
    expect(game.code(writer, 'draft:commit', { draftId })).toBe('PASSAGE_EMPTY');
    game.texts.set(draftId, [{ author: writer, text: 'x'.repeat(LIMITS.passageLength + 1) }]);
    expect(game.code(writer, 'draft:commit', { draftId })).toBe('PASSAGE_TOO_LONG');
    game.texts.set(draftId, [
      { author: 'a', text: '  ' },
      { author: writer, text: ' One\r\n' },
      { author: 'b', text: '\u202etwo  ' },
      { author: 'c', text: ' ' },
    ]);
    const { passageId } = game.must(writer, 'draft:commit', { draftId });
    expect(game.story.passage(passageId as string)?.alternatives[0]?.spans).toEqual([
      { author: writer, text: 'One\n' },
      { author: 'b', text: 'two' },
    ]);
  });

  it('W4: who may commit: the opener, game masters, in free play those who wrote in it', () => {
    const game = new Game(['owner', 'writer', 'writer', 'gm']);
    const [owner, ann, ben, gm] = [0, 1, 2, 3].map((index) => game.id(index)) as [
      string,
      string,
      string,
      string,
    ];
    const tries = (playerId: string) => {
      const draftId = game.write(ann, 'x');
      const code = game.code(playerId, 'draft:commit', { draftId });
      if (code !== 'ok') game.must(ann, 'draft:discard', { draftId });
      return code;
    };
    expect([owner, ann, ben, gm].map(tries)).toEqual(['ok', 'ok', 'DRAFT_FORBIDDEN', 'ok']);
    const shared = game.write(ann, 'x');
    game.record([{ type: 'draft-client-bound', draftId: shared, clientId: 1, playerId: ben }]);
    expect(game.code(ben, 'draft:commit', { draftId: shared })).toBe('ok');
  });

  it('W8: only the opener and game masters discard a draft', () => {
    const game = new Game(['owner', 'writer', 'writer']);
    const draftId = game.write(game.id(1), 'x');
    expect(game.code(game.id(2), 'draft:discard', { draftId })).toBe('DRAFT_FORBIDDEN');
    expect(game.code(game.id(0), 'draft:discard', { draftId })).toBe('ok');
    expect(game.code(game.id(0), 'draft:discard', { draftId })).toBe('DRAFT_UNKNOWN');
  });

  it('W5: reopening carries text and authors, and a commit replaces the passage in place', () => {
    const game = new Game(['owner', 'writer', 'writer']);
    const [ann, ben] = [game.id(1), game.id(2)];
    const passageId = game.passage(ann, 'First.');
    game.passage(ben, 'Second.');
    expect(game.code(ben, 'passage:reopen', { passageId })).toBe('ROLE_FORBIDS');
    const draftId = game.must(ann, 'passage:reopen', { passageId }).draftId as string;
    expect(game.texts.get(draftId)).toEqual([{ author: ann, text: 'First.' }]);
    expect(game.code(game.id(0), 'passage:reopen', { passageId })).toBe('PASSAGE_BUSY');
    game.texts.get(draftId)!.push({ author: ben, text: ' More.' });
    expect(game.must(ann, 'draft:commit', { draftId })).toEqual({ passageId, isHeld: false });
    expect(game.story.passages().map((passage) => passage.alternatives[0]!.spans)).toEqual([
      [
        { author: ann, text: 'First.' },
        { author: ben, text: ' More.' },
      ],
      [{ author: ben, text: 'Second.' }],
    ]);
  });

  it('W5: a passage that the narrator is asked to retry is not reopened, nor the other way round', () => {
    const game = new Game(['owner']);
    const passageId = game.narratorPassage();
    game.must(game.id(0), 'narrator:retry', { passageId });
    expect(game.code(game.id(0), 'passage:reopen', { passageId })).toBe('PASSAGE_BUSY');
    const other = game.narratorPassage();
    game.must(game.id(0), 'passage:reopen', { passageId: other });
    expect(game.code(game.id(0), 'narrator:retry', { passageId: other })).toBe('PASSAGE_BUSY');
  });

  it('W7: a passage is struck and restored by its author and game masters alone', () => {
    const game = new Game(['owner', 'writer', 'writer']);
    const passageId = game.passage(game.id(1));
    expect(game.code(game.id(2), 'passage:strike', { passageId })).toBe('ROLE_FORBIDS');
    game.must(game.id(1), 'passage:strike', { passageId });
    expect(game.story.passage(passageId)?.state).toBe('struck');
    game.must(game.id(0), 'passage:restore', { passageId });
    expect(game.story.passage(passageId)?.state).toBe('shown');
  });

  it('W9: any writer chooses an alternative, but not of a reopened passage', () => {
    const game = new Game(['owner', 'writer']);
    const passageId = game.narratorPassage();
    const [first] = game.story.passage(passageId)!.alternatives;
    const meta = { kind: 'narrator' as const, by: NARRATOR, turnId: 't', castId: null, createdAt: NOW };
    game.story.apply([{ op: 'add', passageId, alternativeId: 'b', meta, spans: [], at: NOW }]);
    expect(game.story.passage(passageId)?.chosen).toBe(1);
    game.must(game.id(1), 'passage:choose', { passageId, alternativeId: first!.id });
    expect(game.story.passage(passageId)?.chosen).toBe(0);
    expect(game.code(game.id(1), 'passage:choose', { passageId, alternativeId: 'zzz' })).toBe(
      'PASSAGE_UNKNOWN',
    );
    game.must(game.id(0), 'passage:reopen', { passageId });
    expect(game.code(game.id(1), 'passage:choose', { passageId, alternativeId: 'b' })).toBe('PASSAGE_BUSY');
  });
});
