import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ACTIONS, type Judge, type Judgement } from '../sessions/moderator.ts';
import type { Clock } from '../sessions/ports.ts';
import { requestOf } from '../test/support/screen-requests.ts';
import type { Classifier } from './model/classifier.ts';
import { DETECTORS } from './rules/detectors.ts';
import type { ModelScores } from './findings.ts';
import { createModerator, MAX_JUDGED, type ModeratorParts } from './moderator.ts';

/** A clock whose timers fire only when told to. */
function handClock(): Clock & { fire: () => void } {
  let timers: (() => void)[] = [];
  return {
    now: () => 0,
    after: (_ms, run) => {
      timers.push(run);
      return () => {
        timers = timers.filter((each) => each !== run);
      };
    },
    fire: () => timers.splice(0).forEach((run) => run()),
  };
}

const CLEAN: ModelScores = {
  toxicity: 0,
  hate: 0,
  harassment: 0,
  sexual: 0,
  violence: 0,
  self_harm: 0,
  injection: 0,
};

function modelOf(scores: Partial<ModelScores>): Classifier {
  const all = { ...CLEAN, ...scores };
  return { version: 'm', score: () => all, scoreEmbedding: () => all, averageScores: () => all };
}

function judgeSaying(decision: Judgement['decision'], seen: string[] = []): Judge {
  return {
    name: 'j',
    judge: ({ text }) => {
      seen.push(text);
      return Promise.resolve({ scores: {}, target: 'none', isFiction: true, decision, reason: '' });
    },
  };
}

function moderatorOf(parts: Partial<ModeratorParts> = {}) {
  return createModerator({
    encoder: 'off',
    judge: null,
    clock: handClock(),
    classifier: modelOf({}),
    ...parts,
  });
}

const THREAT = 'I will find you in real life and kill you.';
const moderator = await moderatorOf();

