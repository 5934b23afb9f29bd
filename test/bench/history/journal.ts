import * as Y from 'yjs';
import type { SessionEvent } from '../../../sessions/events.ts';
import type { JournalRecord, SessionStore } from '../../../sessions/ports.ts';
import type { Draft, SessionState } from '../../../sessions/state.ts';
import { DRAFT_TEXT, NARRATOR } from '../../../sessions/story-shape.ts';
import { Story, type StoryChange } from '../../../sessions/story.ts';

/** Characters of a passage, and of what one update of a draft brings: a fast typist's tenth of a second. */
const CHARACTERS = 600;
const KEYS = 8;
const SENTENCES = 5;
/** Every so many passages the narrator writes one. */
const NARRATED = 3;
const BATCH = 400;

const encoder = new TextEncoder();
const WORDS =
  'the boat lay where nobody had left it and the tide went out without a sound while Mira counted gulls over Harrow Point'.split(
    ' ',
  );

/** Readable text, another one for each number, with a name that comes back now and then. */
function prose(number: number, characters: number): string {
  let text = `On day ${number} Keeper${number % 97} came.`;
  for (let at = number; text.length < characters; at += 7)
    text += ` ${WORDS[at % WORDS.length]}${at % 11 === 0 ? '.' : ''}`;
  return text.slice(0, characters);
}

/** Writes a journal as a session of two writers and the narrator leaves it: every keystroke, event and story update. */
export class JournalWriter {
  readonly story = new Story();
  private readonly state: SessionState;
  private readonly store: SessionStore;
  private records: JournalRecord[] = [];
  private seq = 0;
  private at: number;

  constructor(store: SessionStore, state: SessionState) {
    this.store = store;
    this.state = state;
    this.at = state.createdAt;
    this.story.onUpdate((data) => this.add({ kind: 'update', doc: 'story', author: null, data }));
  }

  private add(of: Pick<JournalRecord, 'kind' | 'doc' | 'author' | 'data'>): void {
    this.seq += 1;
    this.records.push({ seq: this.seq, at: this.at, ...of });
  }

  private event(event: SessionEvent, author: string | null): void {
    this.add({ kind: 'event', doc: 'state', author, data: encoder.encode(JSON.stringify(event)) });
  }

  private async flush(isLast = false): Promise<void> {
    while (this.records.length >= BATCH || (isLast && this.records.length > 0))
      await this.store.append(this.state.id, this.records.splice(0, BATCH));
  }

  /** The session with so many passages; answers the position of its last record. */
  async write(passages: number): Promise<number> {
    await this.store.create(this.state.id, this.state.createdAt);
    this.event({ type: 'session-created', state: this.state }, null);
    const [writer] = Object.keys(this.state.players);
    for (let number = 0; number < passages; number += 1) {
      this.at += 60_000;
      if (number % NARRATED === NARRATED - 1) this.narrated(number);
      else this.typed(number, writer ?? '');
      await this.flush();
    }
    await this.flush(true);
    return this.seq;
  }

  private typed(number: number, by: string): void {
    const draft: Draft = {
      id: `d${number}`,
      turnId: `t${number}`,
      openedBy: by,
      openedAt: this.at,
      replaces: null,
      visibility: 'live',
      submittedAt: null,
      asNarrator: false,
      isShielded: false,
      isCarded: false,
      keptFrom: null,
      keptOf: null,
      clients: {},
    };
    this.event({ type: 'draft-opened', draft }, by);
    const doc = new Y.Doc();
    this.event({ type: 'draft-client-bound', draftId: draft.id, clientId: doc.clientID, playerId: by }, by);
    doc.on('update', (data: Uint8Array) =>
      this.add({ kind: 'update', doc: `draft-${draft.id}`, author: by, data }),
    );
    const text = prose(number, CHARACTERS);
    for (let from = 0; from < text.length; from += KEYS) {
      this.at += 100;
      doc.getText(DRAFT_TEXT).insert(from, text.slice(from, from + KEYS));
    }
    const meta = { kind: 'player' as const, by, turnId: draft.turnId, castId: null, createdAt: this.at };
    const passageId = `p${number}`;
    this.change({
      op: 'add',
      passageId,
      alternativeId: `a${number}`,
      meta,
      spans: [{ author: by, text }],
      at: this.at,
    });
    const committed = { passageId, draftId: draft.id, by, isReplacement: false, isHeld: false };
    this.event({ type: 'passage-committed', ...committed }, by);
  }

  private narrated(number: number): void {
    const [passageId, alternativeId, turnId] = [`p${number}`, `a${number}`, `t${number}`];
    const meta = { kind: 'narrator' as const, by: NARRATOR, turnId, castId: null, createdAt: this.at };
    this.change({ op: 'begin', passageId, alternativeId, meta, info: {}, at: this.at });
    const text = prose(number, CHARACTERS);
    const length = Math.ceil(CHARACTERS / SENTENCES);
    for (let from = 0; from < text.length; from += length) {
      this.at += 500;
      const span = { author: NARRATOR, text: text.slice(from, from + length) };
      this.change({ op: 'append', passageId, alternativeId, span });
    }
    this.change({ op: 'end', passageId, alternativeId, info: { finish: 'end', model: 'bench' } });
  }

  private change(change: StoryChange): void {
    this.story.apply([change]);
  }
}
