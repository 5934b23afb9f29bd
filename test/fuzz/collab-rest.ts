import { TYPING_MS } from '../../sessions/session-people.ts';
import { mayRead } from '../../sessions/state.ts';
import { settled } from '../support/sessions-fixture.ts';
import { TestWriter } from '../support/test-writer.ts';
import { checkAll } from './collab-checks.ts';
import type { CollabRun } from './collab-run.ts';

/** Everything comes to rest, everybody is connected to everything, and then all must agree. */
export async function rest(run: CollabRun): Promise<void> {
  await run.table.gate.release();
  await run.table.tick();
  await finishNarrator(run);
  await meet(run);
  // Nobody counts as typing any more, and drafts that commit themselves have.
  run.table.clock.advance(TYPING_MS * 3);
  await settled();
  await finishNarrator(run);
  await rememberAll(run);
  await meet(run);
  await checkAll(run);
  await run.atRest();
}

/** The background jobs of the narrator's memory are done. */
async function rememberAll(run: CollabRun): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    run.table.clock.advance(100);
    await settled();
  }
}

async function finishNarrator(run: CollabRun): Promise<void> {
  const { narrator } = run.table;
  for (let left = 20; narrator.asked.length > 0 && left > 0; left -= 1) {
    const { turn, isRunning } = narrator.asked[0]!;
    if (!isRunning && narrator.begin(turn.turnId) === null) continue;
    narrator.finish(turn.turnId);
    await run.table.tick();
  }
}

async function meet(run: CollabRun): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    for (const person of run.people) {
      if (person.control?.closedWith !== null) run.connectControl(person);
      for (const [name, writer] of person.writers) {
        // Its draft was closed, or became somebody's own, while nobody told this one.
        const isReadable = run.session.kernel.mayRead(name, person.playerId);
        if (!writer.isConnected && !isReadable) person.writers.delete(name);
      }
      for (const [name, document] of run.session.kernel.documents) {
        const draft = run.draftOf(name);
        if (draft !== null && !mayRead(run.session.kernel.state, draft, person.playerId)) continue;
        const writer = person.writers.get(name) ?? new TestWriter(person.playerId, document.name);
        person.writers.set(name, writer);
        if (!writer.isConnected) writer.connect(run.session);
        writer.setSlow(false);
      }
    }
    const writers = run.people.flatMap((person) => [...person.writers.values()]);
    await run.table.exchange(...writers.filter((writer) => writer.isConnected));
    for (const person of run.people) {
      for (const writer of [...person.writers.values()]) run.noteAcks(person, writer);
    }
  }
}
