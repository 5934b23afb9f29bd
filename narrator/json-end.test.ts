import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonEnd } from './json-end.ts';

describe('the end of an object', () => {
  it('is right behind its closing brace, whatever is in it, behind it, and wherever the text is split', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const behind = fc.constantFrom('', '\n\n\n', ' {"more": 1}', '}', '"');
    fc.assert(
      fc.property(object, behind, fc.integer({ min: 1, max: 7 }), (value, rest, size) => {
        const json = JSON.stringify(value);
        const end = new JsonEnd();
        let found: number | null = null;
        const text = json + rest;
        for (let at = 0; at < text.length && found === null; at += size) {
          const offset = end.push(text.slice(at, at + size));
          if (offset !== null) found = at + offset;
        }
        expect(found).toBe(json.length);
      }),
    );
  });

  it('is not there before it came', () => {
    for (const text of ['', '{', '{"a": "}', '{"a": "\\"}', '{"a": {}', '[1, 2]']) {
      expect(new JsonEnd().push(text)).toBeNull();
    }
  });
});
