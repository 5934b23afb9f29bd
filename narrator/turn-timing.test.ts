import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { TurnTiming } from '../sessions/facts.ts';
import type { Refusal } from '../sessions/errors.ts';
import type { NarratorOutcome, StoryContext } from '../sessions/ports.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { until } from '../test/support/wait.ts';
import type { FirstToken, TurnFigures } from './narrator-observer.ts';
import { ModelNarrator } from './narrator.ts';
import { createNarratorQueue } from './queue-policies.ts';
import { ScriptedModel } from './scripted-model.ts';
import type { Script } from './scripted-model.ts';
import { promptHash } from './turn-sight.ts';
import { TurnTimer } from './turn-timer.ts';
import { VoiceSwitches } from './voice-switches.ts';

const sumOf = ({ queueMs, prefillMs, decodeMs, postMs }: TurnTiming) =>
  queueMs + prefillMs + decodeMs + postMs;

const context: StoryContext = {
  sessionId: 's',
  title: 'T',
  premise: 'P',
  rating: 'teen',
  cast: [],
  passages: [{ id: 'p', text: 'Before.' }],
  direction: null,
  speakAs: null,
  written: '',
  lines: [],
  veils: [],
  guidance: null,
  isSafe: false,
  memory: { facts: [], summaries: [] },
};

/** A narrator on a clock of the test, whose model takes time as its script says. */
async function setup(script: (clock: ManualClock) => Script) {
  const clock = new ManualClock();
  const model = new ScriptedModel({ scripts: [script(clock)], info: { parallel: 1 } });
  const figures: TurnFigures[] = [];
  const firsts: (FirstToken & { load: number; isSwitch: boolean })[] = [];
  const outcomes = new Map<string, NarratorOutcome>();
  const failures = new Map<string, { refusal: Refusal; timing: TurnTiming | undefined }>();
  let told: Partial<StoryContext> = {};
  const desk = {
    start: () => ({ ...context, ...told }),
    // Screening and storing takes 7 ms for each piece.
    write: () => Promise.resolve(clock.advance(7)),
    complete: (turnId: string, outcome: NarratorOutcome) => void outcomes.set(turnId, outcome),
    fail: (turnId: string, refusal: Refusal, timing?: TurnTiming) =>
      void failures.set(turnId, { refusal, timing }),
  };
  const narrator = new ModelNarrator({
    queue: createNarratorQueue('fair', {
      clock,
      permits: 1,
      chunk: 256,
      budgets: { playerPerHour: null, sessionPerHour: null },
    }),
    model,
    clock,
    random: new SeededRandom(1),
    observer: { finished: (one) => figures.push(one), firstToken: (of) => firsts.push(of) },
  });
  onTestFinished(() => narrator.close({ deadlineMs: 0 }));
  await narrator.reload();
  const ask = (turnId: string, of: Partial<StoryContext> = {}) => {
    told = of;
    const ids = { turnId, sessionId: 's', tenantId: 't', playerId: turnId, fingerprint: turnId };
    expect(narrator.ask({ ...ids, workClass: 'narrator', maxTokens: null }, desk)).toEqual({ ok: true });
  };
  return { clock, narrator, figures, firsts, outcomes, failures, ask };
}

it('S0.31: the parts of 50 turns are what the engine took, and add up to the total', async () => {
  const { clock, ask, outcomes, figures } = await setup((time) => {
    let waits = 0;
    // The first piece takes 200 ms, each other one 50 ms.
    return {
      pieces: ['One. ', 'Two. ', 'Three.'],
      pause: () => Promise.resolve(time.advance(waits++ % 3 === 0 ? 200 : 50)),
    };
  });
  for (let turns = 0; turns < 50; turns += 1) {
    ask(`t${turns}`);
    clock.advance(turns);
    await until('what was to come', () => outcomes.has(`t${turns}`));
    const { timing } = outcomes.get(`t${turns}`)!;
    expect(timing.queueMs).toBeLessThanOrEqual(turns);
    expect(timing.prefillMs).toBeGreaterThanOrEqual(200);
    expect(timing.decodeMs).toBeGreaterThanOrEqual(100);
    expect(sumOf(timing)).toBe(timing.totalMs);
    expect(figures[turns]).toMatchObject({ status: 'success', timing, load: 1 });
  }
});

