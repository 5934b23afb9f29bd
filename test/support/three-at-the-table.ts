import type { DeskView } from '../../sessions/safety-view.ts';
import type { Role } from '../../sessions/protocol.ts';
import type { Session } from '../../sessions/session.ts';
import { spansText } from '../../sessions/story-shape.ts';
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
  return session.kernel.story
    .passages()
    .map(({ state, alternatives, chosen }) => [state, spansText(alternatives[chosen]?.spans ?? [])]);
}

/** All that a connection was ever told, as one text. */
export function toldTo(control: TestControl): string {
  return JSON.stringify(control.events);
}
