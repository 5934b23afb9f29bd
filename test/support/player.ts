import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Refusal } from '../../sessions/errors.ts';
import type {
  CommandInput,
  CommandName,
  CreateAnswer,
  CreateSession,
  InvitedRole,
  JoinAnswer,
} from '../../sessions/protocol.ts';
import type { DeskView } from '../../sessions/safety-view.ts';
import { chosenText, DRAFT_TEXT, readStory, type Passage } from '../../sessions/story-shape.ts';
import type { Notice, ServerEvents, SessionView, TalkLine } from '../../sessions/view.ts';
import { until } from './wait.ts';

export type Answer = { ok: true; value: Record<string, string> } | Refusal;

/** A WebSocket that also hands every frame it gets to a list. */
function tapped(wire: Buffer[]): typeof globalThis.WebSocket {
  class Tapped extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols);
      this.on('message', (data: Buffer | ArrayBuffer) => wire.push(Buffer.from(data as ArrayBuffer)));
    }
  }
  return Tapped as unknown as typeof globalThis.WebSocket;
}

/** A browser without a page: a cookie jar, the HTTP API, and stock clients for both sockets. */
export class TestPlayer {
  readonly url: string;
  cookie: string | null = null;
  joined: JoinAnswer | null = null;
  sessionId = '';
  socket: Socket<ServerEvents> | null = null;
  view: SessionView | null = null;
  talk: TalkLine[] = [];
  notices: Notice[] = [];
  desk: DeskView | null = null;
  closings: { code: number; refusal: Refusal }[] = [];
  readonly providers: WebsocketProvider[] = [];
  /** Everything that came in on both sockets, raw. */
  readonly wire: Buffer[] = [];
  private storyDoc: Y.Doc | null = null;

  constructor(url: string) {
    this.url = url;
  }

