import { CommandGate } from './command-gate.ts';
import type { Accepted, DecideContext } from './commands/decision.ts';
import { resolve as resolveRound } from './commands/turn-commands.ts';
import { refuse, type Refusal } from './errors.ts';
import type { PastStory } from './history-ports.ts';
import type { RollbackScope } from './history-view.ts';
import type { SessionKernel } from './kernel.ts';
import type { NarratorTurns } from './narrator-turns.ts';
import type { Flag, Narrator } from './ports.ts';
import type { Command } from './protocol.ts';
import { can } from './roles.ts';
import { activePlayer, entryOf, type Player, type SessionState } from './state.ts';
import type { Decide, JudgedText } from './text-gate.ts';
import type { TextScreen } from './text-screen.ts';
import { roundStatus, type Presence } from './turns.ts';
import type { Notice } from './view.ts';

/** Answer to a command, once it is durable. */
export type CommandAnswer = { ok: true; value: Record<string, unknown> } | Refusal;

/** What came of a command in memory; its answer follows once that is durable. */
interface CarriedOut {
  answer: CommandAnswer | Promise<CommandAnswer>;
}

/** S1, S2: these name nobody. */
function isAnonymous({ name, payload }: Command): boolean {
  if (name === 'safety:x-card') return true;
  return name === 'safety:signal' && !/^(resume|open-door|back)$/.test(payload.signal);
}

const TAKEN_BACK = 'Its passage was taken back meanwhile. Your words are kept in a draft of your own.';

/** K7: a rollback has taken the passage of a draft since it was to be committed: nobody has put it anywhere else yet. */
function keptSince({ name, payload }: Command, asOf: SessionState, now: SessionState): boolean {
  if (name !== 'draft:commit') return false;
  const draft = entryOf(now.drafts, payload.draftId);
  return draft !== undefined && entryOf(asOf.drafts, draft.id)?.keptFrom !== draft.keptFrom;
}

export interface CommandParts {
  narrator: Narrator;
  narratorTurns: NarratorTurns;
  screen: TextScreen;
  /** At the table, and not out by the open door. */
  isHere: Presence;
  flags: () => ReadonlySet<Flag>;
  /** Why nothing is taken in now; null: it is. */
  closedBy: () => Refusal | null;
  notify: (notice: Notice) => void;
  /** Who typed in the last seconds: player id -> draft id. */
  typing: ReadonlyMap<string, string>;
  /** The story as it was, for the rollbacks that need it. */
  pastFor: (scope: RollbackScope) => Promise<PastStory | null>;
}

/**
 * The way of a command: what others will see of it is judged (H1), it is decided together with the judgement, what
 * follows is applied in memory, and its sender is answered once that is durable.
 */
export class SessionCommands {
  private readonly kernel: SessionKernel;
  private readonly parts: CommandParts;
  private readonly gate: CommandGate;
  /** What a player's rollback goes back to, while it is decided. */
  private readonly pasts = new Map<string, PastStory>();

  constructor(kernel: SessionKernel, parts: CommandParts) {
    this.kernel = kernel;
    this.parts = parts;
    this.gate = new CommandGate(parts.screen, (player) => this.contextFor(player));
  }

  /** K2: what a rollback goes back to is read before it is decided, as texts are judged before. */
  private async carryOutWithPast(
    player: Player,
    command: Command,
    scope: RollbackScope,
  ): Promise<CarriedOut> {
    // Reading the past is work: not for who may not ask for it.
    if (!can(player.role, 'direct-story')) return { answer: refuse('ROLE_FORBIDS') };
    const past = await this.parts.pastFor(scope);
    const still = activePlayer(this.kernel.state, player.id);
    if (still === null) return { answer: refuse('PLAYER_REMOVED') };
    if (past !== null) this.pasts.set(player.id, past);
    try {
      const closed = this.parts.closedBy();
      if (closed !== null) return { answer: closed };
      const kind = this.gate.look(still, command);
      if (kind === 'text') return await this.judgeAndCarryOut(still, command);
      return kind === 'plain' ? this.carryOut(still, command, []) : { answer: kind };
    } finally {
      this.pasts.delete(player.id);
    }
  }

  /** Executes a command for a player; resolves when what followed is durable, or with the refusal. */
  async execute(playerId: string, command: Command): Promise<CommandAnswer> {
    const player = activePlayer(this.kernel.state, playerId);
    if (player === null) return refuse('PLAYER_REMOVED');
    const closed = this.parts.closedBy();
    if (closed !== null) return closed;
    if (command.name === 'rollback:preview' || command.name === 'rollback:execute') {
      const { scope } = command.payload;
      return (await this.gate.inTurn(playerId, () => this.carryOutWithPast(player, command, scope))).answer;
    }
    const kind = this.gate.look(player, command);
    if (kind === 'plain') return this.carryOut(player, command, []).answer;
    if (kind !== 'text') return kind;
    // Only the judgement and what follows at once is waited for by the player's next text, not the disk.
    const asOf = this.kernel.state;
    const done = await this.gate.inTurn(playerId, () => this.judgeAndCarryOut(player, command, asOf));
    return done.answer;
  }

