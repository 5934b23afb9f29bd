import { AppError, refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import type { GenerationFact, TurnTiming } from './facts.ts';
import type { GenerationLog } from './history-ports.ts';
import type { Rollback } from './history-state.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import type { SessionObserver } from './peers.ts';
import type { Narrator, NarratorDesk, NarratorOutcome, StoryContext } from './ports.ts';
import type { NarratorScreen } from './narrator-screen.ts';
import type { NarratorTurnState } from './state.ts';
import { storyContext, turnFingerprint } from './story-context.ts';
import { keptSight, type PromptSources } from './kept-sight.ts';
import type { NarratorSight } from './sight.ts';
import { NARRATOR, spansText, type AlternativeInfo } from './story-shape.ts';
import { cleanText } from './text.ts';
import type { Notice } from './view.ts';

/** Shown when a turn is found waiting after a second restart. */
const GIVEN_UP =
  'The server has restarted twice while a request to the narrator waited. It was given up: ask again.';

/**
 * The session's side of narrator turns: hands them to the narrator, writes what it releases into the story,
 * and makes sure that each turn ends exactly once, also after a crash.
 */
export class NarratorTurns implements NarratorDesk {
  private readonly kernel: SessionKernel;
  private readonly narrator: Narrator;
  private readonly observer: SessionObserver;
  private readonly notify: (notice: Notice) => void;
  private readonly screen: NarratorScreen;
  private readonly isSafe: () => boolean;
  private readonly generations: Pick<GenerationLog, 'save'>;
  private readonly onGenerated: (generation: GenerationFact, passageId: string | null) => void;
  /** Turn id -> what the narrator told of it, until its end is recorded. */
  private readonly outcomes = new Map<string, Partial<NarratorOutcome>>();
  /** Turn id -> when it got its place on the engine, and what it was told from there. */
  private readonly started = new Map<string, PromptSources>();
  /** Turn id -> the branch that it was told of, and so the one that its passage belongs to (B3). */
  private readonly branches = new Map<string, string>();

  constructor(
    kernel: SessionKernel,
    narrator: Narrator,
    hooks: {
      observer: SessionObserver;
      notify: (notice: Notice) => void;
      screen: NarratorScreen;
      /** The operator wants prepared passages only. */
      isSafe: () => boolean;
      generations: Pick<GenerationLog, 'save'>;
      /** How a turn went, just before its end is recorded; the passage it wrote into, null: none. */
      onGenerated: (generation: GenerationFact, passageId: string | null) => void;
    },
  ) {
    this.kernel = kernel;
    this.narrator = narrator;
    this.observer = hooks.observer;
    this.notify = hooks.notify;
    this.screen = hooks.screen;
    this.isSafe = hooks.isSafe;
    this.generations = hooks.generations;
    this.onGenerated = hooks.onGenerated;
    kernel.onEvent((event) => this.follow(event));
  }

  /** Puts a decided turn into the narrator's queue, or says why it cannot be. */
  enqueue(turn: NarratorTurnState): { ok: true } | Refusal {
    return this.narrator.ask(
      {
        turnId: turn.turnId,
        workClass: 'narrator',
        sessionId: this.kernel.state.id,
        tenantId: this.kernel.state.tenantId,
        playerId: turn.askedBy,
        maxTokens: turn.maxTokens,
        fingerprint: turnFingerprint(this.kernel, turn),
      },
      this,
    );
  }

  /** Takes back a turn that the queue refused. */
  withdraw(turnId: string): void {
    this.end(turnId, 'cancelled', []);
  }

  /** N12: takes back the turns of a player that have not begun. */
  takeBackOf(playerId: string): void {
    this.takeBack((turn) => turn.askedBy === playerId);
  }

  /** S1, S2: ends every turn; `isAtOnce`: not even the sentence that is being screened is shown any more. */
  silence(isAtOnce: boolean): void {
    for (const { turnId } of this.kernel.state.narratorTurns) {
      if (isAtOnce) this.screen.silence(turnId);
      this.narrator.stop(turnId);
    }
  }

  private takeBack(isMeant: (turn: NarratorTurnState) => boolean): void {
    for (const turn of this.kernel.state.narratorTurns) {
      if (turn.state === 'queued' && isMeant(turn)) this.narrator.stop(turn.turnId);
    }
  }

  private follow(event: SessionEvent): void {
    if (event.type === 'player-removed') return this.takeBackOf(event.playerId);
    // N14: what was to get another alternative is no longer there for it.
    if (event.type === 'passage-struck') this.takeBack((turn) => turn.passageId === event.passageId);
    if (event.type === 'rolled-back' && event.rollback.timing !== 'branch')
      return this.rolledBack(event.rollback);
    // K11: its author let it go.
    if (event.type === 'rollback-answered' && event.answer === 'go')
      return this.rolledBack({ struck: [event.passageId] });
    if (event.type === 'branch-switched') return this.stopRunning();
    if (event.type === 'purge-begun') {
      const gone = new Set<string | null>(event.purge.passageIds);
      return this.silenceThose(({ passageId }) => gone.has(passageId));
    }
    if (event.type !== 'draft-opened' || event.draft.replaces === null) return;
    const { replaces } = event.draft;
    this.takeBack((turn) => turn.passageId === replaces);
  }

  /** K6: what is being written was told what has just gone; not a word more of it is shown. */
  private rolledBack({ struck }: Pick<Rollback, 'struck'>): void {
    this.silenceThose(({ state }) => state === 'generating');
    const gone = new Set<string | null>(struck);
    this.takeBack((turn) => gone.has(turn.passageId));
  }

  /** Ends turns, without the sentence that is being screened. */
  private silenceThose(isMeant: (turn: NarratorTurnState) => boolean): void {
    for (const turn of this.kernel.state.narratorTurns.filter(isMeant)) {
      this.screen.silence(turn.turnId);
      this.narrator.stop(turn.turnId);
    }
  }

  /** B4: turns that write now end with what they have. */
  private stopRunning(): void {
    for (const { turnId, state } of this.kernel.state.narratorTurns)
      if (state === 'generating') this.narrator.stop(turnId);
  }

  /** N6: after a restart, turns that wait are queued once more; a turn that was writing ends with what it has. */
  resume(): void {
    for (const turn of this.kernel.state.narratorTurns) {
      if (this.writtenText(turn) !== '' || this.isHidden(turn)) {
        this.finish(turn, { finish: 'broken', model: '' }, []);
        continue;
      }
      const queued = this.requeue(turn);
      if (!queued.ok) this.fail(turn.turnId, queued);
    }
  }

  /** S1, G1: its passage was put out of sight or purged; nothing more is written into it. */
  private isHidden({ passageId }: NarratorTurnState): boolean {
    const passage = passageId === null ? null : this.kernel.story.passage(passageId);
    return passage?.state === 'held' || passage?.isPurged === true;
  }

  /** N13: once; what keeps the server from staying up is not tried for ever. */
  private requeue(turn: NarratorTurnState): { ok: true } | Refusal {
    // A turn that is still running for the lost session cannot be given another desk.
    if (this.narrator.place(turn.turnId) !== null) return refuse('NARRATOR_FAILED');
    if (turn.isResumed) return refuse('NARRATOR_FAILED', GIVEN_UP);
    this.kernel.record({ type: 'narrator-resumed', turnId: turn.turnId }, null);
    return this.enqueue(turn);
  }

  /** The session is lost with a failed store: gives up its turns, which will be resumed by its successor. */
  abandon(): void {
    for (const turn of this.kernel.state.narratorTurns) this.narrator.stop(turn.turnId);
  }

  start(turnId: string): StoryContext | null {
    const turn = this.find(turnId);
    if (turn === null) return null;
    const at = this.started.get(turnId)?.at ?? this.kernel.clock.now();
    this.started.set(turnId, { at, memory: this.memorySources() });
    this.branches.set(turnId, this.kernel.story.branchId());
    if (turn.state === 'queued') {
      this.kernel.record({ type: 'narrator-started', turnId }, null);
      this.observer.turnWaited(Math.max(0, this.kernel.clock.now() - turn.askedAt) / 1_000);
    }
    return {
      ...storyContext(this.kernel, turn, this.writtenText(turn)),
      guidance: this.screen.guidanceFor(turnId),
      isSafe: this.isSafe(),
    };
  }

  async write(turnId: string, text: string): Promise<void> {
    const turn = this.find(turnId);
    const clean = cleanText(text);
    if (turn === null || clean === '') return;
    const fate = await this.screen.judge(turn, clean, this.writtenText(turn));
    if (fate.kind === 'unsafe') throw new AppError('NARRATOR_UNSAFE');
    if (fate.kind === 'show') await this.append(turnId, fate.text);
  }

  private append(turnId: string, clean: string): Promise<void> {
    const turn = this.find(turnId);
    if (turn === null) return Promise.resolve();
    const { passageId, alternativeId } = turn.alternativeId === null ? this.begin(turn) : turn;
    if (passageId !== null && alternativeId !== null) {
      const span = { author: NARRATOR, text: clean };
      this.kernel.changeStory([{ op: 'append', passageId, alternativeId, span }]);
    }
    return new Promise((resolve, reject) => {
      this.kernel.journal.whenDurable(resolve, ({ code }) => reject(new AppError(code)));
    });
  }

  complete(turnId: string, outcome: NarratorOutcome): void {
    const turn = this.find(turnId);
    if (turn === null) return;
    this.outcomes.set(turnId, outcome);
    const version = outcome.sight === null ? {} : { version: outcome.sight.version };
    const info = { finish: outcome.finish, model: outcome.model, ...version };
    const sources = this.started.get(turnId) ?? { at: turn.askedAt, memory: this.memorySources() };
    this.keepSight(this.finish(turn, info, outcome.droppedPassageIds), outcome.sight, sources);
    if (turn.maxTokens !== null && outcome.clippedTo !== null) {
      const text = `The narrator may write ${outcome.clippedTo} tokens at most; the request was shortened to that.`;
      this.notify({ kind: 'narrator-clipped', text });
    }
    if (turn.alternativeId === null && outcome.finish !== 'stopped' && !this.isHeld(turnId)) {
      this.notify({
        kind: 'narrator-failed',
        text: 'The narrator had nothing to add. Ask again or give a direction.',
      });
    }
  }

  /** E5: what it was given is kept with the alternative that came of it. */
  private keepSight(turn: NarratorTurnState, sight: NarratorSight | null, sources: PromptSources): void {
    const { turnId, passageId, alternativeId, askedAt } = turn;
    if (sight === null || passageId === null || alternativeId === null) return;
    const kept = keptSight(this.kernel, sight, { passageId, sources });
    if (kept === null) return;
    const told = new Set(sight.parts.map(({ id }) => id));
    const memorySources = Object.fromEntries(Object.entries(sources.memory).filter(([id]) => told.has(id)));
    const waitMs = Math.max(0, sources.at - askedAt);
    const at = this.kernel.clock.now();
    const place = { turnId, passageId, alternativeId };
    this.generations.save(this.kernel.state.id, { ...kept, ...place, at, waitMs, memorySources });
  }

  /** The passages that memory items tell of. */
  private memorySources(): Record<string, string[]> {
    const items = this.kernel.story.memory();
    return Object.fromEntries(
      items.map(({ id, sources }) => [id, sources.map(({ passageId }) => passageId)]),
    );
  }

  fail(turnId: string, refusal: Refusal, timing?: TurnTiming): void {
    const turn = this.find(turnId);
    if (turn === null) return;
    if (timing !== undefined) this.outcomes.set(turnId, { timing });
    const isHeld = this.hold(turn);
    // What waits has got its place just now.
    const current = this.find(turnId) ?? turn;
    if (current.alternativeId !== null) this.endAlternative(current, { finish: 'broken', model: '' });
    this.end(turnId, isHeld ? 'committed' : 'failed', []);
    if (isHeld) return;
    this.notify({ kind: 'narrator-failed', text: refusal.detail ?? refusal.message });
  }

  private find(turnId: string): NarratorTurnState | null {
    return this.kernel.state.narratorTurns.find((turn) => turn.turnId === turnId) ?? null;
  }

  private writtenText(turn: NarratorTurnState): string {
    if (turn.passageId === null || turn.alternativeId === null) return '';
    const alternatives = this.kernel.story.passage(turn.passageId)?.alternatives ?? [];
    return spansText(alternatives.find((alternative) => alternative.id === turn.alternativeId)?.spans ?? []);
  }

  private infoOf(turn: NarratorTurnState): AlternativeInfo {
    return {
      ...(turn.direction === null ? {} : { direction: turn.direction }),
      ...(turn.castId === null ? {} : { castId: turn.castId }),
    };
  }

  /** The first sentence is there: the passage, or another alternative of it, appears in the story. */
  private begin(turn: NarratorTurnState): { passageId: string; alternativeId: string } {
    const passageId = turn.passageId ?? this.kernel.newId();
    const alternativeId = this.kernel.newId();
    const at = this.kernel.clock.now();
    const meta = {
      kind: 'narrator' as const,
      by: NARRATOR,
      turnId: turn.turnId,
      castId: turn.castId,
      createdAt: at,
      branchId: this.branches.get(turn.turnId) ?? this.kernel.story.branchId(),
    };
    this.kernel.changeStory([{ op: 'begin', passageId, alternativeId, meta, info: this.infoOf(turn), at }]);
    this.kernel.record(
      { type: 'narrator-began-passage', turnId: turn.turnId, passageId, alternativeId },
      null,
    );
    return { passageId, alternativeId };
  }

  /** The turn as it ended, with the place it has got. */
  private finish(
    turn: NarratorTurnState,
    info: AlternativeInfo,
    droppedPassageIds: string[],
  ): NarratorTurnState {
    this.hold(turn);
    const current = this.find(turn.turnId) ?? turn;
    if (current.alternativeId === null) {
      this.end(turn.turnId, info.finish === 'stopped' ? 'cancelled' : 'empty', droppedPassageIds);
      return current;
    }
    this.endAlternative(current, info);
    this.observer.passageCommitted('narrator');
    this.end(turn.turnId, 'committed', droppedPassageIds);
    return current;
  }

  /** S8, H8: what waits for a game master gets its place in the story, empty; true when anything does. */
  private hold(turn: NarratorTurnState): boolean {
    const hold = this.screen.heldOf(turn);
    if (hold === null) return false;
    if (hold.kind === 'whisper' || hold.isReplacement) {
      this.kernel.record({ type: 'text-held', hold }, null);
      return true;
    }
    const place = this.begin(turn);
    this.kernel.changeStory([{ op: 'mark', passageId: place.passageId, state: 'held' }]);
    const texts = hold.texts.map(({ spans }) => ({ alternativeId: place.alternativeId, spans }));
    const placed = { ...hold, passageId: place.passageId, texts };
    this.kernel.record({ type: 'text-held', hold: placed }, null);
    return true;
  }

  private isHeld(turnId: string): boolean {
    return this.kernel.state.safety.holds.some((hold) => hold.turnId === turnId && hold.by === NARRATOR);
  }

  private endAlternative(turn: NarratorTurnState, info: AlternativeInfo): void {
    const { passageId, alternativeId } = turn;
    if (passageId === null || alternativeId === null) return;
    const { holds } = this.kernel.state.safety;
    const isCarded = holds.some((hold) => hold.kind === 'hidden' && hold.passageId === passageId);
    const isPurged = this.kernel.story.passage(passageId)?.isPurged === true;
    const told = isPurged || (isCarded && this.isHidden(turn)) ? {} : this.infoOf(turn);
    this.kernel.changeStory([{ op: 'end', passageId, alternativeId, info: { ...told, ...info } }]);
  }

  private tellGenerated(turnId: string, outcome: GenerationFact['outcome']): void {
    const turn = this.find(turnId);
    if (turn === null) return;
    const told = this.outcomes.get(turnId) ?? {};
    this.outcomes.delete(turnId);
    const { parts: _texts, ...sight } = told.sight ?? { parts: [] };
    const generation = {
      turnId,
      askedBy: turn.askedBy,
      outcome,
      finish: told.finish ?? null,
      sight: told.sight == null ? null : (sight as GenerationFact['sight']),
      promptHash: told.promptHash ?? null,
      reusedTokens: told.reusedTokens ?? 0,
      timing: told.timing ?? this.waited(turn),
    };
    this.onGenerated(generation, turn.alternativeId === null ? null : turn.passageId);
  }

  /** Of a turn that never got to the engine, or was lost with it, only the wait is known. */
  private waited({ turnId, askedAt }: NarratorTurnState): TurnTiming {
    const now = this.kernel.clock.now();
    const queueMs = Math.max(0, (this.started.get(turnId)?.at ?? now) - askedAt);
    const postMs = Math.max(0, now - askedAt - queueMs);
    return { queueMs, prefillMs: 0, decodeMs: 0, postMs, totalMs: queueMs + postMs };
  }

  private end(
    turnId: string,
    outcome: 'committed' | 'empty' | 'failed' | 'cancelled',
    droppedPassageIds: string[],
  ): void {
    this.tellGenerated(turnId, outcome);
    this.kernel.record(
      {
        type: 'narrator-ended',
        turnId,
        outcome,
        droppedCount: droppedPassageIds.length,
        droppedPassageIds: droppedPassageIds.slice(-LIMITS.droppedIds),
      },
      null,
    );
    this.started.delete(turnId);
    this.branches.delete(turnId);
    this.screen.forget(turnId);
    this.observer.turnEnded(outcome);
  }
}
