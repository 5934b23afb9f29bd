import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { openDatabase } from '../../server/store/database.ts';
import { SqlHistoryStore } from '../../server/store/sql-history-store.ts';
import { SqlSessionStore } from '../../server/store/sql-session-store.ts';
import { newSession } from '../../sessions/new-session.ts';
import type { HistoryStore } from '../../sessions/history-ports.ts';
import { JournalPast } from '../../sessions/past.ts';
import type { SessionObserver } from '../../sessions/peers.ts';
import type { SessionStore } from '../../sessions/ports.ts';
import {
  createSessionSchema,
  type Command,
  type CommandInput,
  type CommandName,
  COMMANDS,
  type CreateAnswer,
  type InvitedRole,
} from '../../sessions/protocol.ts';
import { hashSecret } from '../../sessions/secrets.ts';
import type { CommandAnswer } from '../../sessions/session-commands.ts';
import type { Session } from '../../sessions/session.ts';
import { Sessions } from '../../sessions/sessions.ts';
import { ManualClock } from './manual-clock.ts';
import { ListGenerations, MemoryHistory, ScriptedSummariser } from './memory-history.ts';
import { MemoryStore } from './memory-store.ts';
import { ListFacts, MemoryFeedback, ScriptedQuality } from './monitor-parts.ts';
import { ListLog, ManualFlags, ScriptedModerator } from './scripted-moderator.ts';
import { ScriptedNarrator } from './scripted-narrator.ts';
import { SeededRandom } from './seeded-random.ts';
import { StoreGate } from './store-gate.ts';
import { TestControl } from './test-control.ts';
import { TestWriter } from './test-writer.ts';

type CreateInput = z.input<typeof createSessionSchema>;

export const TICK_MS = 10;
export const IDLE_MS = 60_000;

