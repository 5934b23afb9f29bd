import type { SessionEvent } from './events.ts';
import type { SessionKernel } from './kernel.ts';
import type { LabelledRow, ModerationLog, ReviewEntry } from './moderator.ts';
import { isWaiting } from './safety-events.ts';
import type { Hold, TableRequest } from './safety-state.ts';
import { NARRATOR, spansText } from './story-shape.ts';
import type { Notice } from './view.ts';

export interface EffectHooks {
  log: ModerationLog;
  /** Everybody, one player, all game masters: once it is durable. */
  notify: (notice: Notice) => void;
  tellPlayer: (playerId: string, notice: Notice) => void;
  tellMasters: (notice: Notice) => void;
  /** Ends every narrator turn; `now`: nothing more of it reaches the story. */
  silence: (isAtOnce: boolean) => void;
}

const REQUESTED: Record<TableRequest['kind'], string> = {
  'x-card': 'Somebody has used the X-card. What it was about is out of sight; the scene moves on.',
  'rewind': 'Somebody would like to rewind. A game master decides how far.',
  'fast-forward': 'Somebody would like to skip ahead. The narrator will end the scene with its next passage.',
  'pause': 'The game is paused. Take the time you need.',
};

const HELD: Partial<Record<Hold['state'], Notice['kind']>> = {
  open: 'text-held',
  masked: 'text-masked',
  refused: 'text-refused',
};

const DECIDED: Partial<Record<Hold['state'], string>> = {
  approved: 'A game master has let your text through.',
  rejected: 'A game master has not taken your text.',
  revision: 'A game master asks you to revise your text.',
};

/** What follows from the safety events of a session beyond its state: who is told, what is silenced, what is logged. */
export class SafetyEffects {
  private readonly kernel: SessionKernel;
  private readonly hooks: EffectHooks;
  /** Who has stepped out, as was told. */
  private readonly away: Set<string>;

  constructor(kernel: SessionKernel, hooks: EffectHooks) {
    this.kernel = kernel;
    this.hooks = hooks;
    const standings = Object.entries(kernel.state.safety.standings);
    this.away = new Set(standings.filter(([, { isAway }]) => isAway).map(([playerId]) => playerId));
    kernel.onEvent((event) => this.follow(event));
  }

  private follow(event: SessionEvent): void {
    switch (event.type) {
      case 'text-held':
        return this.held(event.hold);
      case 'hold-appealed':
        return this.hooks.tellMasters({
          kind: 'review-needed',
          text: 'Somebody appeals against a decision.',
        });
      case 'hold-decided':
        return this.decided(event);
      case 'hold-undone':
        return this.reviewed(event.holdId, {
          review: 'undone',
          reviewer: event.by,
          at: event.at,
          isOverturn: false,
        });
      case 'report-closed':
        return this.reported(event);
      case 'table-requested':
        return this.requested(event.request);
      case 'report-filed':
        return this.hooks.tellMasters({ kind: 'review-needed', text: 'Somebody has reported something.' });
      case 'game-resumed':
        return this.hooks.notify({ kind: 'game-resumed', text: 'The game goes on.' });
      case 'standing-changed':
        return this.stood(event);
      default:
    }
  }

  /** Whoever steps out is told of once, whatever else changes about them meanwhile. */
  private stood({ playerId, standing }: Extract<SessionEvent, { type: 'standing-changed' }>): void {
    const wasAway = this.away.has(playerId);
    if (standing.isAway) this.away.add(playerId);
    else this.away.delete(playerId);
    const name = this.kernel.state.players[playerId]?.name;
    if (wasAway || !standing.isAway || name === undefined) return;
    this.hooks.notify({ kind: 'player-away', text: `${name} has stepped out.` });
  }

  /** What a report was right about is a fault found after delivery. */
  private reported({ reportId, by, at, isUpheld }: Extract<SessionEvent, { type: 'report-closed' }>): void {
    if (!isUpheld) return;
    const sessionId = this.kernel.state.id;
    const of = { at, sessionId, holdId: reportId, reviewer: by, harm: null, isOverturn: false, waitedMs: 0 };
    this.hooks.log.reviewed({ ...of, review: 'upheld' });
  }

  private held(hold: Hold): void {
    const kind = HELD[hold.state];
    if (hold.by !== NARRATOR && hold.kind !== 'hidden' && kind !== undefined)
      this.hooks.tellPlayer(hold.by, { kind, text: hold.why?.reason ?? '' });
    if (isWaiting(hold)) this.hooks.tellMasters({ kind: 'review-needed', text: 'A text waits for you.' });
  }

  private requested({ kind }: TableRequest): void {
    if (kind === 'x-card') this.hooks.silence(true);
    if (kind === 'pause') this.hooks.silence(false);
    this.hooks.notify({ kind: kind === 'pause' ? 'game-paused' : 'table-request', text: REQUESTED[kind] });
  }

  private decided(event: Extract<SessionEvent, { type: 'hold-decided' }>): void {
    const hold = this.find(event.holdId);
    if (hold === undefined) return;
    const { by: reviewer, at, isOverturn } = event;
    const review = event.isEdited ? 'edited' : event.state;
    this.reviewed(hold.id, { review, reviewer, at, isOverturn });
    this.label(hold, event.state !== 'approved', at);
    if (hold.by === NARRATOR || hold.kind === 'hidden') return;
    const words = DECIDED[event.state] ?? '';
    const text = event.note === '' ? words : `${words} They say: ${event.note}`;
    this.hooks.tellPlayer(hold.by, { kind: 'text-decided', text });
  }

  private find(holdId: string): Hold | undefined {
    return this.kernel.state.safety.holds.find(({ id }) => id === holdId);
  }

  private reviewed(holdId: string, of: Pick<ReviewEntry, 'review' | 'reviewer' | 'at' | 'isOverturn'>): void {
    const hold = this.find(holdId);
    if (hold === undefined) return;
    this.hooks.log.reviewed({
      ...of,
      holdId,
      sessionId: this.kernel.state.id,
      harm: hold.why?.harm ?? null,
      waitedMs: of.at - hold.at,
    });
  }

  /** A game master's verdict is worth a labelled row, if the table agreed to that. */
  private label(hold: Hold, isHarmful: boolean, at: number): void {
    const { why } = hold;
    const text = spansText(hold.texts[0]?.spans ?? []);
    if (why === null || text === '' || !this.kernel.state.safety.agreement.mayLearn) return;
    const row: LabelledRow = {
      at,
      sessionId: this.kernel.state.id,
      text,
      channel: hold.channel,
      rating: this.kernel.state.settings.rating,
      harm: why.harm,
      isHarmful,
      policyHash: why.policyHash,
      modelVersion: why.modelVersion,
    };
    this.hooks.log.labelled(row);
  }
}
