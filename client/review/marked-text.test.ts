import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markText } from './marked-text.ts';

const span = (start: number, end: number, label = 'hate') => ({ start, end, label, source: 'rule' as const });

describe('markText', () => {
  it('marks where something was found, overlaps with both', () => {
    expect(markText('abcdef', [span(1, 4), span(3, 5, 'line')])).toEqual([
      { text: 'a', found: [] },
      { text: 'bc', found: [{ label: 'hate', source: 'rule' }] },
      {
        text: 'd',
        found: [
          { label: 'hate', source: 'rule' },
          { label: 'line', source: 'rule' },
        ],
      },
      { text: 'e', found: [{ label: 'line', source: 'rule' }] },
      { text: 'f', found: [] },
    ]);
  });

  it('keeps the text whole, whatever the findings say', () => {
    const spans = fc.array(
      fc.record({
        start: fc.integer({ min: -3, max: 30 }),
        end: fc.integer({ min: -3, max: 30 }),
        label: fc.constantFrom('hate', 'line'),
        source: fc.constantFrom('rule' as const, 'model' as const),
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 25 }), spans, (text, found) => {
        const parts = markText(text, found);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        let at = 0;
        for (const part of parts) {
          for (const char of [...part.text].keys()) {
            const covering = found.filter(({ start, end }) => start <= at + char && end > at + char);
            expect(part.found.length === 0).toBe(covering.length === 0);
          }
          at += part.text.length;
        }
      }),
    );
  });
});
