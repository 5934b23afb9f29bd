import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Book } from '../../sessions/book.ts';
import { bookWith, HOSTILE } from '../../test/support/books.ts';
import { xmlFault } from '../../test/support/xml-check.ts';
import { epubOf } from './epub.ts';

/** The files of a book by name; each that is XML is well-formed. */
function opened(book: Book): Record<string, string> {
  const files = Object.entries(unzipSync(epubOf(book))).map(
    ([name, data]) => [name, strFromU8(data)] as const,
  );
  for (const [name, text] of files)
    if (/\.(xml|opf|xhtml)$/.test(name)) expect([name, xmlFault(text)]).toEqual([name, null]);
  return Object.fromEntries(files);
}

const matches = (text: string | undefined, pattern: RegExp) =>
  [...(text ?? '').matchAll(pattern)].map((match) => match[1]);

describe('EPUB', () => {
  const book = bookWith(
    [
      ['', 'Before *all* else.'],
      ['The quay', 'One.\nTwo.\n\nThree **loud**.', 'Four.'],
      ['', 'Last.'],
    ],
    {
      premise: 'A lamp.',
      credits: [
        { name: 'Ann', isNarrator: false, words: 6, characters: 60, share: 0.6 },
        { name: 'the narrator (AI)', isNarrator: true, words: 4, characters: 40, share: 0.4 },
      ],
    },
  );

  it('X5: the media type comes first, uncompressed, as readers ask for it', () => {
    const data = epubOf(book);
    expect(strFromU8(data.slice(0, 4))).toBe('PK\u0003\u0004');
    const view = new DataView(data.buffer, data.byteOffset);
    const [method, nameLength, extraLength] = [
      view.getUint16(8, true),
      view.getUint16(26, true),
      view.getUint16(28, true),
    ];
    expect([method, nameLength, extraLength]).toEqual([0, 8, 0]);
    expect(strFromU8(data.slice(30, 58))).toBe('mimetypeapplication/epub+zip');
  });

  it('X5: container, package, contents and spine lead to the same pages in order', () => {
    const files = opened(book);
    expect(matches(files['META-INF/container.xml'], /full-path="([^"]+)"/g)).toEqual(['OEBPS/package.opf']);
    const opf = files['OEBPS/package.opf'];
    const pages = ['title.xhtml', 'chapter-1.xhtml', 'chapter-2.xhtml', 'chapter-3.xhtml', 'credits.xhtml'];
    const items = [...(opf ?? '').matchAll(/<item id="([^"]+)" href="([^"]+)"/g)];
    const hrefs = new Map(items.map(([, id = '', href = '']) => [id, href]));
    expect(matches(opf, /idref="([^"]+)"/g).map((id) => hrefs.get(id ?? ''))).toEqual(pages);
    expect(matches(files['OEBPS/nav.xhtml'], /<a href="([^"]+)"/g)).toEqual(pages);
    expect(matches(files['OEBPS/nav.xhtml'], /<a [^>]+>([^<]+)</g)).toEqual([
      'The lamp',
      'Chapter 1',
      'The quay',
      'Chapter 3',
      'Who wrote what',
    ]);
    for (const href of hrefs.values()) expect(files).toHaveProperty([`OEBPS/${href}`]);
    expect(Object.keys(files).length).toBe(hrefs.size + 3);
    expect(opf).toContain('<dc:title>The lamp</dc:title>');
    expect(matches(opf, /<dc:creator [^>]+>([^<]+)</g)).toEqual(['Ann', 'the narrator (AI)']);
    expect(opf).toContain('<dc:language>und</dc:language>');
    expect(opf).toMatch(
      /<dc:identifier id="book-id">urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}</,
    );
    expect(opf).toContain('<meta property="dcterms:modified">2026-05-01T00:00:00Z</meta>');
  });

  it('X5: paragraphs, line breaks and emphasis are those of the story; the appendix tells shares', () => {
    const files = opened(book);
    const text = (files['OEBPS/chapter-2.xhtml'] ?? '').replace(/<\/?span[^>]*>/g, '');
    expect(text).toContain('<h2>The quay</h2>');
    expect(text).toContain(
      '<p dir="auto">One.<br/>\nTwo.</p>\n<p dir="auto">Three <strong>loud</strong>.</p>',
    );
    expect(files['OEBPS/chapter-1.xhtml']).toContain('<em>all</em>');
    expect(files['OEBPS/credits.xhtml']).toMatch(/Ann<\/td><td>6<\/td><td class="share">60 %</);
    expect(files['OEBPS/credits.xhtml']).toContain('People wrote 60 %, the narrator (AI) 40 %.');
  });

  it('X5: hostile titles, names and texts stay text; nothing runs', () => {
    const all = HOSTILE.join(' ');
    const name = { name: all, isNarrator: false, words: 1, characters: 1, share: 1 };
    const hostile = bookWith(
      HOSTILE.map((text) => [text, text, `*${text}*`]),
      { title: all, premise: all, sourceNote: all, credits: [name] },
    );
    const files = opened(hostile);
    for (const text of Object.values(files)) {
      expect(text).not.toMatch(
        /<script|<!ENTITY|javascript:|https?:\/\/(?!www\.w3\.org|www\.idpf\.org|purl\.org)/,
      );
    }
    expect(files['OEBPS/chapter-1.xhtml']).toContain('&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(files['OEBPS/chapter-5.xhtml']).toContain('half \ufffd and \ufffd halves');
    expect(files['OEBPS/chapter-6.xhtml']).toContain('\u05e9\u05dc\u05d5\u05dd');
  });

  it('X5: equal books are equal files, whenever they are made', () => {
    expect(epubOf(structuredClone(book))).toEqual(epubOf(book));
    const later = opened({ ...book, generatedAt: book.generatedAt + 86_400_000 });
    const opf = (text: string | undefined) => matches(text, /(urn:uuid:[^<]+)/g);
    expect(opf(later['OEBPS/package.opf'])).toEqual(opf(opened(book)['OEBPS/package.opf']));
  });

  it('X5: a story without a word is a book with a title', () => {
    const files = opened(bookWith([], { credits: [] }));
    expect(Object.keys(files)).toContain('OEBPS/title.xhtml');
    expect(Object.keys(files)).not.toContain('OEBPS/credits.xhtml');
  });
});