/** Everything that waits for nothing but this process has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for a condition that real I/O brings about; throws after five seconds. */
export async function until(isTrue: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come true`);
    await settled();
  }
}

class CountingObserver implements SessionObserver {
  readonly faults: string[] = [];
  readonly ends: string[] = [];
  propagated = 0;
  editPropagated(): void {
    this.propagated += 1;
  }
  updateRefused(fault: string): void {
    this.faults.push(fault);
  }
  merged(): void {}
  passageCommitted(): void {}
  turnEnded(outcome: string): void {
    this.ends.push(outcome);
  }
  turnWaited(): void {}
  rolledBack(): void {}
  sessionUnloaded(): void {}
  assessed(): void {}
  readonly alerts: string[] = [];
  qualityAlerted(_sessionId: string, metric: string): void {
    this.alerts.push(metric);
  }
  monitored(): void {}
  intervened(): void {}
  feedbackGiven(): void {}
}

export interface Made {
  session: Session;
  ownerId: string;
  answer: CreateAnswer;
}

/** Real sessions over a real store, with time, randomness, the narrator and the store's moods in the test's hands. */
export class SessionsFixture {
  readonly clock = new ManualClock();
  readonly narrator = new ScriptedNarrator();
  readonly moderator = new ScriptedModerator();
  readonly log = new ListLog();
  readonly flags = new ManualFlags();
  readonly random: SeededRandom;
  readonly inner: SessionStore;
  readonly history: HistoryStore;
  readonly past: JournalPast;
  readonly generations = new ListGenerations();
  readonly summariser = new ScriptedSummariser();
  observer = new CountingObserver();
  readonly troubles: { what: string; cause: unknown }[] = [];
  readonly quality = new ScriptedQuality();
  readonly feedback = new MemoryFeedback();
  readonly facts = new ListFacts();
  gate: StoreGate;
  sessions: Sessions;
  private kill: () => void = () => undefined;

  private readonly cleanUp: () => void;

  private constructor(
    { inner, history }: { inner: SessionStore; history: HistoryStore },
    seed: number,
    cleanUp: () => void,
  ) {
    this.inner = inner;
    this.history = history;
    this.past = new JournalPast(history);
    this.cleanUp = cleanUp;
    this.random = new SeededRandom(seed);
    this.gate = new StoreGate(inner);
    this.sessions = this.boot();
  }

  /** Over the store in memory. */
  static inMemory(seed = 1): SessionsFixture {
    const inner = new MemoryStore();
    return new SessionsFixture({ inner, history: new MemoryHistory(inner) }, seed, () => undefined);
  }

  /** Over the SQLite stores in a folder of their own. */
  static async onDisk(seed = 1): Promise<SessionsFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'taleloom-sessions-'));
    const database = await openDatabase({ file: join(folder, 'story.sqlite'), durability: 'process' });
    const stores = { inner: new SqlSessionStore(database, {}), history: new SqlHistoryStore(database) };
    return new SessionsFixture(stores, seed, () => rmSync(folder, { recursive: true, force: true }));
  }

  private boot(): Sessions {
    const { clock, kill } = this.clock.process();
    this.kill = kill;
    return new Sessions({
      store: this.gate,
      clock,
      random: this.random,
      narrator: this.narrator,
      moderator: this.moderator,
      moderationLog: this.log,
      flags: this.flags,
      observer: this.observer,
      history: {
        store: this.history,
        past: this.past,
        generations: this.generations,
        summariser: this.summariser,
      },
      quality: this.quality.assessor,
      feedback: this.feedback,
      facts: this.facts,
      options: {
        tickMs: TICK_MS,
        idleUnloadMs: IDLE_MS,
        onTrouble: (what, _sessionId, cause) => this.troubles.push({ what, cause }),
      },
    });
  }

  /** The server is killed: no timer fires any more, `survivors` of the waiting appends were stored, a new one starts. */
  async crash(survivors = Infinity): Promise<void> {
    this.kill();
    this.narrator.forget();
    await this.gate.cut(survivors);
    this.gate = new StoreGate(this.inner);
    this.sessions = this.boot();
  }

  /** The server stops cleanly and starts again. */
  async restart(): Promise<void> {
    this.narrator.forget();
    await this.sessions.close();
    this.kill();
    this.sessions = this.boot();
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await this.inner.close();
    this.cleanUp();
  }

  async create(input: Partial<CreateInput> = {}): Promise<Made> {
    const parsed = createSessionSchema.parse({ title: 'The lamp', ownerName: 'Olga', ...input });
    const of = {
      sessionId: this.sessions.newSessionId(),
      identityHash: hashSecret('browser-Olga'),
      now: this.clock.now(),
      random: this.random,
    };
    const { state, answer } = newSession(parsed, of);
    const session = await this.sessions.create(state, null);
    return { session, ownerId: Object.keys(state.players)[0]!, answer };
  }

  /** Brings a browser in by an invite of the role and answers its player id. */
  async join(made: Pick<Made, 'session' | 'answer'>, role: InvitedRole, name: string): Promise<string> {
    const invite = made.answer.invites.find((candidate) => candidate.role === role)!;
    const member = await this.durable(
      made.session.door.join({
        identityHash: hashSecret(`browser-${name}`),
        name,
        inviteHash: hashSecret(invite.secret),
      }),
    );
    if (!member.ok) throw new Error(`${name} could not join: ${member.code}`);
    return member.playerId;
  }

  /** One tick passes and what it wrote is durable. */
  async tick(): Promise<void> {
    // What was said is judged first.
    await settled();
    this.clock.advance(TICK_MS);
    await settled();
    await until(() => this.gate.busy === 0, 'the store');
    await settled();
  }

  /** Lets ticks pass until the promise is settled. */
  async durable<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    promise.then(done, done);
    for (let left = 2_000; !isDone && left > 0; left -= 1) await this.tick();
    return promise;
  }

  /** Parses and executes a command; resolves when it is durable. */
  run<N extends CommandName>(
    session: Session,
    playerId: string,
    ...[name, payload]: [N, CommandInput<N>]
  ): Promise<CommandAnswer> {
    const command = { name, payload: COMMANDS[name].parse(payload) } as Command;
    return this.durable(session.execute(playerId, command));
  }

  /** As `run`, and the command must succeed; answers its value. */
  async must<N extends CommandName>(
    session: Session,
    playerId: string,
    ...[name, payload]: [N, CommandInput<N>]
  ): Promise<Record<string, string>> {
    const answer = await this.run(session, playerId, name, payload);
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.code} ${answer.detail ?? ''}`);
    return answer.value as Record<string, string>;
  }

  control(session: Session, playerId: string): TestControl {
    return new TestControl(session, playerId).connect();
  }

  writer(session: Session, playerId: string, document: string): TestWriter {
    return new TestWriter(playerId, document).connect(session);
  }

  /** Delivers all frames of the writers both ways, and lets ticks pass, until nothing moves any more. */
  async exchange(...writers: TestWriter[]): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      for (const writer of writers) writer.deliverOut();
      await this.tick();
      const isQuiet = writers.every((writer) => (writer.connection?.toClient.length ?? 0) === 0);
      for (const writer of writers) writer.deliverIn();
      if (isQuiet && writers.every((writer) => (writer.connection?.toServer.length ?? 0) === 0)) return;
    }
    throw new Error('The writers never came to rest.');
  }

  /** A draft of the player with text that they typed. */
  async draftWith(session: Session, playerId: string, text: string): Promise<string> {
    const { draftId } = await this.must(session, playerId, 'draft:open', {});
    const writer = this.writer(session, playerId, `draft-${draftId!}`);
    await this.exchange(writer);
    writer.type(0, text);
    await this.exchange(writer);
    writer.disconnect();
    return draftId!;
  }

  /** A passage that the player typed and committed. */
  async passageOf(session: Session, playerId: string, text: string): Promise<string> {
    const draftId = await this.draftWith(session, playerId, text);
    const { passageId } = await this.must(session, playerId, 'draft:commit', { draftId });
    return passageId!;
  }

  /** A passage that the narrator wrote. */
  async narratorPassage(session: Session, playerId: string, text: string): Promise<string> {
    const { turnId } = await this.must(session, playerId, 'narrator:ask', {});
    this.narrator.begin(turnId!);
    await this.durable(this.narrator.say(turnId!, text));
    this.narrator.finish(turnId!);
    await this.tick();
    return session.kernel.story.passages().at(-1)!.id;
  }
}
