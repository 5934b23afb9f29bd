import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenTail } from './token-tail.ts';

const asText = (bytes: readonly number[]) => Buffer.from(bytes).toString('utf8');

it('gives characters out whole, whatever bytes the tokens are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
      const text = Buffer.from(raw).toString('utf8').replaceAll('\ufffd', '?');
      const tail = new TokenTail<number>((bytes) => asText(bytes), []);
      const pieces = [...Buffer.from(text)].map((byte) => tail.push(byte));
      expect(pieces.join('') + tail.flush()).toBe(text);
      for (const piece of pieces) expect(piece).not.toContain('\ufffd');
    }),
  );
});

it('does not wait forever for bytes that form nothing', () => {
  const tail = new TokenTail<number>((bytes) => asText(bytes), []);
  const pieces = Array.from({ length: 9 }, () => tail.push(0xf0));
  expect(pieces.join('')).toBe('');
  expect(tail.push(0x41) + tail.flush()).toBe('A');
});
