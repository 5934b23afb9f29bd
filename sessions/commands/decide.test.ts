import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Game } from '../../test/support/game.ts';
import type { SessionEvent } from '../events.ts';
import type { RollbackScope } from '../history-view.ts';
import { COMMANDS, type Command, type CommandName, type Role } from '../protocol.ts';

/** R5, written out on purpose: o = owner, g = game master, w = writer, s = spectator. */
const ALLOWED: Record<CommandName, string> = {
  'draft:open': 'ogw',
  'draft:commit': 'ogw',
  'draft:discard': 'ogw',
  'passage:reopen': 'ogw',
  'passage:strike': 'ogw',
  'passage:restore': 'ogw',
  'passage:choose': 'ogw',
  'turn:submit': 'ogw',
  'turn:withdraw': 'ogw',
  'turn:resolve': 'og',
  'turn:pass': 'ogw',
  'turn:give': 'og',
  'turn:reorder': 'og',
  'turn:mode': 'og',
  'narrator:ask': 'ogw',
  'narrator:retry': 'ogw',
  'narrator:stop': 'ogw',
  'talk:say': 'ogws',
  'session:settings': 'og',
  'cast:add': 'og',
  'cast:change': 'og',
  'cast:remove': 'og',
  'cast:play': 'ogw',
  'cast:voice': 'ogw',
  'player:rename': 'ogws',
  'player:role': 'o',
  'player:remove': 'og',
  'player:readmit': 'og',
  'player:kick': 'og',
  'player:mute': 'og',
  'player:restrict': 'og',
  'session:slow': 'og',
  'session:zero': 'og',
  'safety:topics': 'ogws',
  'safety:x-card': 'ogws',
  'safety:signal': 'ogws',
  'request:close': 'og',
  'narrator:mode': 'og',
  'hold:decide': 'og',
  'hold:undo': 'og',
  'hold:appeal': 'ogws',
  'report:file': 'ogws',
  'report:close': 'og',
  'scene:begin': 'og',
  'checkpoint:save': 'ogw',
  'branch:create': 'og',
  'branch:rename': 'og',
  'branch:switch': 'og',
  'rollback:preview': 'og',
  'rollback:execute': 'og',
  'rollback:cancel': 'og',
  'rollback:answer': 'ogw',
  'memory:add': 'ogw',
  'memory:edit': 'ogw',
  'memory:pin': 'ogw',
  'memory:delete': 'ogw',
  'monitor:mute': 'og',
  'thread:add': 'og',
  'thread:mark': 'og',
  'thread:remind': 'og',
  'session:purge': 'o',
};
const NAMES = Object.keys(COMMANDS) as CommandName[];

const NARRATOR_MODES = ['ai', 'assist', 'copilot', 'human'] as const;
const SIGNALS = ['pause', 'resume', 'rewind', 'fast-forward', 'open-door', 'back'] as const;

/** Ids of players that an event mentions. */
function mentioned(event: SessionEvent): string[] {
  const { playerId, by, draft, turn, line } = event as Record<string, unknown> as {
    playerId?: string;
    by?: string;
    draft?: { openedBy: string };
    turn?: { askedBy?: string; order?: string[]; current?: string | null };
    line?: { by: string };
  };
  const all = [playerId, by, draft?.openedBy, turn?.askedBy, turn?.current, line?.by, ...(turn?.order ?? [])];
  return all.filter((id): id is string => typeof id === 'string');
}

/** A payload for a command that is as right as can be in this game. */
function payloadFor(name: CommandName, game: Game): unknown {
  const draftId = Object.keys(game.state.drafts)[0] ?? 'none';
  const passageId = game.story.passages()[0]?.id ?? 'none';
  const playerId = game.idOf('writer');
  const known = {
    draftId,
    passageId,
    playerId,
    alternativeId: 'a',
    castId: game.state.cast[0]?.id ?? 'none',
    turnId: 'none',
    order: [playerId],
    mode: name === 'narrator:mode' ? 'assist' : 'ordered',
    text: 'Hi',
    name: 'Somebody',
    description: '',
    isMine: true,
    mayBeVoiced: true,
    role: 'writer',
    isReadOnly: false,
    minutes: null,
    seconds: null,
    lines: [],
    veils: [],
    signal: 'pause',
    requestId: game.state.safety.requests[0]?.id ?? 'none',
    holdId: game.state.safety.holds[0]?.id ?? 'none',
    reportId: game.state.safety.reports[0]?.id ?? 'none',
    decision: 'approve',
    about: { kind: 'player', id: playerId },
    reason: 'other',
    title: 'Dusk',
    branchId: game.story.branches().at(-1)?.id ?? 'none',
    scope: { kind: 'passage', passageId },
    answer: 'keep',
    itemId: game.story.memory()[0]?.id ?? 'none',
    isPinned: false,
    passageIds: [passageId],
    issue: 'stalled',
    threadId: 'found:Mia',
    status: 'resolved',
  };
  return COMMANDS[name].parse(known);
}

