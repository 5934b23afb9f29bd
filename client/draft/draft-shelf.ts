import { isMaster } from '../../sessions/roles.ts';
import type { DraftView } from '../../sessions/view.ts';
import { Store } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import type { SessionLink } from '../link/session-link.ts';
import type { SessionState } from '../link/session-state.ts';
import { TEXT } from '../strings.ts';
import { DraftDocument, type Pending } from './draft-document.ts';
import { takeOrphans } from './draft-keep.ts';
import { WordsAside } from './words-aside.ts';

/** Other people's drafts that are followed without asking; each costs a socket. */
const FOLLOWED = 8;
/** How long an ack may be behind the news that its draft is closed, ms. */
const ACK_GRACE_MS = 1_500;

/** Whether a player may read a draft. */
function mayReadDraft(draft: DraftView, you: NonNullable<SessionState['you']>): boolean {
  // Words kept from a passage that was taken back are their writer's alone.
  if (draft.keptFrom !== null) return draft.openedBy === you.playerId;
  const isForAll = draft.visibility === 'live' && !draft.isShielded;
  return isForAll || draft.openedBy === you.playerId || isMaster(you.role);
}

/** The drafts this browser is connected to: the player's own, and those of others that are visible. */
export class DraftShelf {
  readonly drafts = new Store<ReadonlyMap<string, DraftDocument>>(new Map());
  readonly aside: WordsAside;
  /** Readable drafts beyond the followed ones. */
  readonly hidden = new Store(0);
  readonly #session: SessionLink;
  readonly #stop: () => void;
  readonly #discarded = new Set<string>();
  #followed = FOLLOWED;
  #hasLookedForOrphans = false;

  constructor(session: SessionLink) {
    this.#session = session;
    this.aside = new WordsAside(session.sessionId);
    this.#stop = session.state.watch(() => this.#follow());
    this.#follow();
  }

  /** Commits or submits a draft as soon as its words are durable; offline, when the line is back. */
  async finish(draft: DraftDocument, how: NonNullable<Pending>): Promise<void> {
    if (draft.pending.get() !== null) return;
    draft.pending.set(how);
    const isWanted = (): boolean => draft.pending.get() === how && this.drafts.get().has(draft.id);
    for (;;) {
      await this.#session.whenLive();
      await draft.whenSaved();
      if (!isWanted()) return;
      const result = await this.#session.command(how, { draftId: draft.id });
      // The line broke between the two: wait for it again.
      if (!result.ok && result.code === 'OFFLINE') continue;
      if (!result.ok) showToast(result.message, { tone: 'problem' });
      break;
    }
    draft.pending.set(null);
  }

  /** Discards a draft; its words are not kept anywhere. */
  async discard(draftId: string): Promise<void> {
    this.#discarded.add(draftId);
    const isDone = await this.#session.act('draft:discard', { draftId });
    if (!isDone) this.#discarded.delete(draftId);
  }

  /** Follows all drafts, not only the first few. */
  showMore(): void {
    this.#followed += FOLLOWED;
    this.#follow();
  }

  /** Leaves all drafts; unsaved words stay in this browser. */
  close(): void {
    this.#stop();
    for (const draft of this.drafts.get().values()) draft.close(true);
    this.drafts.set(new Map());
  }

  #follow(): void {
    const { view, you } = this.#session.state.get();
    if (view === null || you === null) return;
    const readable = view.drafts.filter((draft) => mayReadDraft(draft, you));
    const own = readable.filter((draft) => draft.openedBy === you.playerId);
    const others = readable.filter((draft) => draft.openedBy !== you.playerId);
    const wanted = new Set([...own, ...others.slice(0, this.#followed)].map((draft) => draft.id));
    this.hidden.set(Math.max(0, others.length - this.#followed));
    this.#rescueOrphans(new Set(view.drafts.map((draft) => draft.id)));

    const before = this.drafts.get();
    const gone = [...before.values()].filter((draft) => !wanted.has(draft.id));
    const fresh = [...wanted].filter((id) => !before.has(id));
    if (gone.length === 0 && fresh.length === 0) return;
    const after = new Map([...before].filter(([id]) => wanted.has(id)));
    for (const id of fresh) after.set(id, this.#open(id));
    this.drafts.set(after);
    for (const draft of gone) this.#release(draft);
  }

  #open(id: string): DraftDocument {
    const draft = new DraftDocument(this.#session.sessionId, id, this.#session.ticket);
    draft.link.state.watch(() => {
      if (draft.link.state.get().stopped === 'refused') this.#onRefused(draft);
    });
    return draft;
  }

  /** A closed draft whose last words may not have arrived: wait for the ack, then set them aside. */
  #release(draft: DraftDocument): void {
    const finish = (): void => {
      const { isSaved } = draft.link.state.get();
      const text = draft.text.toJSON();
      const isLost = !isSaved && !this.#discarded.delete(draft.id);
      draft.close(false);
      if (isLost && this.aside.add(text)) showToast(TEXT.draft.closedMeanwhile, { tone: 'problem' });
    };
    if (draft.link.state.get().isSaved) finish();
    else setTimeout(finish, ACK_GRACE_MS);
  }

  #onRefused(draft: DraftDocument): void {
    if (this.drafts.get().get(draft.id) !== draft) return;
    const text = draft.text.toJSON();
    draft.close(false);
    this.aside.add(text);
    showToast(TEXT.draft.refused, { tone: 'problem' });
    this.drafts.update((drafts) => new Map(drafts).set(draft.id, this.#open(draft.id)));
  }

  #rescueOrphans(open: ReadonlySet<string>): void {
    if (this.#hasLookedForOrphans) return;
    this.#hasLookedForOrphans = true;
    for (const text of takeOrphans(this.#session.sessionId, open)) this.aside.add(text);
  }
}
