import type { Choice, RollbackScope, RollbackTiming } from '../../sessions/history-view.ts';
import type { SessionEvent } from '../../sessions/events.ts';
import { storySpans } from '../../sessions/commands/drafts.ts';
import { NARRATOR, spansText } from '../../sessions/story-shape.ts';
import type { CollabRun, Person } from './collab-run.ts';
import { STEPS, type Step } from './collab-steps.ts';

const gm = (run: CollabRun): Person => run.people[0]!;

function pickScope(run: CollabRun): RollbackScope | null {
  const { random, session, table } = run;
  const { story, state } = session.kernel;
  const line = story.line();
  const now = table.clock.now();
  const anyTime = () => now - random.int(0, 4_000);
  const checkpoint = state.history.checkpoints.length > 0 ? random.pick(state.history.checkpoints) : null;
  const kinds: (() => RollbackScope | null)[] = [
    () => ({ kind: 'point', to: { passageId: line.length === 0 ? null : random.pick(line) } }),
    () => ({ kind: 'point', to: { time: anyTime() } }),
    () => (checkpoint === null ? null : { kind: 'point', to: { checkpointId: checkpoint.id } }),
    () => (line.length === 0 ? null : { kind: 'passage', passageId: random.pick(line) }),
    () => ({ kind: 'player', playerId: random.pick(run.people).playerId, from: anyTime(), to: now }),
    () => ({ kind: 'version', version: 'scripted' }),
    () => ({ kind: 'undo', rollbackId: state.history.rollbacks.at(-1)?.id ?? 'none' }),
    () => ({ kind: 'undo', rollbackId: state.history.rollbacks.at(-1)?.id ?? 'none' }),
  ];
  return random.pick(kinds)();
}

async function rollBack(run: CollabRun): Promise<void> {
  const { random, session } = run;
  const scope = pickScope(run);
  if (scope === null) return;
  const timing = random.pick<RollbackTiming | null>(['now', 'now', 'now', null, 'turn', 'scene', 'branch']);
  const ids = session.kernel.story.line();
  const choices = Object.fromEntries(
    ids.map((id) => [id, random.pick<Choice>(['keep', 'go', 'ask'])] as const),
  );
  const payload = { scope, planId: null, choices, timing, reason: '', isSafety: random.chance(0.1) };
  run.waiting.push(gm(run));
  run.execute(gm(run), { name: 'rollback:execute', payload }, () => void run.waiting.pop());
  await Promise.resolve();
}

/** K7: what each player had typed into a draft of a passage that goes, they have after it. */
export function watchRollbacks(run: CollabRun): void {
  const { kernel } = run.session;
  run.waiting.length = 0;
  let before: { author: string; draftId: string; openedBy: string; text: string }[] = [];
  kernel.onEvent((event: SessionEvent) => {
    if (event.type === 'text-held') run.forgetCommits([event.hold.passageId ?? '']);
    if (event.type === 'rolled-back') {
      const { struck, changed, restored } = event.rollback;
      run.forgetCommits([...struck, ...changed, ...restored]);
      const gone = new Set([...struck, ...changed]);
      before = Object.values(kernel.state.drafts)
        .filter(({ replaces }) => replaces !== null && gone.has(replaces))
        .flatMap(({ id, openedBy }) => {
          const spans = kernel.draftSpans(id);
          const authors = [...new Set(spans.map(({ author }) => author))].filter(
            (author) => author !== NARRATOR,
          );
          return authors.map((author) => ({ author, draftId: id, openedBy, text: ownText(spans, author) }));
        });
      run.afterStep = () => {
        for (const { author, draftId, openedBy, text } of before) {
          if (text === '' || kernel.state.players[author]?.isGone === true) continue;
          const reachable = Object.values(kernel.state.drafts).filter(({ openedBy: by }) => by === author);
          const own = reachable.map(({ id }) => ownText(kernel.draftSpans(id), author));
          // It may have been committed anew in the same breath.
          const told = kernel.story.passages().flatMap(({ alternatives }) => alternatives);
          const shown = told.map(({ spans }) => ownText(spans, author));
          const isKept = [...own, ...shown].some((kept) => kept.includes(text));
          if (!isKept) throw new Error(`K7: “${text}” of ${author} in ${draftId} by ${openedBy} is lost`);
          run.counts['kept words'] = (run.counts['kept words'] ?? 0) + 1;
        }
        before = [];
      };
    }
  });
}

