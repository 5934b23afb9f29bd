import { refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import type { Purge } from './history-state.ts';
import type { SessionKernel } from './kernel.ts';
import type { SessionObserver } from './peers.ts';
import type { SessionDocuments } from './session-documents.ts';
import type { SessionPeople } from './session-people.ts';
import type { SessionTimers } from './session-timers.ts';
import { CLOSE } from './wire-constants.ts';

export interface EffectParts {
  people: SessionPeople;
  documents: SessionDocuments;
  timers: SessionTimers;
  observer: SessionObserver;
  onPurge: (purge: Purge) => void;
}

/** What events do outside of the state: connections that close, people who are told, timers that start. */
export class SessionEffects {
  private readonly kernel: SessionKernel;
  private readonly parts: EffectParts;

  constructor(kernel: SessionKernel, parts: EffectParts) {
    this.kernel = kernel;
    this.parts = parts;
    kernel.onEvent((event) => this.follow(event));
  }

  /** What has to happen outside the state once an event is durable. */
  private follow(event: SessionEvent): void {
    const { journal } = this.kernel;
    if (event.type === 'talk-said') {
      return journal.whenDurable(() => this.parts.people.broadcast('talk:said', event.line));
    }
    if (event.type === 'player-removed')
      return this.closePlayer(event.playerId, CLOSE.forbidden, refuse('PLAYER_REMOVED'));
    if (event.type === 'player-kicked') {
      return this.closePlayer(event.playerId, CLOSE.forbidden, refuse('PLAYER_KICKED'));
    }
    if (event.type === 'player-recovered') {
      return this.closePlayer(
        event.playerId,
        CLOSE.rejoin,
        refuse('TICKET_INVALID', 'You moved to another browser.'),
      );
    }
    if (event.type === 'player-role-changed') {
      return this.closePlayer(
        event.playerId,
        CLOSE.rejoin,
        refuse('TICKET_INVALID', 'Your role has changed.'),
      );
    }
    if (event.type === 'passage-committed') {
      if (!event.isHeld) this.parts.observer.passageCommitted('player');
      this.parts.observer.turnEnded('committed');
    }
    if (/^draft-(?:shielded|carded|detached)$/.test(event.type)) this.parts.documents.enforceAccess();
    if (event.type === 'purge-begun') {
      journal.whenDurable(() => {
        this.parts.people.broadcast('talk:removed', event.purge.talkIds);
        this.parts.onPurge(event.purge);
      });
    }
    if (event.type === 'standing-changed') this.parts.timers.watchAbsence();
    if (event.type === 'passage-committed' || event.type === 'draft-discarded') {
      journal.whenDurable(() => this.parts.documents.enforceAccess());
    }
  }

  private closePlayer(playerId: string, code: number, refusal: Refusal): void {
    this.kernel.journal.whenDurable(() => {
      this.parts.people.closeAll(code, refusal, playerId);
      this.parts.documents.closeAll(code, refusal, playerId);
    });
  }
}
