import { storySpans } from '../../sessions/commands/drafts.ts';
import type { Command, TurnMode } from '../../sessions/protocol.ts';
import type { CommandAnswer } from '../../sessions/session-commands.ts';
import type { StoryContext } from '../../sessions/ports.ts';
import type { Session } from '../../sessions/session.ts';
import { mayDeleteForeign, mayRead, mayWrite } from '../../sessions/state.ts';
import type { Span } from '../../sessions/story-shape.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { IDLE_MS, SessionsFixture, settled, type Made } from '../support/sessions-fixture.ts';
import { TestControl } from '../support/test-control.ts';
import { TestWriter } from '../support/test-writer.ts';
import { checkNothingShownIsLost } from './collab-checks.ts';
import { rest } from './collab-rest.ts';
import { STEPS, type Step } from './collab-steps.ts';

/** Every player types letters of their own, so that each character shows who typed it. */
const LETTERS = ['abcde', 'fghij', 'klmno', 'pqrst', 'uvwxy'];
export const NARRATOR_LETTER = 'Z';

export interface Person {
  playerId: string;
  letters: string;
  control: TestControl | null;
  writers: Map<string, TestWriter>;
}

/** What may be in a passage: the last commit that was acked, and later ones whose fate a crash left open. */
export interface Committed {
  spans: Span[];
  isAcked: boolean;
}

/**
 * One game of several players over real documents, driven by a seed: they type, delete, commit, reopen and ask
 * the narrator while connections break, frames wait, the store stalls or fails, and the server dies.
 */
export class CollabRun {
  readonly random: SeededRandom;
  readonly table: SessionsFixture;
  readonly people: Person[] = [];
  session!: Session;
  readonly acked = new Map<string, Map<number, number>>();
  readonly committed = new Map<string, Committed[]>();
  private readonly running = new Set<Promise<unknown>>();
  /** How often each kind of thing really happened, to see that the game is not idle. */
  readonly counts: Record<string, number> = {};
  readonly trace: string[] = [];

  private readonly steps: readonly Step[];

  constructor(seed: number, steps: readonly Step[] = STEPS) {
    this.steps = steps;
    this.random = new SeededRandom(seed);
    this.table = SessionsFixture.inMemory(seed ^ 0x5bd1e995);
  }