  /** One HTTP request with this browser's cookie. */
  async http(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown; response: Response }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const setCookie = response.headers.getSetCookie()[0];
    if (setCookie !== undefined) this.cookie = setCookie.split(';')[0] ?? null;
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, response };
  }

  /** Creates a session and answers its links. */
  async create(input: Partial<CreateSession> = {}): Promise<CreateAnswer> {
    const body = { title: 'The Lost Boat', ownerName: 'Ann', ...input };
    const { status, body: answer } = await this.http('POST', '/api/sessions', body);
    if (status !== 201) throw new Error(`create: ${status} ${JSON.stringify(answer)}`);
    this.sessionId = (answer as CreateAnswer).sessionId;
    return answer as CreateAnswer;
  }

  /** Makes a session of an archive and answers its links. */
  async import(archive: unknown, ownerName = 'Ann'): Promise<CreateAnswer> {
    const { status, body } = await this.http('POST', '/api/sessions/import', { archive, ownerName });
    if (status !== 201) throw new Error(`import: ${status} ${JSON.stringify(body)}`);
    this.sessionId = (body as CreateAnswer).sessionId;
    return body as CreateAnswer;
  }

  /** Joins and opens the command channel. */
  async join(sessionId = this.sessionId, of: { name?: string; invite?: string } = {}): Promise<this> {
    this.sessionId = sessionId;
    const { status, body } = await this.http('POST', `/api/sessions/${sessionId}/join`, of);
    if (status !== 200) throw new Error(`join: ${status} ${JSON.stringify(body)}`);
    this.joined = body as JoinAnswer;
    await this.connect();
    return this;
  }

  get id(): string {
    if (this.joined === null) throw new Error('not joined');
    return this.joined.playerId;
  }

  get ticket(): string {
    if (this.joined === null) throw new Error('not joined');
    return this.joined.ticket;
  }

  async connect(): Promise<void> {
    const socket: Socket<ServerEvents> = io(this.url, {
      transports: ['websocket'],
      auth: { ticket: this.ticket },
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    this.socket = socket;
    const note = ({ data }: { data?: unknown }) => this.wire.push(Buffer.from(String(data ?? '')));
    socket.io.on('open', () => socket.io.engine.on('packet', note));
    socket.on('session:welcome', (welcome) => {
      this.view = welcome.view;
      this.talk = welcome.talk;
    });
    socket.on('session:patched', (patch) => {
      if (this.view !== null) this.view = { ...this.view, ...patch };
    });
    socket.on('session:desk', (desk) => {
      this.desk = desk;
    });
    socket.on('talk:said', (line) => void this.talk.push(line));
    socket.on('session:noticed', (notice) => void this.notices.push(notice));
    socket.on('session:closing', (reason) => void this.closings.push(reason));
    await until('welcome', () => this.view);
  }

  /** Sends a command; answers its ack. */
  async command<N extends CommandName>(name: N, payload: CommandInput<N>): Promise<Answer> {
    const socket = this.socket as unknown as {
      timeout(ms: number): { emitWithAck(n: string, p: unknown): Promise<Answer> };
    };
    return socket.timeout(10_000).emitWithAck(name, payload);
  }

  /** Sends a command that has to succeed; answers its value. */
  async must<N extends CommandName>(name: N, payload: CommandInput<N>): Promise<Record<string, string>> {
    const answer = await this.command(name, payload);
    if (!answer.ok) throw new Error(`${name}: ${answer.code} ${answer.detail ?? ''}`);
    return answer.value;
  }

  /** Opens a document with the stock y-websocket provider; resolves when it is in sync. */
  async document(name: string, doc = new Y.Doc()): Promise<{ doc: Y.Doc; provider: WebsocketProvider }> {
    const base = `${this.url.replace('http', 'ws')}/collab/${this.sessionId}`;
    const provider = new WebsocketProvider(base, name, doc, {
      params: { ticket: this.ticket },
      WebSocketPolyfill: tapped(this.wire),
      disableBc: true,
      maxBackoffTime: 200,
    });
    this.providers.push(provider);
    await until(`sync of ${name}`, () => provider.synced);
    return { doc, provider };
  }

  /** Opens a draft of one's own or a known one and answers its text. */
  async draft(
    draftId?: string,
  ): Promise<{ draftId: string; text: Y.Text; doc: Y.Doc; provider: WebsocketProvider }> {
    const id = draftId ?? (await this.must('draft:open', {})).draftId ?? '';
    const { doc, provider } = await this.document(`draft-${id}`);
    return { draftId: id, text: doc.getText(DRAFT_TEXT), doc, provider };
  }

  /** Writes a passage and commits it; answers its id. */
  async write(text: string): Promise<string> {
    const draft = await this.draft();
    draft.text.insert(0, text);
    await until('draft stored', async () => {
      const answer = await this.command('draft:commit', { draftId: draft.draftId });
      return answer.ok || answer.code !== 'PASSAGE_EMPTY' ? answer : null;
    });
    draft.provider.destroy();
    const passage = await until('passage', async () => (await this.story()).find((p) => textOf(p) === text));
    return passage.id;
  }

  /** The passages as this player's copy of the story has them now. */
  async story(): Promise<Passage[]> {
    if (this.storyDoc === null) this.storyDoc = (await this.document('story')).doc;
    return readStory(this.storyDoc);
  }

  /** Whether these words came in on any socket. */
  hasHeard(words: string): boolean {
    return Buffer.concat(this.wire).includes(words);
  }

  close(): void {
    this.socket?.disconnect();
    for (const provider of this.providers) provider.destroy();
  }
}

/** Text of the chosen alternative. */
export function textOf(passage: Passage): string {
  return chosenText(passage);
}

/** Creates a session with an owner and further players of a role, all connected. */
export async function gather(
  url: string,
  input: Partial<CreateSession> = {},
  guests: { name: string; role?: InvitedRole }[] = [],
): Promise<TestPlayer[]> {
  const owner = new TestPlayer(url);
  const { sessionId, invites } = await owner.create(input);
  await owner.join();
  const players = [owner];
  for (const { name, role = 'writer' } of guests) {
    const invite = invites.find((candidate) => candidate.role === role)?.secret ?? '';
    players.push(await new TestPlayer(url).join(sessionId, { name, invite }));
  }
  return players;
}
