import * as decoding from 'lib0/decoding';
import { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import { Store } from '../common/store.ts';
import { SaveLedger } from './save-ledger.ts';
import type { Ticket } from './ticket.ts';
import { ACK_MESSAGE_TYPE, CLOSE } from '../../sessions/wire-constants.ts';

const USUAL_BACKOFF_MS = 2_500;
const STORAGE_BACKOFF_MS = 15_000;
const RENEW_AGAIN_MS = 3_000;
/** The provider gives a connection up after 30 s without a message; a quiet document has to ask for one. */
const KEEP_ALIVE_MS = 14_000;

/** How one document stands with the server. */
export interface DocumentState {
  isConnected: boolean;
  /** The server's content has arrived at least once. */
  hasContent: boolean;
  /** Everything written here is durable on the server. */
  isSaved: boolean;
  /** Why it will not connect again: no right to it, no such document, or a change that broke a rule. */
  stopped: 'forbidden' | 'gone' | 'refused' | null;
}

/** What a document link is made of. */
export interface DocumentLinkParts {
  sessionId: string;
  /** `story` or `draft-<id>`. */
  name: string;
  doc: Y.Doc;
  ticket: Ticket;
  /** The document holds words of an earlier visit that the server may not have. */
  isDirty: boolean;
}

// Closed by the server on purpose: each of these is answered here and not by connecting again blindly.
const HANDLED: ReadonlySet<number> = new Set([
  CLOSE.ticketInvalid,
  CLOSE.rejoin,
  CLOSE.forbidden,
  CLOSE.documentUnknown,
  CLOSE.updateRefused,
  CLOSE.frameTooLarge,
]);

/** Keeps one Yjs document in step with the server and knows what of it is durable there. */
export class DocumentLink {
  readonly state: Store<DocumentState>;
  readonly #provider: WebsocketProvider;
  readonly #doc: Y.Doc;
  readonly #ticket: Ticket;
  readonly #ledger: SaveLedger;
  #renewal: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  constructor({ sessionId, name, doc, ticket, isDirty }: DocumentLinkParts) {
    this.#doc = doc;
    this.#ticket = ticket;
    this.#ledger = new SaveLedger(isDirty);
    this.state = new Store<DocumentState>({
      isConnected: false,
      hasContent: false,
      isSaved: !isDirty,
      stopped: null,
    });
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#provider = new WebsocketProvider(`${scheme}://${location.host}/collab/${sessionId}`, name, doc, {
      connect: false,
      disableBc: true,
      params: { ticket: ticket.value, acks: '1' },
      maxBackoffTime: USUAL_BACKOFF_MS,
      resyncInterval: KEEP_ALIVE_MS,
      shouldReconnect: (event) => !HANDLED.has(event.code),
    });
    this.#listen();
    if (ticket.isStale(Date.now())) void this.#renew();
    else this.#provider.connect();
  }

  /** Cursors and who they belong to. */
  get awareness(): WebsocketProvider['awareness'] {
    return this.#provider.awareness;
  }

  /** Ends the connection; the document itself stays. */
  close(): void {
    this.#isClosed = true;
    if (this.#renewal !== null) clearTimeout(this.#renewal);
    this.#doc.off('update', this.#onUpdate);
    this.#provider.destroy();
  }

  #listen(): void {
    const provider = this.#provider;
    this.#doc.on('update', this.#onUpdate);
    provider.messageHandlers[ACK_MESSAGE_TYPE] = (_encoder, decoder) => {
      this.#ledger.acked(decoding.readVarUint(decoder));
      this.#publish({});
    };
    provider.on('status', ({ status }) => {
      if (status === 'connected') this.#ledger.connected();
      else if (status === 'disconnected') this.#ledger.disconnected();
      if (status !== 'connecting') this.#publish({ isConnected: status === 'connected' });
    });
    provider.on('sync', (isSynced) => {
      provider.maxBackoffTime = USUAL_BACKOFF_MS;
      if (isSynced) this.#publish({ hasContent: true });
    });
    provider.on('connection-close', (event) => {
      if (event?.code === CLOSE.storageUnavailable) provider.maxBackoffTime = STORAGE_BACKOFF_MS;
      // The ticket of the next attempt; the provider reads it when it connects.
      provider.params = { ...provider.params, ticket: this.#ticket.value };
    });
    provider.on('closed', ({ code }) => this.#onClosed(code));
  }

  readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    if (origin === this.#provider) return;
    this.#ledger.changed();
    this.#publish({});
  };

  #onClosed(code: number): void {
    switch (code) {
      case CLOSE.ticketInvalid:
      case CLOSE.rejoin:
        void this.#renew();
        break;
      case CLOSE.forbidden:
        this.#publish({ stopped: 'forbidden' });
        break;
      case CLOSE.documentUnknown:
        this.#publish({ stopped: 'gone' });
        break;
      default:
        this.#publish({ stopped: 'refused' });
    }
  }

  async #renew(): Promise<void> {
    const joined = await this.#ticket.renew();
    if (this.#isClosed) return;
    if (joined.ok) {
      this.#provider.params = { ...this.#provider.params, ticket: joined.value.ticket };
      this.#provider.connect();
    } else {
      this.#renewal = setTimeout(() => void this.#renew(), RENEW_AGAIN_MS);
    }
  }

  #publish(part: Partial<DocumentState>): void {
    const isSaved = this.#ledger.isSaved;
    const before = this.state.get();
    const after = { ...before, ...part, isSaved };
    const isSame = (Object.keys(after) as (keyof DocumentState)[]).every((key) => before[key] === after[key]);
    if (!isSame) this.state.set(after);
  }
}
