import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fictionSentences, parseRows, type Row } from './data.ts';

const row = (text: string, source = 'fairytaleqa'): Row => ({ id: 'r', text, labels: { hate: 0 }, source });

describe('parseRows', () => {
  const lines = [row('The kettle sings.'), row('The kettle is quiet.', 'crd3')];
  const file = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);

  it('reads lines, gzipped or not', () => {
    expect(parseRows(file)).toEqual(lines);
    expect(parseRows(gzipSync(file))).toEqual(lines);
    expect(parseRows(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    '{',
    '{"id":"a","text":"b","source":"c"}',
    '{"id":"a","text":"b","source":"c","labels":{"hate":2}}',
    '{"id":"a","text":"b","source":"c","labels":{"kindness":1}}',
  ])('refuses %s', (line) => {
    expect(() => parseRows(Buffer.from(line))).toThrow();
  });
});

describe('fictionSentences', () => {
  it('takes clean fiction apart, with labels and ids of their own', () => {
    const text = 'The miller had three sons. "Who will mind the mill?" he asked. Nobody answered him! So';
    const sentences = fictionSentences([row(text), row(text, 'edos2023')]);
    expect(sentences.map((one) => one.text)).toEqual([
      'The miller had three sons.',
      '"Who will mind the mill?"',
      'Nobody answered him!',
    ]);
    expect(new Set(sentences.map(({ id }) => id)).size).toBe(3);
    expect(sentences.every(({ labels, source }) => labels.hate === 0 && source === 'fairytaleqa')).toBe(true);
  });

  it('leaves out scraps, and texts that are one sentence', () => {
    expect(fictionSentences([row('Oh. Ah. No!'), row('The miller had three sons.')])).toEqual([]);
  });
});
