import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layProse } from './prose.ts';
import type { Span } from './story-shape.ts';

const plain = (text: string): Span[] => [{ author: 'a', text }];
const shape = (spans: Span[]) =>
  layProse(spans).map((lines) =>
    lines.map((runs) =>
      runs.map((run) => `${run.author}${run.isStrong ? '!' : ''}${run.isEmphasised ? '/' : ''}:${run.text}`),
    ),
  );

describe('layProse', () => {
  it('parts paragraphs at empty lines and keeps single line breaks', () => {
    expect(shape(plain('one\ntwo\n\n\nthree\n'))).toEqual([[['a:one'], ['a:two']], [['a:three']]]);
  });

  it('reads emphasis and strong', () => {
    expect(shape(plain('a *b* and **c** d'))).toEqual([[['a:a ', 'a/:b', 'a: and ', 'a!:c', 'a: d']]]);
  });

  it('nests emphasis in strong', () => {
    expect(shape(plain('**a *b* c**'))).toEqual([[['a!:a ', 'a!/:b', 'a!: c']]]);
    expect(shape(plain('***x***'))).toEqual([[['a!/:x']]]);
  });

  it('leaves lonely and spaced stars alone', () => {
    expect(shape(plain('2 * 3 * 4 and *open'))).toEqual([[['a:2 * 3 * 4 and *open']]]);
    expect(shape(plain('*a\n\nb*'))).toEqual([[['a:*a']], [['a:b*']]]);
  });

  it('keeps authors apart, also inside emphasis and across paragraphs', () => {
    const spans = [
      { author: 'a', text: 'Hi *there' },
      { author: 'b', text: ' you* end\n\nNew' },
      { author: 'c', text: ' one' },
    ];
    expect(shape(spans)).toEqual([[['a:Hi ', 'a/:there', 'b/: you', 'b: end']], [['b:New', 'c: one']]]);
  });

  it('gives markup no meaning', () => {
    expect(shape(plain('<b>x</b> &amp;'))).toEqual([[['a:<b>x</b> &amp;']]]);
  });

  it('stays fast on hostile stars', () => {
    const start = performance.now();
    layProse(plain('*a **b '.repeat(3_000)));
    expect(performance.now() - start).toBeLessThan(500);
  });
});

const text = fc.array(fc.constantFrom('*', '**', '***', 'a', 'word', ' ', '\n', '\n\n', '\t', '😀'), {
  maxLength: 20,
});
const spans = fc.array(
  fc.record({ author: fc.integer({ min: 0, max: 2 }), text: text.map((parts) => parts.join('')) }),
  {
    maxLength: 5,
  },
);

describe('prose of exports', () => {
  it('X5: paragraphs and emphasis are what they are on the screen of the story', () => {
    fc.assert(
      fc.property(spans, (given) => {
        const screen = layProse(given.map((span) => ({ ...span, author: String(span.author) })));
        const ours = layProse(given).map((lines) =>
          lines.map((runs) => runs.map((run) => ({ ...run, author: String(run.author) }))),
        );
        expect(ours).toEqual(screen);
      }),
      { numRuns: 1_000 },
    );
  });
});
