import * as Y from 'yjs';
import type { Accepted, DecideContext } from './commands/decision.ts';
import { authorSpans } from './authorship.ts';
import { TermCache } from './dependency-terms.ts';
import { evolve, type SessionEvent } from './events.ts';
import { newId, type Random } from './ids.ts';
import type { Journal } from './journal.ts';
import { LiveDocument } from './live-document.ts';
import { LIMITS } from './limits.ts';
import type { Clock } from './ports.ts';
import { activePlayer, mayRead, type Player, type SessionState } from './state.ts';
import { DRAFT_TEXT, type Span } from './story-shape.ts';
import type { Story, StoryChange } from './story.ts';
import type { SessionView } from './view.ts';

/** Name of a draft's document on the wire and in the journal. */
export function draftDocument(draftId: string): string {
  return `draft-${draftId}`;
}

/** A part of what people are told: a slice of the view, what is on their own desks, or the game masters' console. */
export type Slice = keyof SessionView | 'desk' | 'health';

/** Which slices an event touches. */
const SLICES: { [T in SessionEvent['type']]: readonly Slice[] } = {
  'session-created': ['about'],
  'player-joined': ['players', 'turn', 'safety'],
  'player-renamed': ['players'],
  'player-role-changed': ['players', 'turn', 'drafts'],
  'player-removed': ['players', 'turn', 'drafts', 'safety'],
  'player-recovered': [],
  'invite-created': [],
  'invite-revoked': [],
  'settings-changed': ['about', 'safety'],
  'cast-changed': ['cast'],
  'turn-changed': ['turn', 'drafts'],
  'draft-opened': ['drafts', 'turn'],
  'draft-client-bound': ['drafts'],
  'draft-submitted': ['drafts', 'turn'],
  'draft-withdrawn': ['drafts', 'turn'],
  'draft-discarded': ['drafts', 'turn'],
  'passage-committed': ['drafts', 'turn'],
  'passage-struck': [],
  'passage-restored': [],
  'alternative-chosen': [],
  'narrator-asked': ['narrator'],
  'narrator-resumed': ['narrator'],
  'narrator-started': ['narrator'],
  'narrator-began-passage': ['narrator'],
  'narrator-ended': ['narrator'],
  'talk-said': [],
  'text-held': ['desk', 'safety'],
  'hold-appealed': ['desk'],
  'hold-decided': ['desk', 'safety'],
  'hold-undone': ['desk', 'safety'],
  'table-requested': ['desk'],
  'request-closed': ['desk'],
  'report-filed': ['desk'],
  'report-closed': ['desk'],
  'topics-changed': ['safety', 'desk'],
  'standing-changed': ['players', 'desk', 'drafts'],
  'agreement-changed': ['safety', 'desk'],
  'game-paused': ['safety'],
  'game-resumed': ['safety'],
  'slow-mode-changed': ['safety'],
  'narrator-mode-changed': ['safety'],
  'guidance-given': [],
  'player-kicked': [],
  'player-readmitted': ['players', 'safety', 'turn'],
  'draft-shielded': ['drafts'],
  'draft-carded': ['drafts'],
  'checkpoint-saved': ['history'],
  'scene-begun': [],
  'branch-made': [],
  'branch-renamed': [],
  'branch-switched': [],
  'rollback-planned': ['history'],
  'rollback-called-off': ['history'],
  'rolled-back': ['history'],
  'rollback-answered': ['history'],
  'draft-detached': ['drafts', 'turn'],
  'memory-changed': [],
  'player-left': [],
  'purge-begun': ['safety', 'desk'],
  'purge-widened': ['safety', 'desk'],
  'purge-finished': [],
  'monitor-muted': ['health'],
  'thread-added': ['health'],
  'thread-marked': ['health'],
  'thread-reminded': ['health'],
  'intervened': ['health'],
  'feedback-given': ['health'],
};

export interface KernelParts {
  state: SessionState;
  story: Story;
  drafts: Map<string, Y.Doc>;
  journal: Journal;
  clock: Clock;
  random: Random;
}

/**
 * The state of a session in memory and the only place that changes it: events evolve the state, changes write
 * the story, updates reach draft documents; each step is journalled in the same breath. Everything around it
 * (documents, people, narrator, timers) reads here and changes through here.
 */
export class SessionKernel {
  readonly story: Story;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly documents = new Map<string, LiveDocument>();
  /** Slices of the view that changed since the last batch. */
  readonly dirty = new Set<Slice>();
  private readonly terms = new TermCache(LIMITS.passages);
  private current: SessionState;
  private readonly listeners: ((event: SessionEvent, author: string | null) => void)[] = [];

  constructor(parts: KernelParts) {
    this.current = parts.state;
    this.story = parts.story;
    this.journal = parts.journal;
    this.clock = parts.clock;
    this.random = parts.random;
    this.documents.set('story', new LiveDocument('story', parts.story.doc));
    for (const [draftId, doc] of parts.drafts) this.addDraftDocument(draftId, doc);
    parts.story.onUpdate((update) => this.noteUpdate('story', update, { author: null, peerId: null }));
  }

