import { describe, expect, it } from 'vitest';
import { AppError } from '../../sessions/errors.ts';
import { parseBoundedJson } from './bounded-json.ts';

const BOUNDS = { values: 6, depth: 3 };

function parse(text: string): unknown {
  try {
    return parseBoundedJson(new TextEncoder().encode(text), BOUNDS);
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
}

describe('JSON within bounds', () => {
  it('X3: reads what is within the bounds', () => {
    expect(parse('{"a":[{"b":1}],"c":"ü"}')).toEqual({ a: [{ b: 1 }], c: 'ü' });
    expect(parse('7')).toBe(7);
  });

  it('X3: refuses what is too deep or has too many parts', () => {
    expect(parse('[[[1]]]')).toEqual([[[1]]]);
    expect(parse('[[[[1]]]]')).toBe('ARCHIVE_INVALID');
    expect(parse('[{},[],{},[],{}]')).toEqual([{}, [], {}, [], {}]);
    expect(parse('[{},[],{},[],{},[]]')).toBe('ARCHIVE_INVALID');
    expect(parse('['.repeat(1_000_000))).toBe('ARCHIVE_INVALID');
  });

  it('refuses with the code that it is given', () => {
    const bytes = new TextEncoder().encode('[[[[1]]]]');
    const of = { ...BOUNDS, code: 'BAD_INPUT' } as const;
    expect(() => parseBoundedJson(bytes, of)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });

  it('X3: brackets in texts do not count', () => {
    expect(parse('["[[[[[[[[", "\\"[[[[[[\\\\", "{{{{{{{{"]')).toEqual(['[[[[[[[[', '"[[[[[[\\', '{{{{{{{{']);
  });

  it('X3: what is no JSON is refused', () => {
    for (const text of ['', '{', '{"a":', '"', '"\\', ']]]]', 'text']) expect(parse(text)).toBe('BAD_INPUT');
  });
});
