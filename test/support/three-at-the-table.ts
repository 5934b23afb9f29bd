import type { CommandInput, Role } from '../../sessions/protocol.ts';
import type { DeskView, HoldView } from '../../sessions/safety-view.ts';
import type { Session } from '../../sessions/session.ts';
import { chosenText } from '../../sessions/story-shape.ts';
import { SessionsFixture, type Made } from './sessions-fixture.ts';
import type { TestControl } from './test-control.ts';

/** A session with its owner Olga, the writer Ann, and Ben, all connected. */
export interface ThreeAtTheTable {
  table: SessionsFixture;
  made: Made;
  session: Session;
  owner: string;
  ann: string;
  ben: string;
  gm: TestControl;
  annControl: TestControl;
  benControl: TestControl;
}

/** Seats the three in a fresh session; Ben's role is as given. */
export async function threeAtTheTable(of: {
  turnMode?: 'free' | 'ordered';
  ben?: Exclude<Role, 'owner'>;
}): Promise<ThreeAtTheTable> {
  const table = SessionsFixture.inMemory();
  const made = await table.create({ ownerName: 'Olga', turnMode: of.turnMode ?? 'free' });
  const { session, ownerId: owner } = made;
  const ann = await table.join(made, 'writer', 'Ann');
  const ben = await table.join(made, of.ben ?? 'writer', 'Ben');
  const [gm, annControl, benControl] = [
    table.control(session, owner),
    table.control(session, ann),
    table.control(session, ben),
  ];
  await table.tick();
  return { table, made, session, owner, ann, ben, gm, annControl, benControl };
}

/** What a player sees on their own desk now. */
export function deskOf(control: TestControl): DeskView {
  const desk = control.heard('session:desk').at(-1);
  if (desk === undefined) throw new Error('No desk was sent.');
  return desk;
}

/** State and chosen text of every passage. */
export function storyTexts(session: Session): [string, string][] {
  return session.kernel.story.passages().map((passage) => [passage.state, chosenText(passage)]);
}

/** All that a connection was ever told, as one text. */
export function toldTo(control: TestControl): string {
  return JSON.stringify(control.events);
}

/** What the tests of holds do again and again, at a table that may be another one in each test. */
export function movesAt(seats: () => Pick<ThreeAtTheTable, 'table' | 'session' | 'owner' | 'gm'>) {
  async function typed(playerId: string, draftId: string, text: string): Promise<void> {
    const { table, session } = seats();
    const writer = table.writer(session, playerId, `draft-${draftId}`);
    await table.exchange(writer);
    writer.type(0, text);
    await table.exchange(writer);
    writer.disconnect();
  }
  return {
    /** What is on the game master's desk. */
    holds: (): HoldView[] => deskOf(seats().gm).review?.holds ?? [],
    /** Decides about the first hold on the desk, or another one. */
    decide: (of: Partial<CommandInput<'hold:decide'>>) => {
      const { table, session, owner, gm } = seats();
      const holdId = deskOf(gm).review?.holds[0]?.id ?? 'none';
      return table.run(session, owner, 'hold:decide', { holdId, decision: 'approve', ...of });
    },
    /** Types in front of a draft. */
    typed,
    /** Opens a passage again and types in front of its text. */
    reopened: async (playerId: string, passageId: string, text: string): Promise<string> => {
      const { table, session } = seats();
      const { draftId = '' } = await table.must(session, playerId, 'passage:reopen', { passageId });
      await typed(playerId, draftId, text);
      return draftId;
    },
    /** A turn that the owner has asked for, on the engine. */
    asked: async (): Promise<string> => {
      const { table, session, owner } = seats();
      const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
      table.narrator.begin(turnId);
      return turnId;
    },
  };
}
