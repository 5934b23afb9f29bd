import { describe, expect, it } from 'vitest';
import { DEPENDENCY_KINDS } from '../../sessions/history-view.ts';
import { reasonText, reasonTexts, strengthText } from './reason-text.ts';

describe('why a passage builds on another', () => {
  it('K4: every reason is told in words, with and without a quotation', () => {
    expect(reasonText({ kind: 'mention', passageId: 'a', words: 'Dragon' })).toBe(
      'mentions “Dragon”, first named in a passage that goes',
    );
    for (const kind of DEPENDENCY_KINDS) {
      expect(reasonText({ kind, passageId: 'a', words: '' })).not.toContain('“');
      expect(reasonText({ kind, passageId: 'a', words: 'x'.repeat(500) }).length).toBeLessThan(160);
    }
  });

  it('K4: the same reason is told once', () => {
    const reply = { kind: 'reply', words: '' } as const;
    expect(
      reasonTexts({
        reasons: [
          { ...reply, passageId: 'a' },
          { ...reply, passageId: 'b' },
        ],
      }),
    ).toHaveLength(1);
  });

  it('K4: how sure it is has three steps', () => {
    expect([0, 0.5, 1].map(strengthText)).toEqual(['a weak link', 'a likely link', 'a strong link']);
  });
});
