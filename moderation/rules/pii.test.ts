import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PLACEHOLDERS } from '../text/mask.ts';
import { viewsOf } from '../text/normalise.ts';
import { piiFindings } from './pii.ts';

const find = (text: string) => piiFindings(viewsOf(text));
const kinds = (text: string) => find(text).map((finding) => `${finding.label} ${finding.severity}`);
const fixture = z
  .object({
    rows: z.array(
      z.object({
        text: z.string(),
        spans: z.array(z.object({ kind: z.string(), start: z.number(), end: z.number() })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/pii.json', import.meta.url), 'utf8')));

describe('personal data', () => {
  it.each([
    ['write to jo.smith+x@mail.example.org', 'email 2'],
    ['write to ｊｏ＠ｍａｉｌ.ｏｒｇ', 'email 2'],
    ['it is jo.smith (at) mail (dot) org', 'email 2'],
    ['jo smith at mail dot org', 'email 2'],
    ['call me: 555 0123 99', 'phone 2'],
    ['(212) 555-0123', 'phone 2'],
    ['+49 (0)30 1234567', 'phone 2'],
    ['0+4\u200b9 30 12345', null],
    ['pay with 4111 1111 1111 1111', 'card 3'],
    ['pay with 4111-1111-1111-1112', null],
    ['GB82 WEST 1234 5698 7654 32', 'iban 3'],
    ['GB82 WEST 1234 5698 7654 33', null],
    ['from 81.2.69.142 again', 'ip 2'],
    ['from 2001:db8:0:0:0:0:0:1', 'ip 2'],
    ['at home it is 192.168.1.10, version 4.3.2.1', null],
    ['123-45-6789', 'ssn 3'],
    ['my social security number is 123 45 6789', 'ssn 3'],
    ["my driver's license number is F1628235", 'licence 2'],
    ['I live at 42 Elm Street', 'address 2'],
    ['my address is 42 elm street', 'address 2'],
    ['42 Elm Street, Springfield, IL 62704', 'address 2'],
    ['She stopped before 42 Elm Street and knocked.', 'address 1'],
    ['Via Tasso 129', 'address 1'],
  ])('%j holds %j', (text, found) => {
    expect(kinds(text)).toEqual(found === null ? [] : [found]);
  });

  it.each([
    'Roll 2d6+3, then d20 against 15; 4d6 drop 1.',
    'He paid 1,000 gold pieces and 12 000 000 more.',
    'In 1914-1918 and on 2024-03-05, at 12:30:45, chapter 12 of 24, page 1138.',
    'Room 12, level 3, 40 hit points, score 7-5.',
    '1 - 2 - 3 - 4 - 5 - 6 - 7 - 8, ready or not.',
    'Count with me: 1 2 3 4 5 6 7 8 9 10.',
    'Ten men went down the road, 3 men down the road stayed.',
    'Aria Stormwind met Sir Gareth of Ashford in Ravenloft.',
    'Look at the dot, she said. Meet at noon.',
    'Year 3019 of the Third Age; 17 dwarves, 100 orcs.',
    'She called 300 riders of the 7th legion in 1200.',
    'v1.2.3 of the 10.5 mile road',
  ])('finds nothing in %j', (text) => {
    expect(kinds(text)).toEqual([]);
  });

  it('finds nearly all of what a generator of personal data writes', () => {
    const wanted = new Map<string, { all: number; found: number }>();
    for (const { text, spans } of fixture.rows) {
      const findings = find(text);
      for (const { kind, start, end } of spans) {
        const count = wanted.get(kind) ?? { all: 0, found: 0 };
        const same = findings.filter((finding) => finding.label === kind).flatMap((finding) => finding.spans);
        count.all += 1;
        if (same.some((span) => span.start < end && span.end > start)) count.found += 1;
        wanted.set(kind, count);
      }
    }
    const total = (key: 'all' | 'found') => [...wanted.values()].reduce((sum, count) => sum + count[key], 0);
    expect(total('all')).toBeGreaterThan(150);
    expect(total('found') / total('all'), JSON.stringify([...wanted])).toBeGreaterThanOrEqual(0.95);
  });

  it('takes little else for it', () => {
    const free = fixture.rows.filter((row) => row.spans.length === 0);
    const wrong = free.filter((row) => find(row.text).length > 0);
    expect(free.length).toBeGreaterThan(100);
    expect(wrong.length / free.length).toBeLessThanOrEqual(0.01);
  });

  it('gives places in the text, in order, and a placeholder for each kind', () => {
    const piece = fc.constantFrom(
      'a@b.org',
      '123-45-6789',
      '42 Elm Street',
      ' ',
      '\u200b',
      '4111111111111111',
      'x',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ');
        for (const finding of find(text)) {
          expect(PLACEHOLDERS[finding.label]).toBeDefined();
          for (const { start, end } of finding.spans) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
    );
  });
});
