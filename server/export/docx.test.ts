import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Book } from '../../sessions/book.ts';
import { bookWith, HOSTILE } from '../../test/support/books.ts';
import { xmlFault } from '../../test/support/xml-check.ts';
import { docxOf } from './docx.ts';

async function opened(book: Book): Promise<Record<string, string>> {
  const files = Object.entries(unzipSync(await docxOf(book))).map(
    ([name, data]) => [name, strFromU8(data)] as const,
  );
  for (const [name, text] of files)
    if (/\.(xml|rels)$/.test(name)) expect([name, xmlFault(text)]).toEqual([name, null]);
  return Object.fromEntries(files);
}

/** Style and text of each paragraph. */
function paragraphsIn(xml: string | undefined): [style: string, text: string][] {
  return [...(xml ?? '').matchAll(/<w:p>.*?<\/w:p>/gs)].map(([paragraph]) => [
    /<w:pStyle w:val="([^"]+)"/.exec(paragraph)?.[1] ?? '',
    paragraph.replace(/<w:br\/>/g, '\n').replace(/<[^>]+>/g, ''),
  ]);
}

describe('DOCX', () => {
  const book = bookWith(
    [
      ['The quay', 'One.\nTwo.\n\n*Three* **loud**.'],
      ['', '\u05e9\u05dc\u05d5\u05dd.'],
    ],
    { premise: 'A lamp.', sourceNote: 'Branch: North' },
  );

  it('X5: chapters are headings, paragraphs those of the story, and a table tells who wrote what', async () => {
    const files = await opened(book);
    const body = files['word/document.xml'];
    expect(paragraphsIn(body)).toEqual([
      ['Title', 'The lamp'],
      ['', 'A lamp.'],
      ['', 'Branch: North'],
      ['Heading1', 'The quay'],
      ['', 'One.\nTwo.'],
      ['', 'Three loud.'],
      ['Heading1', 'Chapter 2'],
      ['', '\u05e9\u05dc\u05d5\u05dd.'],
      ['Heading1', 'Who wrote what'],
      ...['Author', 'Words', 'Share', 'Ann', '1', '100 %'].map((cell) => ['', cell]),
    ]);
    expect(body).toMatch(/<w:i\/>.{0,80}Three/);
    expect(body).toMatch(/<w:b\/>.{0,80}loud/);
    expect(body).toMatch(/<w:bidi\/>(?:(?!<\/w:p>).)*\u05e9/);
    expect(body?.match(/<w:bidi\/>/g)).toHaveLength(1);
    expect(files['docProps/core.xml']).toContain('<dc:creator>Ann</dc:creator>');
  });

  it('X5: hostile titles, names and texts stay text', async () => {
    const all = HOSTILE.join(' ');
    const name = { name: all, isNarrator: false, words: 1, characters: 1, share: 1 };
    const hostile = bookWith(
      HOSTILE.map((text) => [text, text]),
      { title: all, premise: all, sourceNote: all, credits: [name] },
    );
    const files = await opened(hostile);
    for (const text of Object.values(files)) expect(text).not.toMatch(/<script|<!ENTITY/);
    expect(files['word/document.xml']).toContain('&lt;/p&gt;&lt;script&gt;');
    expect(files['word/document.xml']).toContain('half \ufffd and \ufffd halves');
  });

  it('X5: equal books are equal files, dated as the book', async () => {
    expect(await docxOf(structuredClone(book))).toEqual(await docxOf(book));
    const { 'docProps/core.xml': core } = await opened(book);
    expect([...(core ?? '').matchAll(/>(\d{4}-[^<]+)</g)].map(([, date]) => date)).toEqual([
      '2026-05-01T00:00:00.000Z',
      '2026-05-01T00:00:00.000Z',
    ]);
  });

  it('X5: a story without a word is a document with a title', async () => {
    const { 'word/document.xml': body } = await opened(bookWith([], { credits: [] }));
    expect(paragraphsIn(body)).toEqual([['Title', 'The lamp']]);
  });
});
