import { describe, expect, it } from 'vitest';
import type { Span } from '../../sessions/story-shape.ts';
import { layProse } from './prose.ts';

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