it('S0.31: a turn that is stopped while it waits, or waits too long, has waited all the time', async () => {
  const { clock, ask, narrator, outcomes, failures } = await setup(() => ({
    pieces: ['One.'],
    pause: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  }));
  ask('runs');
  await until('what was to come', () => narrator.place('runs')?.position === 0);
  ask('stopped');
  ask('late');
  clock.advance(40);
  narrator.stop('stopped');
  const waited = (ms: number) => ({ queueMs: ms, prefillMs: 0, decodeMs: 0, postMs: 0, totalMs: ms });
  expect(outcomes.get('stopped')).toMatchObject({ timing: waited(40), promptHash: null, reusedTokens: 0 });
  clock.advance(130_000);
  await until('what was to come', () => failures.has('late'));
  // It failed when its time was up, whatever the clock showed at the end.
  expect(failures.get('late')).toMatchObject({ refusal: { code: 'NARRATOR_LATE' }, timing: waited(120_000) });
});

it('S0.7, S0.62: the first token tells how many turns there were and whether the voice is another one', async () => {
  const { ask, firsts, outcomes } = await setup(() => ({ pieces: ['One.'] }));
  for (const [at, speakAs] of ['Mia', 'Mia', null, 'Tom', 'Mia'].entries()) {
    ask(`t${at}`, { speakAs });
    await until('what was to come', () => outcomes.has(`t${at}`));
  }
  expect(firsts.map(({ isSwitch }) => isSwitch)).toEqual([false, false, false, true, true]);
  expect(firsts.map(({ load }) => load)).toEqual([1, 1, 1, 1, 1]);
  ask('a');
  ask('b');
  await until('what was to come', () => outcomes.has('b'));
  expect(firsts.slice(5).map(({ load }) => load)).toEqual([1, 2]);
});

it('an outcome names the prompt by its hash, the same for the same prompt', async () => {
  const { ask, outcomes } = await setup(() => ({ pieces: ['One.'] }));
  for (const [turnId, premise] of Object.entries({ a: 'P', b: 'P', c: 'Other' })) {
    ask(turnId, { premise });
    await until('what was to come', () => outcomes.has(turnId));
  }
  const [a, b, c] = ['a', 'b', 'c'].map((turnId) => outcomes.get(turnId)?.promptHash);
  expect(a).toMatch(/^[0-9a-f]{64}$/);
  expect(b).toBe(a);
  expect(c).not.toBe(a);
  ask('safe', { isSafe: true });
  await until('what was to come', () => outcomes.has('safe'));
  expect(outcomes.get('safe')).toMatchObject({ promptHash: null, timing: { prefillMs: 0, decodeMs: 0 } });
});

it('white space and Unicode forms do not change the hash of a prompt; who says what does', () => {
  const of = (text: string) => promptHash({ shape: 'continuation', text });
  expect(of(' caf\u00e9\n\nnoir ')).toBe(of('cafe\u0301 noir'));
  expect(of('cafe noir')).not.toBe(of('caf\u00e9 noir'));
  const chat = (role: 'system' | 'user') => promptHash({ shape: 'chat', messages: [{ role, content: 'x' }] });
  expect(chat('system')).not.toBe(chat('user'));
});

it('S0.31: whatever is told in whatever order, no part is negative and the sum is the total', () => {
  const told = fc.array(fc.tuple(fc.constantFrom('granted', 'reads', 'heard'), fc.nat(10_000)), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(told, fc.nat(1_000), (calls, asked) => {
      const clock = new ManualClock();
      clock.advance(asked);
      const timer = new TurnTimer(clock, clock.now());
      timer.granted();
      for (const [call, ms] of calls) {
        clock.advance(ms);
        timer[call]();
      }
      const timing = timer.timing();
      expect(sumOf(timing)).toBe(timing.totalMs);
      expect(timing.totalMs).toBe(calls.reduce((sum, [, ms]) => sum + ms, 0));
      for (const part of Object.values(timing)) expect(part).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('remembers the voices of 1,000 sessions at most', () => {
  const voices = new VoiceSwitches();
  for (let at = 0; at <= 1_000; at += 1) voices.note(`s${at}`, 'Mia');
  expect([voices.note('s0', 'Tom'), voices.note('s1000', 'Tom')]).toEqual([false, true]);
});
