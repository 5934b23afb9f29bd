import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModerator } from '../../moderation/moderator.ts';
import { DETECTORS as ALL, runDetectors } from '../../moderation/rules/detectors.ts';
import { injectionFindings } from '../../moderation/rules/injection.ts';
import { bannedSpans, lexiconFeatures, lexiconFindings } from '../../moderation/rules/lexicon.ts';
import { maskText } from '../../moderation/text/mask.ts';
import { foldText, viewsOf } from '../../moderation/text/normalise.ts';
import { piiFindings } from '../../moderation/rules/pii.ts';
import { spamFindings } from '../../moderation/rules/spam.ts';
import { requestOf } from '../support/screen-requests.ts';
import type { ScreenRequest, TextSpan } from '../../sessions/moderator.ts';

// Text as an enemy would write it, 20,000 characters of it: nothing throws, spans stay inside, and time grows with the
// length and not with its square.

const LENGTH = 20_000;
const DETECTORS = { lexiconFindings, piiFindings, injectionFindings, spamFindings };

const request = (text: string): ScreenRequest =>
  requestOf({
    text,
    cast: ['Mira', 'Dick'],
    players: ['Jo'],
    speaker: 'Jo',
    recent: [text.slice(0, 100), text],
    history: 1,
  });

const fill = (piece: string, length = LENGTH) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Each of these makes some pattern begin often and fail late. */
const BOMBS = [
  'a',
  'A',
  '1',
  '1 ',
  '1-',
  '1.',
  '1:',
  'a:',
  'a ',
  'a.',
  'a@',
  '@',
  'a@a.',
  'a.b-c_d+',
  'a at ',
  'at dot ',
  '(((1',
  '+1 (',
  '4111 ',
  'gb82 ',
  'ab12cd34 ',
  '12 Aa Bb Cc ',
  '12 12 Aa Aa Aa ',
  'Via Aa Aa Aa Aa ',
  'corner of Aa 12 ',
  'strasse ',
  'astrasse ',
  'my address is ',
  'Suite 12, ',
  'IL 62704 ',
  'ignore previous ',
  'ignore all the ',
  'reveal your ',
  'you are now an ai ',
  'print "',
  'system: ',
  '\n### ',
  '\nsystem',
  '<|',
  '<|a_',
  '[[admin',
  '---- end of ',
  'Aa0+',
  '0f ',
  '\\u0041',
  'a*',
  'f*** ',
  '**',
  'f u c k ',
  'n i ',
  'aab',
  'aabbcc',
  'iissttoo',
  'son of a ',
  'mother ',
  '!',
  '$a1',
  '\u0301',
  'a\u0301\u0336\u0489',
  '\u200d',
  '😀',
  '👩\u200d👩\u200d👧\u200d👦',
  '\ud83d',
  '\udc00',
  'ﷺ',
  'кk',
  'о',
  'ｋ',
  'https://a ',
  'line\n',
  '\n',
  ' ',
  '\u0000',
];

const soup = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...BOMBS),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('.', ',', ' ', '\n', 'k', 'і', 'ѕ', 'е', '5', '7', '@', '|'),
  ),
  maxLength: 60,
});

function checkAll(text: string): void {
  const views = viewsOf(text);
  expect(views.offsets).toHaveLength(views.folded.length + 1);
  expect(views.folded.length).toBeLessThanOrEqual(8 * text.length);
  const spans: TextSpan[] = bannedSpans(text);
  for (const detector of Object.values(DETECTORS)) {
    for (const finding of detector(views, request(text))) {
      expect(finding.spans.length).toBeGreaterThan(0);
      expect(Number.isInteger(finding.severity)).toBe(true);
      expect(finding.severity).toBeGreaterThanOrEqual(1);
      expect(finding.severity).toBeLessThanOrEqual(4);
      for (const span of finding.spans) spans.push({ ...span, source: finding.source, label: finding.label });
    }
  }
  // One comparison for all spans: an expectation for each would take longer than what it checks.
  const isInside = ({ start, end }: TextSpan) => start >= 0 && start < end && end <= text.length;
  expect(spans.filter((span) => !isInside(span))).toEqual([]);
  expect(Object.values(lexiconFeatures(views.folded)).every((count) => count > 0)).toBe(true);
  maskText(text, spans);
}