  private async judgeAndCarryOut(
    player: Player,
    command: Command,
    asOf = this.kernel.state,
  ): Promise<CarriedOut> {
    const judged = await this.gate.judge(player, command);
    const still = activePlayer(this.kernel.state, player.id);
    if (still === null) return { answer: refuse('PLAYER_REMOVED') };
    if (keptSince(command, asOf, this.kernel.state)) return { answer: refuse('PASSAGE_BUSY', TAKEN_BACK) };
    const closed = this.parts.closedBy();
    return closed === null ? this.carryOut(still, command, judged) : { answer: closed };
  }

  private carryOut(player: Player, command: Command, judged: readonly JudgedText[]): CarriedOut {
    const { decision, refusal } = this.gate.decide(player, command, judged);
    if (!decision.ok) return { answer: decision };
    // S1: nothing tells who asked, in the journal neither.
    this.kernel.apply(decision, isAnonymous(command) ? null : player.id);
    const queued = this.enqueueNarrator(decision);
    if (!queued.ok) return { answer: queued };
    if (command.name === 'narrator:stop') this.parts.narrator.stop(command.payload.turnId);
    const isResumed = command.name === 'safety:signal' && command.payload.signal === 'resume';
    if ((command.name === 'turn:submit' || isResumed) && refusal === null)
      void this.resolveIfComplete(player.id);
    const value = refusal ?? { ok: true as const, value: decision.value };
    return { answer: this.kernel.journal.durable<CommandAnswer>(value) };
  }

  /** What a handler may look at when it decides for a player now. */
  contextFor(player: Player): DecideContext {
    return this.kernel.decideContext(player, {
      isPresent: this.parts.isHere,
      floor: this.parts.screen.floor,
      flags: this.parts.flags(),
      typing: this.parts.typing,
      past: this.pasts.get(player.id) ?? null,
    });
  }

  /** The turn is in the state before the narrator hears of it; a refusal takes it out again, unseen. */
  private enqueueNarrator(decision: Accepted): { ok: true } | Refusal {
    const asked = decision.events.find((event) => event.type === 'narrator-asked');
    if (asked === undefined) return { ok: true };
    const queued = this.parts.narratorTurns.enqueue(asked.turn);
    if (!queued.ok) this.parts.narratorTurns.withdraw(asked.turn.turnId);
    return queued;
  }

  /** T4: the last of those present has submitted. */
  private async resolveIfComplete(playerId: string): Promise<void> {
    const { state } = this.kernel;
    if (state.turn.mode !== 'round' || roundStatus(state, this.parts.isHere).waitingFor.length > 0) return;
    const { round } = state.turn;
    // S2: in a paused game it waits until a game master goes on.
    const isWanted = () => {
      const { turn, safety } = this.kernel.state;
      return turn.round === round && turn.mode === 'round' && !safety.isPaused;
    };
    if (!isWanted()) return;
    const command = { name: 'turn:resolve', payload: {} } as const;
    // Not the last writer's command but the table's: their role does not matter.
    if (!(await this.carryOutAlone(playerId, command, { isWanted, decide: resolveRound }))) return;
    if (this.kernel.state.turn.round !== round)
      this.parts.notify({
        kind: 'round-resolved',
        text: 'Everybody has submitted: the round is in the story.',
      });
  }

  /** W6: a live draft has rested long enough to go into the story by itself. */
  commitRested(draftId: string): void {
    const opener = this.kernel.state.drafts[draftId]?.openedBy ?? '';
    void this.carryOutAlone(opener, { name: 'draft:commit', payload: { draftId } }, {});
  }

  /** Decides what nobody has just commanded, after its texts have been judged; true when it was done. */
  private async carryOutAlone(
    playerId: string,
    command: Command,
    of: { isWanted?: () => boolean; decide?: Decide },
  ): Promise<boolean> {
    const player = activePlayer(this.kernel.state, playerId);
    if (player === null || this.parts.closedBy() !== null) return false;
    const judged = await this.gate.judge(player, command);
    const still = activePlayer(this.kernel.state, playerId);
    if (still === null || this.parts.closedBy() !== null || of.isWanted?.() === false) return false;
    const { decision } = this.gate.decide(still, command, judged, of.decide);
    if (!decision.ok) return false;
    this.kernel.apply(decision, command.name === 'turn:resolve' ? null : playerId);
    return true;
  }
}
