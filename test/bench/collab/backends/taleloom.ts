import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { z } from 'zod';
import type { Backend, BenchDocument, Wire } from '../backend.ts';

const TIMEOUT_MS = 15_000;
const created = z.object({
  sessionId: z.string(),
  invites: z.array(z.object({ role: z.string(), secret: z.string() })),
});
const joined = z.object({ ticket: z.string(), ticketExpiresAt: z.number() });
const draftOpened = z.object({ ok: z.literal(true), value: z.object({ draftId: z.string() }) });

/** A browser of one player, as far as HTTP goes: it keeps its cookies. */
class Browser {
  private readonly cookies = new Map<string, string>();
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'origin': new URL(this.url).origin,
        'cookie': [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) this.cookies.set(name, value);
    }
    return answer.parse(JSON.parse(text));
  }
}

/** A player who is in the session and keeps its command channel open, as the web client does. */
class Player {
  private ticket = '';
  private ticketExpiresAt = 0;
  private socket: Socket | null = null;
  private readonly url: string;
  private readonly sessionId: string;
  private readonly browser: Browser;

  constructor(url: string, sessionId: string, browser: Browser) {
    this.url = url;
    this.sessionId = sessionId;
    this.browser = browser;
  }

  /** Join; a returning browser needs neither name nor invite. */
  async enter(newcomer: { name?: string; invite?: string }): Promise<void> {
    const answer = await this.browser.post(`/api/sessions/${this.sessionId}/join`, newcomer, joined);
    this.ticket = answer.ticket;
    this.ticketExpiresAt = answer.ticketExpiresAt;
    if (this.socket === null) await this.openChannel();
  }

  async openDraft(): Promise<string> {
    const answer: unknown = await this.socket?.timeout(TIMEOUT_MS).emitWithAck('draft:open', {});
    const parsed = draftOpened.safeParse(answer);
    if (!parsed.success) throw new Error(`draft:open was answered by ${JSON.stringify(answer)}`);
    return parsed.data.value.draftId;
  }

  async wireTo(draftId: string): Promise<Wire> {
    if (this.ticketExpiresAt < Date.now() + 10_000) await this.enter({});
    const address = new URL(`/collab/${this.sessionId}/draft-${draftId}`, this.url.replace('http', 'ws'));
    address.searchParams.set('ticket', this.ticket);
    address.searchParams.set('acks', '1');
    return {
      url: address.href,
      headers: { origin: new URL(this.url).origin },
      greetings: [],
      frame: (message) => message,
      unframe: (message) => message,
    };
  }

  close(): void {
    this.socket?.disconnect();
  }

  private async openChannel(): Promise<void> {
    const socket = io(this.url, {
      transports: ['websocket'],
      auth: { ticket: this.ticket },
      extraHeaders: { origin: new URL(this.url).origin },
      reconnection: false,
      forceNew: true,
    });
    this.socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
  }
}

/** Taleloom: each document is the live draft of an own session, each writer an own player with an own ticket. */
export function taleloomBackend(url: string): Backend {
  let opened = 0;
  return {
    async openDocument(writers): Promise<BenchDocument> {
      const ownerBrowser = new Browser(url);
      const session = await ownerBrowser.post(
        '/api/sessions',
        {
          title: `Bench ${++opened}`,
          ownerName: 'Writer 0',
          turnMode: 'free',
          draftVisibility: 'live',
        },
        created,
      );
      const invite = session.invites.find(({ role }) => role === 'writer')?.secret;
      if (invite === undefined) throw new Error('the new session has no invite for writers');
      const owner = new Player(url, session.sessionId, ownerBrowser);
      await owner.enter({});
      const players = [owner];
      for (let writer = 1; writer < writers; writer++) {
        const player = new Player(url, session.sessionId, new Browser(url));
        await player.enter({ name: `Writer ${writer}`, invite });
        players.push(player);
      }
      const draftId = await owner.openDraft();
      return {
        wireFor(writer) {
          const player = players[writer % players.length];
          if (player === undefined) throw new Error('a document needs at least one writer');
          return player.wireTo(draftId);
        },
        close() {
          for (const player of players) player.close();
        },
      };
    },
  };
}