function ownText(spans: Parameters<typeof storySpans>[0], author: string): string {
  return spansText(storySpans(spans.filter((span) => span.author === author)));
}

function branch(run: CollabRun): void {
  const { random, session } = run;
  const line = session.kernel.story.line();
  const passageId = line.length === 0 ? null : random.pick(line);
  run.execute(gm(run), { name: 'branch:create', payload: { passageId, name: 'B' } });
}

function switchBranch(run: CollabRun): void {
  const branches = run.session.kernel.story.branches();
  run.execute(gm(run), { name: 'branch:switch', payload: { branchId: run.random.pick(branches).id } });
}

function answer(run: CollabRun): void {
  const asked = Object.entries(run.session.kernel.state.history.asked);
  if (asked.length === 0) return;
  const [passageId, { playerId }] = run.random.pick(asked);
  const person = run.people.find((one) => one.playerId === playerId)!;
  run.execute(person, {
    name: 'rollback:answer',
    payload: { passageId, answer: run.random.pick(['keep', 'go']) },
  });
}

function memory(run: CollabRun): void {
  const items = run.session.kernel.story.memory();
  const person = run.random.pick(run.people);
  if (items.length === 0 || run.random.chance(0.5))
    return run.execute(person, { name: 'memory:add', payload: { text: 'A fact.' } });
  const { id: itemId } = run.random.pick(items);
  if (run.random.chance(0.5)) return run.execute(person, { name: 'memory:delete', payload: { itemId } });
  run.execute(person, { name: 'memory:pin', payload: { itemId, isPinned: run.random.chance(0.5) } });
}

function xCard(run: CollabRun): void {
  run.execute(run.random.pick(run.people), { name: 'safety:x-card', payload: {} });
}

async function purge(run: CollabRun): Promise<void> {
  const passages = run.session.kernel.story.passages();
  if (passages.length === 0) return;
  const { id } = run.random.pick(passages);
  run.forgetCommits([id]);
  run.purged.add(id);
  run.execute(gm(run), { name: 'session:purge', payload: { passageIds: [id], talkIds: [] } });
  await run.table.tick();
}

/** The usual game, shorter on keys and longer on passages, with everything that history can do. */
export const HISTORY_STEPS: readonly Step[] = [
  ...STEPS.filter(([, name]) => name !== 'break'),
  [12, 'open', (run) => run.open()],
  [20, 'commit', (run) => run.commit()],
  [6, 'narrate', (run) => run.narrate()],
  [2, 'ask', (run) => run.ask()],
  [2, 'retry', (run) => run.passageCommand('narrator:retry')],
  [4, 'reopen', (run) => run.passageCommand('passage:reopen')],
  [1, 'restore', (run) => run.passageCommand('passage:restore')],
  [7, 'roll back', rollBack],
  [1, 'branch', branch],
  [1.5, 'switch', switchBranch],
  [4, 'answer', answer],
  [20, 'type', (run) => run.type()],
  [1, 'memory', memory],
  [1, 'scene', (run) => run.execute(gm(run), { name: 'scene:begin', payload: { title: '' } })],
  [0.7, 'checkpoint', (run) => run.execute(gm(run), { name: 'checkpoint:save', payload: { name: 'C' } })],
  [0.3, 'cancel', (run) => run.execute(gm(run), { name: 'rollback:cancel', payload: {} })],
  [0.3, 'x-card', xCard],
  [0.25, 'purge', purge],
];
