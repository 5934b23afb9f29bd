import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf, TestPlayer } from '../support/player.ts';
import { RawDocument } from '../support/raw-document.ts';
import { withSeed, type SeededRandom } from '../support/seeded-random.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const SEED = Number(process.env.SEED ?? 4_711);
const KILLS = Number(process.env.KILLS ?? 10);

/** The pace of a writer: nothing is waited for. */
function pace(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What people saw, and what they were told is stored, at the moment of a kill. */
interface Evidence {
  /** Words that somebody else had typed. */
  seen: Set<string>;
  /** Words whose durability was acked. */
  acked: Set<string>;
  /** Committed passages that somebody saw: id -> text. */
  passages: Map<string, string>;
  committed: Set<string>;
  talk: Set<string>;
}

/** One life of the server: three people write until it is killed. */
class Evening {
  readonly evidence: Evidence = {
    seen: new Set(),
    acked: new Set(),
    passages: new Map(),
    committed: new Set(),
    talk: new Set(),
  };
  private readonly random: SeededRandom;
  private readonly round: number;
  private readonly players: readonly TestPlayer[];
  private drafts: Awaited<ReturnType<TestPlayer['draft']>>[] = [];
  private raw: RawDocument | null = null;
  private readonly rawWords: string[] = [];
  private words = 0;
  private isOver = false;
  private endOpening: () => void = () => undefined;
  /** Ends an opening that a kill has interrupted. */
  private readonly ending = new Promise<void>((resolve) => {
    this.endOpening = resolve;
  });

  constructor(random: SeededRandom, round: number, players: readonly TestPlayer[]) {
    this.random = random;
    this.round = round;
    this.players = players;
  }

  private word(letter: string): string {
    this.words += 1;
    return `${letter}${this.round}x${this.words} `;
  }

  /** Ann opens a draft and all of them write in it: Ann and Bo with stock providers, Cy with acks. */
  async open(): Promise<void> {
    const [ann, bo, cy] = this.players as [TestPlayer, TestPlayer, TestPlayer];
    const open = ann.view!.drafts.find((draft) => draft.openedBy === ann.id);
    const mine = await ann.draft(open?.id);
    this.drafts = [mine, await bo.draft(mine.draftId)];
    this.raw = await RawDocument.open(cy, `draft-${mine.draftId}`, '&acks=1');
    this.rawWords.length = 0;
    for (const player of this.players) await player.story();
  }

  async write(killAfterMs: number, kill: () => Promise<unknown>): Promise<void> {
    const writing = Promise.allSettled([this.writeShared(), this.writeRaw(), this.say()]);
    await pace(killAfterMs);
    await kill();
    this.isOver = true;
    this.endOpening();
    await writing;
    await until('all lines are dead', () => {
      const providers = this.players.flatMap((player) => player.providers);
      return providers.every((provider) => !provider.wsconnected) && this.raw?.closed !== null;
    });
    await this.remember();
  }

  private async writeShared(): Promise<void> {
    const [ann] = this.players as [TestPlayer];
    while (!this.isOver) {
      for (const [index, draft] of this.drafts.entries()) {
        const at = this.random.int(0, draft.text.length);
        const spot = draft.text.toJSON().indexOf(' ', at) + 1;
        draft.text.insert(spot, this.word('ab'[index]!));
      }
      await pace(this.random.int(1, 15));
      if (!this.random.chance(0.12)) continue;
      const { draftId } = this.drafts[0]!;
      const answer = await ann.command('draft:commit', { draftId });
      if (answer.ok) this.evidence.committed.add(answer.value.passageId ?? '');
      for (const { provider } of this.drafts) provider.destroy();
      if (!this.isOver) await Promise.race([this.open(), this.ending]);
    }
  }

  private async writeRaw(): Promise<void> {
    let id = 1_000 * this.round;
    let of: RawDocument | null = null;
    while (!this.isOver) {
      const raw = this.raw;
      if (raw !== null && raw.closed === null) {
        if (of !== raw) id += 1;
        of = raw;
        const word = this.word('c');
        this.rawWords.push(word);
        raw.type(id, word);
        this.noteAcked();
      }
      await pace(this.random.int(1, 15));
      this.noteAcked();
    }
  }

  private noteAcked(): void {
    for (const word of this.rawWords.slice(0, this.raw?.acked ?? 0)) this.evidence.acked.add(word);
  }

  private async say(): Promise<void> {
    const [, bo] = this.players as [TestPlayer, TestPlayer];
    while (!this.isOver) {
      const text = this.word('t').trim();
      const answer = await bo.command('talk:say', { text });
      if (answer.ok) this.evidence.talk.add(text);
      await pace(this.random.int(20, 60));
    }
  }

  private async remember(): Promise<void> {
    const { evidence } = this;
    this.noteAcked();
    const letters = ['a', 'b', 'c'];
    const copies = [...this.drafts.map(({ text }) => text.toJSON()), this.raw?.text ?? ''];
    for (const [index, copy] of copies.entries()) {
      for (const word of copy.match(/[abc]\d+x\d+ /g) ?? [])
        if (word[0] !== letters[index]) evidence.seen.add(word);
    }
    for (const player of this.players) {
      for (const passage of await player.story()) evidence.passages.set(passage.id, textOf(passage));
      for (const { text } of player.talk) evidence.talk.add(text);
    }
  }
}

describe('kill -9 while three people write', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start({ EDITS_PER_SECOND: '1000', EDIT_BURST: '1000' });
  });
  afterAll(() => server.stop());

  it('D1: what anybody had seen and all that was acked is there after each kill', async () => {
    const host = new TestPlayer(server.url);
    const { sessionId, invites } = await host.create();
    const cookies: (string | null)[] = [host.cookie];
    for (const name of ['Bo', 'Cy']) {
      const guest = new TestPlayer(server.url);
      await guest.http('POST', `/api/sessions/${sessionId}/join`, { name, invite: invites[1]!.secret });
      cookies.push(guest.cookie);
    }
    /** Fresh browsers that remember nothing but who they are, so that nobody brings anything back. */
    const enter = async () => {
      const players: TestPlayer[] = [];
      for (const cookie of cookies) {
        const player = new TestPlayer(server.url);
        player.cookie = cookie;
        players.push(await player.join(sessionId));
      }
      everybody.push(...players);
      return players as [TestPlayer, TestPlayer, TestPlayer];
    };
    const everybody: TestPlayer[] = [];
    const totals = { seen: 0, acked: 0, passages: 0, talk: 0 };
    await withSeed(SEED, async (random) => {
      let players = await enter();
      for (let round = 1; round <= KILLS; round += 1) {
        const evening = new Evening(random, round, players);
        await evening.open();
        await evening.write(random.int(100, 900), () => server.kill('SIGKILL'));
        for (const player of players) player.close();
        await server.restart();
        players = await enter();
        const { seen, acked, passages, committed, talk } = evening.evidence;
        const [ann] = players;
        const story = await ann.story();
        let everything = story.map(textOf).join(' ');
        for (const { id } of ann.view!.drafts) {
          const draft = await RawDocument.open(ann, `draft-${id}`);
          expect(draft.doc.store.pendingStructs).toBeNull();
          everything += ` ${draft.text}`;
          draft.socket.close();
        }
        const there = new Set(everything.split(/\s+/).map((word) => `${word} `));
        expect([...seen].filter((word) => !there.has(word))).toEqual([]);
        expect([...acked].filter((word) => !there.has(word))).toEqual([]);
        const texts = new Map(story.map((passage) => [passage.id, textOf(passage)]));
        for (const [id, text] of passages) expect(texts.get(id)).toBe(text);
        for (const id of committed) expect(texts.has(id)).toBe(true);
        const said = new Set(ann.talk.map(({ text }) => text));
        expect([...talk].slice(-150).filter((text) => !said.has(text))).toEqual([]);
        totals.seen += seen.size;
        totals.acked += acked.size;
        totals.passages = passages.size;
        totals.talk += talk.size;
      }
    });
    for (const player of everybody) player.close();
    console.info(`${KILLS} kills: ${JSON.stringify(totals)}`);
    expect(Math.min(totals.seen, totals.acked, totals.passages, totals.talk)).toBeGreaterThan(5);
  }, 120_000);
});