describe('screen', () => {
  it('allows clean text as it is', async () => {
    const text = 'The road went on past the mill.';
    const verdict = await moderator.screen(requestOf({ text }));
    expect(verdict).toMatchObject({
      outcome: 'allow',
      action: 'allow',
      text,
      masks: [],
      spans: [],
      reason: '',
    });
    expect(verdict.policyHash).toBe(moderator.info().policyHash);
  });

  it('masks words and data, and its masks make the text', async () => {
    const text = 'Write to ann@example.com, or fuck off.';
    const verdict = await moderator.screen(requestOf({ text, rules: { rating: 'everyone' } }));
    expect(verdict.action).toBe('redact');
    expect(verdict.text).toContain('[e-mail]');
    expect(verdict.text).not.toContain('fuck');
    let rebuilt = '';
    let done = 0;
    for (const mask of verdict.masks) {
      rebuilt += text.slice(done, mask.start) + mask.text;
      done = mask.end;
    }
    expect(rebuilt + text.slice(done)).toBe(verdict.text);
  });

  it('scores minors and personal data by rules alone', async () => {
    const minor = await moderator.screen(
      requestOf({ text: 'The fourteen-year-old undressed and he touched her.' }),
    );
    expect(minor).toMatchObject({ outcome: 'block_escalate', harm: 'sexual_minors' });
    expect(minor.scores.sexual_minors).toBeGreaterThan(0.9);
    const data = await moderator.screen(requestOf({ text: 'ann@example.com' }));
    expect(data.scores.privacy).toBeGreaterThan(0.5);
  });

  it('has sorted spans inside any text, and an action that fits its outcome', async () => {
    const words = fc.constantFrom(
      'you',
      'idiot',
      'kill',
      'yourself',
      'blood',
      '"',
      'child',
      'naked',
      '\u{1f600}',
      '((',
      '))',
      'a@b.de',
      '.',
      '\n',
      'fuck',
      'I',
      'will',
      'all',
      'are',
      'vermin',
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 30 }).map((list) => list.join(' ')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('story', 'talk', 'name'), async (given, channel) => {
        const verdict = await moderator.screen(requestOf({ text: given, channel, recent: ['before'] }));
        expect(verdict.failedTiers).toEqual([]);
        expect(verdict.action).toBe(ACTIONS[verdict.outcome]);
        let last = 0;
        for (const { start, end } of verdict.spans) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(given.length);
          last = start;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('M6: finds what is split over passages, and does not blame a text for what came before it', async () => {
    const split = requestOf({ text: 'yourself', channel: 'talk', recent: ['you should go and kill'] });
    expect((await moderator.screen(split)).action).toBe('block');
    const after = requestOf({ text: 'please stop', channel: 'talk', recent: ['go and kill yourself'] });
    expect((await moderator.screen(after)).action).toBe('allow');
  });
});

describe('a tier that fails', () => {
  const broken = {
    ...DETECTORS,
    hate: () => {
      throw new Error('broken');
    },
  };

  it('M7: is named, and holds everything but story text at a mature table', async () => {
    const failing = await moderatorOf({ detectors: broken });
    const teen = await failing.screen(requestOf({ text: 'A quiet day.' }));
    expect(teen).toMatchObject({ outcome: 'hold_for_gm', failedTiers: ['rules.hate'], isStrike: false });
    expect(teen.reason).not.toBe('');
    const mature = await failing.screen(requestOf({ text: 'A quiet day.', rules: { rating: 'mature' } }));
    expect(mature).toMatchObject({ outcome: 'allow', failedTiers: ['rules.hate'] });
    const talk = await failing.screen(
      requestOf({ text: 'hi', channel: 'talk', rules: { rating: 'mature' } }),
    );
    expect(talk.outcome).toBe('hold_for_gm');
    expect((await failing.screen(requestOf({ text: THREAT, channel: 'talk' }))).outcome).toBe('block');
  });

  it('may be the classifier', async () => {
    const score = (): ModelScores => {
      throw new Error('broken');
    };
    const failing = await moderatorOf({ classifier: { ...modelOf({}), score } });
    const verdict = await failing.screen(requestOf({ text: 'A quiet day.' }));
    expect(verdict).toMatchObject({ outcome: 'hold_for_gm', failedTiers: ['classifier'] });
  });

  it('is a text that is too long to be judged', async () => {
    const verdict = await moderator.screen(requestOf({ text: 'a b '.repeat(MAX_JUDGED / 4 + 1) }));
    expect(verdict.failedTiers).toContain('length');
    expect(['hold', 'block']).toContain(verdict.action);
  });
});

describe('the judge', () => {
  const grey = requestOf({ text: 'Hm.', channel: 'talk' });
  const unsure = modelOf({ hate: 0.8 });

  it('is asked in the grey band only, for the bare text', async () => {
    const seen: string[] = [];
    const sure = await moderatorOf({ judge: judgeSaying('block', seen) });
    await sure.screen(requestOf({ text: 'A quiet day.', recent: ['before'] }));
    await sure.screen(requestOf({ text: THREAT, channel: 'talk' }));
    expect(seen).toEqual([]);
    const asked = await moderatorOf({
      judge: judgeSaying('allow', seen),
      classifier: modelOf({ sexual: 0.6 }),
    });
    await asked.screen({ ...grey, recent: ['before'] });
    expect(seen).toEqual(['Hm.']);
  });

  it('M8: lowers a hold to a note, and raises what is allowed to a hold', async () => {
    const heldModel = modelOf({ sexual: 0.6 });
    const before = await moderatorOf({ classifier: heldModel });
    expect((await before.screen(grey)).outcome).toBe('allow_with_note');
    const strict = await moderatorOf({ judge: judgeSaying('block'), classifier: heldModel });
    expect((await strict.screen(grey)).outcome).toBe('hold_for_gm');
    const held = modelOf({ sexual: 0.85 });
    expect((await (await moderatorOf({ classifier: held })).screen(grey)).outcome).toBe('hold_for_gm');
    const mild = await moderatorOf({ judge: judgeSaying('allow'), classifier: held });
    expect((await mild.screen(grey)).outcome).toBe('allow_with_note');
  });

  it('M8: never lifts a block or a call for help', async () => {
    const judge = judgeSaying('allow');
    const asked = await moderatorOf({ judge, classifier: unsure });
    expect((await asked.screen(requestOf({ text: THREAT, channel: 'talk' }))).outcome).toBe('block');
    const help = await asked.screen(requestOf({ text: 'I want to kill myself', channel: 'talk' }));
    expect(help).toMatchObject({ outcome: 'hold_for_gm', needsHelp: true, isStrike: false });
  });

  it('is not waited for when it is late, and what came before stands', async () => {
    const clock = handClock();
    const aborted = vi.fn();
    const judge: Judge = {
      name: 'slow',
      judge: (_of, signal) => new Promise(() => signal.addEventListener('abort', aborted)),
    };
    const slow = await moderatorOf({ judge, clock, classifier: modelOf({ sexual: 0.85 }) });
    const pending = slow.screen(grey);
    await Promise.resolve();
    clock.fire();
    expect(await pending).toMatchObject({ outcome: 'hold_for_gm', failedTiers: ['judge'] });
    expect(aborted).toHaveBeenCalledOnce();
  });

  it('that rejects is named too', async () => {
    const judge: Judge = { name: 'j', judge: () => Promise.reject(new Error('no answer')) };
    const failing = await moderatorOf({ judge, classifier: modelOf({ sexual: 0.85 }) });
    expect(await failing.screen(grey)).toMatchObject({ outcome: 'hold_for_gm', failedTiers: ['judge'] });
  });
});

describe('look', () => {
  it('decides as screen does without encoder and judge', async () => {
    for (const text of ['A quiet day.', THREAT, 'kys', 'All immigrants are vermin.', '']) {
      const request = requestOf({ text, channel: 'talk' });
      expect(moderator.look(request)).toEqual(await moderator.screen(request));
    }
  });

  it('takes in the end of a long text, with offsets into the whole', () => {
    const text = `${'la '.repeat(2_000)}\nkys`;
    const verdict = moderator.look(requestOf({ text, channel: 'talk' }));
    expect(verdict.action).toBe('block');
    expect(verdict.spans.map(({ start, end }) => text.slice(start, end))).toContain('kys');
    expect(verdict.text).toHaveLength(text.length);
  });
});

describe('what it tells of itself', () => {
  it('M9: names policy, model and tiers', async () => {
    expect(moderator.info()).toMatchObject({ modelVersion: 'm', hasEncoder: false, hasJudge: false });
    const judged = await moderatorOf({ judge: judgeSaying('allow') });
    expect(judged.info()).toMatchObject({ modelVersion: 'm+j', hasJudge: true });
    expect(moderator.floor('mature').violence).toBeGreaterThan(moderator.floor('everyone').violence);
  });

  it('tells of every tier that ran', async () => {
    const tiers: [string, boolean][] = [];
    const told = await moderatorOf({ onTier: (tier, _ms, ok) => tiers.push([tier, ok]) });
    await told.screen(requestOf({ text: 'Hm.' }));
    expect(tiers).toEqual([
      ['rules', true],
      ['classifier', true],
    ]);
  });

  it('refuses a policy file that is not there', async () => {
    await expect(moderatorOf({ policyFile: '/nowhere.yaml' })).rejects.toThrow(/cannot read/);
  });
});