  get state(): SessionState {
    return this.current;
  }

  newId(): string {
    return newId(this.random);
  }

  /** Calls `listener` with each event, and who is behind it, after it has been applied. */
  onEvent(listener: (event: SessionEvent, author: string | null) => void): void {
    this.listeners.push(listener);
  }

  /** Notes and applies one event. */
  record(event: SessionEvent, author: string | null): void {
    this.journal.event(event, author);
    this.current = evolve(this.current, event);
    for (const slice of SLICES[event.type]) this.dirty.add(slice);
    if (event.type === 'draft-opened') this.addDraftDocument(event.draft.id, new Y.Doc());
    for (const listener of this.listeners) listener(event, author);
  }

  /** Applies what a decision asks for: story first, so that listeners of the events see it written. */
  apply(decision: Accepted, author: string | null): void {
    this.story.apply(decision.changes);
    for (const event of decision.events) this.record(event, author);
    for (const { draftId, spans } of decision.prefills) this.prefill(draftId, spans);
  }

  /** Writes story changes that no command decided (the narrator's). */
  changeStory(changes: readonly StoryChange[]): void {
    this.story.apply(changes);
  }

  /** Journals an update that is in a document now and spreads it with the next batch. */
  noteUpdate(name: string, update: Uint8Array, of: { author: string | null; peerId: string | null }): void {
    this.journal.update(name, of.author, update);
    this.documents.get(name)?.spread(update, of.peerId, this.clock.now());
  }

  /** Who stands behind a Yjs client id in a draft. */
  ownerOf(draftId: string, clientId: number): string | undefined {
    return this.current.drafts[draftId]?.clients[clientId];
  }

  /** Author runs of an open draft. */
  draftSpans(draftId: string): Span[] {
    const document = this.documents.get(draftDocument(draftId));
    const draft = this.current.drafts[draftId];
    if (document === undefined || draft === undefined) return [];
    return authorSpans(document.doc.getText(DRAFT_TEXT), (id) => draft.clients[id], draft.openedBy);
  }

  /** Characters in a draft. */
  draftLength(draftId: string): number {
    return this.documents.get(draftDocument(draftId))?.doc.getText(DRAFT_TEXT).length ?? 0;
  }

  /** Whether a player may read a document by name; false for unknown ones and removed players. */
  mayRead(name: string, playerId: string): boolean {
    if (name === 'story') return activePlayer(this.current, playerId) !== null;
    const draft = this.current.drafts[name.slice('draft-'.length)];
    return draft !== undefined && name === draftDocument(draft.id) && mayRead(this.current, draft, playerId);
  }

  /** What a command handler may look at. */
  decideContext(
    player: Player,
    of: Pick<DecideContext, 'isPresent' | 'floor' | 'flags' | 'typing' | 'past'>,
  ): DecideContext {
    return {
      state: this.current,
      player,
      now: this.clock.now(),
      ...of,
      newId: () => this.newId(),
      story: this.story,
      seq: this.journal.seq,
      terms: this.terms,
      draftSpans: (draftId) => this.draftSpans(draftId),
      passage: (passageId) => this.story.passage(passageId),
      passageCount: this.story.passageCount(),
      lastShown: () => this.story.lastShown(),
    };
  }

  /** Forgets the document of a closed draft. */
  dropDraftDocument(draftId: string): void {
    this.documents.get(draftDocument(draftId))?.doc.destroy();
    this.documents.delete(draftDocument(draftId));
  }

  private addDraftDocument(draftId: string, doc: Y.Doc): void {
    const name = draftDocument(draftId);
    if (!this.documents.has(name)) this.documents.set(name, new LiveDocument(name, doc));
  }

  /** Writes text with its true authors into a new draft: one bound client id for each author. */
  private prefill(draftId: string, spans: readonly Span[]): void {
    const document = this.documents.get(draftDocument(draftId));
    if (document === undefined) return;
    const ids = new Map<string, number>();
    const text = document.doc.getText(DRAFT_TEXT);
    const note = (update: Uint8Array) =>
      this.noteUpdate(document.name, update, { author: null, peerId: null });
    document.doc.on('update', note);
    for (const span of spans) {
      let clientId = ids.get(span.author);
      if (clientId === undefined) {
        clientId = this.newClientId();
        ids.set(span.author, clientId);
        this.record({ type: 'draft-client-bound', draftId, clientId, playerId: span.author }, null);
      }
      document.doc.clientID = clientId;
      text.insert(text.length, span.text);
    }
    document.doc.off('update', note);
  }

  private newClientId(): number {
    return new DataView(this.random.bytes(4).slice().buffer).getUint32(0);
  }
}
