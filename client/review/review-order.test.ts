import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HoldView } from '../../sessions/safety-view.ts';
import { groupHolds, heirOf, isWaiting, stepFrom } from './review-order.ts';

const hold = (part: Partial<HoldView>): HoldView => ({
  id: 'h',
  kind: 'passage',
  state: 'open',
  by: 'ana',
  at: 0,
  channel: 'story',
  passageId: null,
  text: '',
  why: null,
  needsHelp: false,
  appeal: null,
  decidedBy: null,
  decidedAt: null,
  note: '',
  mayUndo: false,
  ...part,
});
const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 8 });

describe('the review list', () => {
  it('waits for what is held and for what is appealed against', () => {
    expect(isWaiting(hold({}))).toBe(true);
    expect(isWaiting(hold({ state: 'refused' }))).toBe(false);
    expect(isWaiting(hold({ state: 'refused', appeal: 'It is a quote.' }))).toBe(true);
    expect(isWaiting(hold({ state: 'approved', appeal: 'It is a quote.' }))).toBe(false);
  });

  it('keeps suggestions and decided texts apart', () => {
    const groups = groupHolds([
      hold({ id: '1' }),
      hold({ id: '2', kind: 'whisper' }),
      hold({ id: '3', kind: 'whisper', state: 'rejected' }),
    ]);
    expect(Object.values(groups).map((all) => (all as HoldView[]).map(({ id }) => id))).toEqual([
      ['1'],
      ['2'],
      ['3'],
    ]);
  });

  it('steps through the list and stops at its ends', () => {
    expect(stepFrom(['a', 'b'], null, 1)).toBe('a');
    expect(stepFrom(['a', 'b'], 'a', 1)).toBe('b');
    expect(stepFrom(['a', 'b'], 'b', 1)).toBe('b');
    expect(stepFrom(['a', 'b'], 'a', -1)).toBe('a');
    expect(stepFrom([], 'a', 1)).toBeNull();
  });

  it('goes on to the text that took the place of a decided one', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (before, pick) => {
        const at = pick % before.length;
        const selected = before[at]!;
        const now = before.filter((id) => id !== selected);
        expect(heirOf(before, before, selected)).toBe(selected);
        expect(heirOf(before, now, selected)).toBe(now[at] ?? now.at(-1) ?? null);
      }),
    );
  });
});