function millisecondsFor(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

describe('hostile text', () => {
  it.each(BOMBS.map((bomb) => [JSON.stringify(bomb), bomb]))('%s, 20,000 characters of it', (_, bomb) => {
    checkAll(fill(bomb));
    checkAll(`${fill(bomb, LENGTH - 1)}\u0000`);
    checkAll(`x${fill(bomb, LENGTH - 2)}!`);
  });

  it('any mixture of it', () => {
    fc.assert(
      fc.property(soup, fc.integer({ min: 1, max: 300 }), (piece, times) => {
        const text = piece.repeat(times).slice(0, LENGTH);
        checkAll(text);
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
      }),
      { numRuns: 300, seed: 20_001 },
    );
  });

  it('takes time in proportion to its length', () => {
    const everything = (text: string) => {
      const views = viewsOf(text);
      for (const detector of Object.values(DETECTORS)) detector(views, request(text));
    };
    for (const bomb of BOMBS) {
      const [short, long] = [fill(bomb, LENGTH / 4), fill(bomb)];
      everything(short);
      // Four times the length; a square would be sixteen times. A busy machine may spoil a measurement, not ten.
      let best = Infinity;
      for (let attempt = 0; attempt < 10 && best > 10; attempt += 1) {
        const base = Math.max(
          2,
          millisecondsFor(() => everything(short)),
        );
        best = Math.min(best, millisecondsFor(() => everything(long)) / base);
      }
      expect(best, JSON.stringify(bomb)).toBeLessThan(10);
    }
  });
});

/** Each of these makes some pattern about people begin often and fail late. */
const ADDRESSED = [
  'you are so ',
  'nobody here ',
  'everyone we all ',
  'i am just ',
  "i've been ",
  'better without ',
  'women are all ',
  'she was twelve and ',
  'hands under her ',
  'how to make ',
  'where does a b c ',
  '"you are ',
  'if you dont ',
  'girls girls ',
  'line\n',
  '1.',
  'a@a.',
  '\n### ',
];

describe('the whole of moderation', () => {
  it('reads hostile text of any channel without throwing, with spans inside it', async () => {
    const moderator = await createModerator({
      encoder: 'off',
      judge: null,
      clock: { now: () => 0, after: () => () => undefined },
    });
    for (const bomb of [...BOMBS, ...ADDRESSED])
      for (const channel of ['story', 'talk', 'name', 'direction'] as const) {
        const text = fill(bomb);
        const verdict = moderator.look({ ...request(text), channel });
        expect(verdict.failedTiers, JSON.stringify(bomb)).toEqual([]);
        const outside = verdict.spans.filter(
          ({ start, end }) => start < 0 || end > text.length || start >= end,
        );
        expect(outside, JSON.stringify(bomb)).toEqual([]);
      }
    await moderator.close();
  });

  it('takes time in proportion to the length of what is said to people', () => {
    const everything = (text: string) => {
      const said = { ...request(text), channel: 'talk' as const, recent: [] };
      expect(runDetectors(viewsOf(text), said, ALL).failed).toEqual([]);
    };
    for (const bomb of ADDRESSED) {
      const [short, long] = [fill(bomb, LENGTH / 4), fill(bomb)];
      everything(short);
      let best = Infinity;
      for (let attempt = 0; attempt < 10 && best > 10; attempt += 1) {
        const base = Math.max(
          2,
          millisecondsFor(() => everything(short)),
        );
        best = Math.min(best, millisecondsFor(() => everything(long)) / base);
      }
      expect(best, JSON.stringify(bomb)).toBeLessThan(10);
    }
  });
});