  async play(steps: number): Promise<void> {
    await this.begin();
    for (let step = 0; step < steps; step += 1) {
      const [, name, act] = this.pickStep();
      this.trace.push(name);
      await act(this);
      this.afterStep();
    }
    await rest(this);
    await this.table.close();
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  private async begin(): Promise<void> {
    const { random, table } = this;
    const turnMode = random.pick<TurnMode>(['free', 'free', 'free', 'ordered', 'round', 'gm-calls']);
    const made: Made = await table.create({
      turnMode,
      draftVisibility: random.chance(0.7) ? 'live' : 'private',
      autoCommitIdleMs: random.chance(0.2) ? 2_000 : null,
    });
    this.session = made.session;
    this.atLoad();
    this.addPerson(made.ownerId);
    const count = random.int(2, 5);
    for (let index = 1; index < count; index += 1) {
      const role = random.chance(0.2) ? 'gm' : 'writer';
      this.addPerson(await table.join(made, role, `P${index}`));
    }
    for (const person of this.people) this.connectControl(person);
    await table.tick();
  }

  private addPerson(playerId: string): void {
    const letters = LETTERS[this.people.length]!;
    this.people.push({ playerId, letters, control: null, writers: new Map() });
  }

  connectControl(person: Person): void {
    person.control = new TestControl(this.session, person.playerId).connect();
  }

  private pickStep(): Step {
    let at = this.random.next() * this.steps.reduce((sum, [weight]) => sum + weight, 0);
    return this.steps.find(([weight]) => (at -= weight) < 0) ?? this.steps[0]!;
  }

  private pickWriter(isWanted: (writer: TestWriter, person: Person) => boolean): [Person, TestWriter] | null {
    const all = this.people.flatMap((person) =>
      [...person.writers.values()]
        .filter((writer) => isWanted(writer, person))
        .map((w) => [person, w] as const),
    );
    if (all.length === 0) return null;
    const [person, writer] = this.random.pick(all);
    return [person, writer];
  }

  draftOf(document: string) {
    return this.session.kernel.state.drafts[document.slice('draft-'.length)] ?? null;
  }

  private mayType(writer: TestWriter): boolean {
    const draft = this.draftOf(writer.document);
    return draft !== null && mayWrite(this.session.kernel.state, draft, writer.playerId) && writer.wasSynced;
  }

  type(): void {
    const found = this.pickWriter((writer) => this.mayType(writer));
    if (found === null) return;
    const [person, writer] = found;
    const isRefrain = this.isWordy && this.random.chance(0.5);
    if (isRefrain) writer.type(writer.text.length, ` ${person.letters.repeat(2)} `);
    else writer.type(this.random.int(0, writer.text.length), this.word(person));
    if (this.random.chance(0.3)) writer.point(this.random.int(0, 9));
    this.count(writer.isConnected ? 'typed' : 'typed offline');
  }

  /** Words stand alone, and each player has one that comes again: passages build on each other by it. */
  isWordy = false;

  private word({ letters }: Person): string {
    const length = this.random.int(1, 5);
    const word = Array.from({ length }, () => this.random.pick([...letters])).join('');
    return this.isWordy ? `${word} ` : word;
  }

  erase(): void {
    const found = this.pickWriter((writer) => this.mayType(writer) && writer.text.length > 0);
    if (found === null) return;
    const [person, writer] = found;
    const draft = this.draftOf(writer.document)!;
    const at = this.random.int(0, writer.text.length - 1);
    let length = this.random.int(1, 4);
    if (!mayDeleteForeign(this.session.kernel.state, draft, person.playerId)) {
      const own = /^[^]*/.exec(writer.string.slice(at))![0];
      length = [...own].findIndex((letter) => !person.letters.includes(letter));
      if (length < 0) length = own.length;
    }
    if (length > 0) writer.erase(at, length);
    this.count('erased');
  }

  move(): void {
    if (this.random.chance(0.25)) return this.moveAll();
    const found = this.pickWriter((writer) => writer.isConnected);
    if (found === null) return;
    const [person, writer] = found;
    if (this.random.chance(0.5)) writer.deliverOut(this.random.int(1, 6));
    else writer.deliverIn(this.random.int(1, 6));
    this.noteAcks(person, writer);
  }

  private moveAll(): void {
    for (const person of this.people) {
      for (const writer of [...person.writers.values()]) {
        writer.deliverIn();
        writer.deliverOut();
        this.noteAcks(person, writer);
      }
    }
  }

  noteAcks(person: Person, writer: TestWriter): void {
    const clients = this.acked.get(writer.document) ?? new Map<number, number>();
    this.acked.set(writer.document, clients);
    const clock = Math.max(clients.get(writer.doc.clientID) ?? 0, writer.ackedClock);
    if (clock > 0) clients.set(writer.doc.clientID, clock);
    this.react(person, writer);
  }

  /** What a client does when the server closed its document. */
  private react(person: Person, writer: TestWriter): void {
    if (writer.closedWith === null) return;
    const code = writer.closedWith;
    this.count(`closed ${code}`);
    if (code === 4404 || code === 4403) person.writers.delete(writer.document);
    else if (code === 4422) writer.reset();
    writer.closedWith = null;
  }

  joinDocument(): void {
    const person = this.random.pick(this.people);
    const { state, documents } = this.session.kernel;
    if (this.random.chance(0.5)) return this.reconnect(person);
    const readable = [...documents.keys()].filter((name) => {
      if (name === 'story') return true;
      const draft = this.draftOf(name);
      return draft !== null && mayRead(state, draft, person.playerId);
    });
    const name = this.random.pick(readable);
    const writer = person.writers.get(name) ?? new TestWriter(person.playerId, name);
    person.writers.set(name, writer);
    this.react(person, writer);
    if (!writer.isConnected && person.writers.has(name)) writer.connect(this.session);
  }

  /** A browser that is back opens again whatever it had open. */
  private reconnect(person: Person): void {
    for (const writer of [...person.writers.values()]) {
      this.react(person, writer);
      if (writer.isConnected || !person.writers.has(writer.document)) continue;
      writer.connect(this.session);
      this.react(person, writer);
    }
  }

  disconnect(): void {
    const found = this.pickWriter((writer) => writer.isConnected);
    found?.[1].disconnect();
    if (found !== null) this.count('disconnected');
  }

  slow(): void {
    const found = this.pickWriter((writer) => writer.isConnected);
    if (found === null) return;
    found[1].setSlow(this.random.chance(0.4));
    this.count('slow');
  }

  /** Gives a command and does not wait for its answer. */
  execute(
    person: Person,
    command: Command,
    onAnswer: (answer: CommandAnswer) => void = () => undefined,
  ): void {
    const done = this.session.execute(person.playerId, command).then((answer) => {
      this.count(`${command.name} ${answer.ok ? 'ok' : answer.code}`);
      onAnswer(answer);
    });
    this.running.add(done);
    void done.finally(() => this.running.delete(done));
  }

  open(): void {
    const person = this.random.pick(this.people);
    this.execute(person, { name: 'draft:open', payload: { asNarrator: false } }, (answer) => {
      if (!answer.ok) return;
      const writer = new TestWriter(person.playerId, `draft-${answer.value.draftId as string}`);
      person.writers.set(writer.document, writer);
      writer.connect(this.session);
    });
  }

  /** Nobody types until its text has been judged: so it is known which text was committed. */
  async commit(): Promise<void> {
    const drafts = Object.values(this.session.kernel.state.drafts);
    if (drafts.length === 0) return;
    const draft = this.random.pick(drafts);
    const opener = this.people.find((candidate) => candidate.playerId === draft.openedBy)!;
    const person = this.random.chance(0.7) ? opener : this.random.pick(this.people);
    if (this.waiting.includes(person)) return;
    const entry: Committed = { spans: storySpans(this.session.kernel.draftSpans(draft.id)), isAcked: false };
    if (draft.replaces !== null)
      this.committed.set(draft.replaces, [...(this.committed.get(draft.replaces) ?? []), entry]);
    this.execute(person, { name: 'draft:commit', payload: { draftId: draft.id } }, (answer) => {
      // A rollback may have made a new passage of it meanwhile.
      const isElsewhere = answer.ok
        ? answer.value.passageId !== draft.replaces
        : answer.code !== 'STORAGE_UNAVAILABLE';
      if (draft.replaces !== null && isElsewhere) {
        const list = this.committed.get(draft.replaces) ?? [];
        this.committed.set(
          draft.replaces,
          list.filter((other) => other !== entry),
        );
      }
      if (!answer.ok) return;
      entry.isAcked = true;
      if (isElsewhere) this.committed.set(answer.value.passageId as string, [entry]);
    });
    await settled();
  }

  draftCommand(name: 'draft:discard' | 'turn:submit' | 'turn:withdraw'): void {
    const drafts = Object.values(this.session.kernel.state.drafts);
    if (drafts.length === 0) return;
    const draft = this.random.pick(drafts);
    const person = this.people.find((candidate) => candidate.playerId === draft.openedBy)!;
    this.execute(person, { name, payload: { draftId: draft.id } });
  }

  passageCommand(name: 'passage:reopen' | 'passage:strike' | 'passage:restore' | 'narrator:retry'): void {
    const passages = this.session.kernel.story.passages();
    if (passages.length === 0) return;
    const passage = this.random.pick(passages);
    const person = this.people.find((candidate) => candidate.playerId === passage.by) ?? this.people[0]!;
    this.execute(person, { name, payload: { passageId: passage.id } });
  }

  turnCommand(): void {
    const name = this.random.pick(['turn:resolve', 'turn:pass'] as const);
    this.execute(this.random.pick(this.people), { name, payload: {} });
  }

  changeMode(): void {
    const mode = this.random.pick<TurnMode>(['free', 'ordered', 'round', 'gm-calls']);
    this.execute(this.people[0]!, { name: 'turn:mode', payload: { mode, timerSeconds: null } });
  }

  ask(): void {
    this.execute(this.random.pick(this.people), { name: 'narrator:ask', payload: {} });
  }

  narrate(): void {
    const { asked } = this.table.narrator;
    if (asked.length === 0) return;
    const { turn, isRunning } = this.random.pick(asked);
    const { narrator } = this.table;
    if (!isRunning) {
      const context = narrator.begin(turn.turnId);
      if (context !== null) this.onPrompt(context);
      return;
    }
    if (this.random.chance(0.6))
      void narrator.say(turn.turnId, NARRATOR_LETTER.repeat(3)).catch(() => undefined);
    else if (this.random.chance(0.8)) narrator.finish(turn.turnId);
    else narrator.breakDown(turn.turnId);
    this.count('narrated');
  }

  /** Called when the session is in memory, after each step, and when all have come to rest. */
  atLoad: () => void = () => undefined;
  afterStep: () => void = () => undefined;
  atRest: () => Promise<void> = () => Promise.resolve();
  /** Whose commands wait for an earlier one of theirs: what they commit would be typed in until that is done. */
  readonly waiting: Person[] = [];
  /** Passages that were removed for good. */
  readonly purged = new Set<string>();

  /** Passages whose text is no longer what was committed. */
  readonly forgotten = new Set<string>();

  forgetCommits(passageIds: readonly string[]): void {
    for (const id of passageIds) this.forgotten.add(id);
  }

  /** Called with what the narrator is told. */
  onPrompt: (context: StoryContext) => void = () => undefined;

  stall(): void {
    this.table.gate.hold();
  }

  async unstall(): Promise<void> {
    if (this.random.chance(0.5)) await this.table.gate.letThrough(1);
    else await this.table.gate.release();
    await settled();
  }

  /** The server is killed, with some of what waits for the disk stored and the rest not. */
  async crash(): Promise<void> {
    await this.table.crash(this.random.int(0, this.table.gate.waitingCount));
    this.running.clear();
    this.cutLines();
    await this.reload('crash');
  }

  async restart(): Promise<void> {
    await this.table.gate.release();
    await this.table.restart();
    await this.reload('restart');
  }

  async breakStore(): Promise<void> {
    this.table.gate.break();
    this.open();
    await this.table.tick();
    await this.table.tick();
    this.table.gate.repair();
    this.table.clock.advance(2_000);
    await settled();
    await this.reload('store failure');
  }

  async unload(): Promise<void> {
    await this.table.gate.release();
    this.cutLines();
    this.table.clock.advance(IDLE_MS);
    await settled();
    this.table.clock.advance(IDLE_MS);
    await settled();
    await this.reload('unload');
  }

  private cutLines(): void {
    for (const person of this.people) {
      person.control?.leave();
      person.control = null;
      for (const writer of person.writers.values()) writer.disconnect();
    }
  }

  private async reload(why: string): Promise<void> {
    this.count(why);
    this.session = await this.table.sessions.open(this.session.id);
    this.atLoad();
    for (const person of this.people) {
      for (const writer of [...person.writers.values()]) this.noteAcks(person, writer);
      if (person.control === null || person.control.closedWith !== null) this.connectControl(person);
    }
    await settled();
    checkNothingShownIsLost(this);
  }
}
