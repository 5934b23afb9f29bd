import { expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../test/support/manual-clock.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import type { SideFigures } from './narrator-observer.ts';
import { ModelNarrator } from './narrator.ts';
import { createNarratorQueue } from './queue-policies.ts';
import { ScriptedModel } from './scripted-model.ts';
import type { Script } from './scripted-model.ts';
import type { SideEngine, SideTurn } from './side-line.ts';

async function setup(script: (clock: ManualClock) => Script) {
  const clock = new ManualClock();
  const figures: SideFigures[] = [];
  const waits: [number, string][] = [];
  const narrator = new ModelNarrator({
    queue: createNarratorQueue('fair', {
      clock,
      permits: 1,
      chunk: 256,
      budgets: { playerPerHour: null, sessionPerHour: null },
    }),
    model: new ScriptedModel({ scripts: [script(clock)], info: { parallel: 1 } }),
    clock,
    random: new SeededRandom(1),
    observer: {
      sideEnded: (of) => figures.push(of),
      granted: (ms, workClass) => waits.push([ms, workClass]),
    },
  });
  onTestFinished(() => narrator.close({ deadlineMs: 0 }));
  await narrator.reload();
  return { clock, narrator, figures, waits };
}

const turn = (of: Partial<SideTurn> = {}): SideTurn => ({
  ...{
    turnId: 'side',
    sessionId: 'judge',
    tenantId: 't',
    playerId: 'side',
    fingerprint: of.endpoint ?? of.workClass ?? 'f',
  },
  workClass: 'moderation',
  maxTokens: 10,
  ...of,
});

/** Asks the model something of so many characters. */
function asking(characters: number) {
  return ({ model, onCost }: SideEngine, signal: AbortSignal) =>
    model.generate({
      turnId: 'side',
      storyId: 'judge',
      prompt: { shape: 'continuation', text: 'x'.repeat(characters) },
      maxTokens: 10,
      ...{ temperature: 0, topP: 1, minP: 0, seed: 1 },
      signal,
      onText: () => undefined,
      onCost,
    });
}

const never = new AbortController().signal;

it('S1.1, S1.3: side work is a request of its endpoint with its tokens and times', async () => {
  const { narrator, figures, waits } = await setup((clock) => ({
    pieces: ['12345678', '1234'],
    pause: () => Promise.resolve(clock.advance(100)),
  }));
  await narrator.side(turn(), asking(40), never);
  await narrator.side(turn({ workClass: 'background' }), asking(40), never);
  await narrator.side(turn({ workClass: 'background', endpoint: 'summary' }), asking(40), never);
  expect(figures.map(({ endpoint }) => endpoint)).toEqual(['moderation', 'judge', 'summary']);
  expect(figures[0]).toMatchObject({ status: 'success', inputTokens: 10, outputTokens: 3 });
  expect(figures[0]).toMatchObject({ first: { sinceGrantMs: 100, sinceAskedMs: 100 } });
  expect(figures[0]!.durationMs).toBeGreaterThanOrEqual(200);
  expect(waits.map(([, workClass]) => workClass)).toEqual(['moderation', 'background', 'background']);
});

it('S1.3: tokens of a request that broke count, and its own error comes through', async () => {
  const { narrator, figures } = await setup(() => ({ pieces: ['12345678'], breaks: 'NARRATOR_FAILED' }));
  await expect(narrator.side(turn(), asking(40), never)).rejects.toMatchObject({ code: 'NARRATOR_FAILED' });
  expect(figures).toMatchObject([{ status: 'error', inputTokens: 10, outputTokens: 2 }]);
});

it('S1.1: work that is taken back before it begins is cancelled and took no time', async () => {
  const { narrator, figures, waits } = await setup(() => ({ pieces: ['One.'] }));
  const abort = new AbortController();
  abort.abort();
  await expect(narrator.side(turn(), asking(4), abort.signal)).rejects.toThrow();
  expect(figures).toMatchObject([{ status: 'cancelled', durationMs: 0, first: null, outputTokens: 0 }]);
  expect(waits).toEqual([]);
});