const nth = <T>(list: readonly T[], at: number) => list[at % Math.max(1, list.length)];

/** Any scope that needs no past, and those that do, without one. */
function scopeFor(game: Game, of: { pick: number; playerId: string; passageId: string }): RollbackScope {
  const { pick, playerId, passageId } = of;
  const rollbackId = nth(game.state.history.rollbacks, pick)?.id ?? 'none';
  const scopes: RollbackScope[] = [
    { kind: 'passage', passageId },
    { kind: 'point', to: { passageId } },
    { kind: 'point', to: { passageId: null } },
    { kind: 'player', playerId, from: 0, to: game.now },
    { kind: 'version', version: 'v' },
    { kind: 'undo', rollbackId },
    { kind: 'point', to: { time: game.now } },
  ];
  return nth(scopes, pick)!;
}

describe('decide', () => {
  const ROLES: Role[] = ['owner', 'gm', 'writer', 'spectator'];

  it('R5: every command is refused for the roles that may not, and only for them', () => {
    for (const name of NAMES) {
      for (const role of ROLES) {
        const game = new Game(ROLES);
        game.passage(game.idOf('owner'));
        game.write(game.idOf('owner'), 'More');
        game.must(game.idOf('owner'), 'cast:add', { name: 'Ida', description: '' });
        const command = { name, payload: payloadFor(name, game) } as Command;
        const decision = game.decide(game.idOf(role), command);
        const isForbidden = !ALLOWED[name].includes(role[0]!);
        if (isForbidden) expect([name, role, decision]).toMatchObject([name, role, { code: 'ROLE_FORBIDS' }]);
        else if (!decision.ok && decision.code === 'ROLE_FORBIDS') {
          // Passages, turns and characters of others: the handler's own rule, not the table's.
          expect([role, name].includes('writer') || name === 'cast:voice').toBe(true);
        }
      }
    }
  });

  it('R5: a spectator causes nothing but talk, a new name, and what everybody may do for safety', () => {
    const caused = new Set<string>();
    for (const name of NAMES) {
      const game = new Game(ROLES);
      game.passage(game.idOf('owner'));
      game.write(game.idOf('owner'), 'More');
      const decision = game.run(game.idOf('spectator'), { name, payload: payloadFor(name, game) } as Command);
      for (const event of decision.ok ? decision.events : []) caused.add(event.type);
      if (decision.ok && name !== 'safety:x-card') expect(decision.changes).toEqual([]);
    }
    expect([...caused].toSorted()).toEqual([
      'draft-carded',
      'game-paused',
      'player-renamed',
      'report-filed',
      'table-requested',
      'talk-said',
      'topics-changed',
    ]);
  });

  it('R9: ids that name nothing are refused and cause nothing', () => {
    const strange = ['none', 'constructor', 'valueof'];
    for (const name of NAMES) {
      for (const id of strange) {
        const game = new Game(ROLES);
        game.passage(game.idOf('owner'));
        game.must(game.idOf('owner'), 'turn:mode', { mode: 'ordered' });
        const raw = { ...(payloadFor(name, game) as Record<string, unknown>) };
        const ids = Object.keys(raw).filter((key) => key.endsWith('Id'));
        if (ids.length === 0) continue;
        for (const key of ids) raw[key] = id;
        const decision = game.run(game.idOf('owner'), {
          name,
          payload: COMMANDS[name].parse(raw),
        } as Command);
        // Asking the narrator has ids that may be left out.
        expect([name, id, decision.ok]).toEqual([name, id, false]);
        game.check();
      }
    }
  });

  it('T9: any series of commands keeps the rules of the session', () => {
    const roles = fc.array(fc.constantFrom<Role>('gm', 'writer', 'writer', 'spectator'), { maxLength: 4 });
    const modes = fc.constantFrom('free' as const, 'ordered' as const, 'round' as const, 'gm-calls' as const);
    const step = fc.record({
      who: fc.nat(4),
      name: fc.constantFrom(...NAMES),
      pick: fc.nat(9),
      other: fc.nat(4),
      text: fc.constantFrom('', ' ', 'words', 'x'.repeat(30)),
      role: fc.constantFrom('gm', 'writer', 'spectator'),
      mode: modes,
      flag: fc.boolean(),
      absent: fc.subarray([0, 1, 2, 3, 4], { maxLength: 2 }),
    });
    fc.assert(
      fc.property(roles, modes, fc.array(step, { maxLength: 40 }), (others, mode, steps) => {
        const game = new Game(['owner', ...others], mode);
        const players = Object.keys(game.state.players);
        for (const { who, name, pick, other, text, role, flag, absent, mode: newMode } of steps) {
          game.now += 1_000;
          game.present.clear();
          players.forEach((id, at) => (absent.includes(at) ? undefined : game.present.add(id)));
          const playerId = nth(players, who)!;
          if (game.state.players[playerId]!.isGone) continue;
          const passage = nth(game.story.passages(), pick);
          const payload = COMMANDS[name].safeParse({
            draftId: nth(Object.keys(game.state.drafts), pick) ?? 'none',
            passageId: passage?.id ?? 'none',
            alternativeId: passage === undefined ? 'none' : nth(passage.alternatives, other)?.id,
            playerId: nth(players, other),
            castId: nth(game.state.cast, pick)?.id ?? (name === 'narrator:ask' ? undefined : 'none'),
            turnId: nth(game.state.narratorTurns, pick)?.turnId ?? 'none',
            order: [nth(players, other), 'nobody'],
            mode: name === 'narrator:mode' ? nth(NARRATOR_MODES, pick) : newMode,
            isReadOnly: flag,
            minutes: flag ? null : 5,
            seconds: flag ? null : 5,
            lines: flag ? [] : ['spiders'],
            veils: [],
            signal: nth(SIGNALS, pick),
            requestId: nth(game.state.safety.requests, pick)?.id ?? 'none',
            holdId: nth(game.state.safety.holds, pick)?.id ?? 'none',
            reportId: nth(game.state.safety.reports, pick)?.id ?? 'none',
            decision: nth(['approve', 'reject', 'revise'], other),
            note: flag ? 'Why' : '',
            about: { kind: 'player', id: nth(players, other) },
            reason: 'other',
            title: 'Dusk',
            branchId: nth(game.story.branches(), pick)?.id ?? 'none',
            scope: scopeFor(game, { pick, playerId: nth(players, other)!, passageId: passage?.id ?? 'none' }),
            choices: passage === undefined ? {} : { [passage.id]: nth(['keep', 'go', 'ask'], pick) },
            timing: nth([null, 'now', 'turn', 'scene', 'branch'], other + pick),
            isSafety: flag,
            answer: flag ? 'keep' : 'go',
            itemId: nth(game.story.memory(), pick)?.id ?? 'none',
            isPinned: flag,
            passageIds: passage === undefined ? [] : [passage.id],
            talkIds: [],
            issue: nth(['stalled', 'dominated'], pick),
            threadId: nth(game.state.monitor.threads, pick)?.id ?? 'found:Mia',
            status: nth(['open', 'resolved', 'paused'], other),
            asNarrator: flag,
            text: 'Talk',
            name: `N${other}`,
            description: '',
            isMine: flag,
            mayBeVoiced: flag,
            role,
          });
          if (!payload.success) throw payload.error;
          const decision = game.run(playerId, { name, payload: payload.data } as Command);
          if (decision.ok) {
            for (const event of decision.events)
              for (const id of mentioned(event)) expect(players).toContain(id);
            const { draftId } = decision.value as { draftId?: string };
            if (draftId !== undefined && text !== '')
              game.texts.get(draftId)?.push({ author: playerId, text });
          }
          game.check();
        }
      }),
      { numRuns: 150 },
    );
  });
});
