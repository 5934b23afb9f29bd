import { createHash } from 'node:crypto';
import { strToU8, zipSync, type Zippable } from 'fflate';
import { chapterHeading, percent, type Book, type Chapter } from '../../sessions/book.ts';
import { layProse, type Run } from '../../sessions/prose.ts';
import { xmlText } from './xml.ts';

/** Colours of authors, dark enough for paper. Texts have them only where a reader sets the class on the body. */
const COLOURS = ['#1c5d99', '#8f3b1b', '#2d6a4f', '#6a3d8f', '#7a5c00', '#9b2257', '#1f6f78', '#4a4e69'];
/** Zip files have no zone: the same numbers everywhere. */
const PACKED_AT = new Date(1980, 0, 1);

const STYLE = `body { line-height: 1.5; margin: 0 5%; }
p { margin: 0 0 0.8em; }
h1, h2 { line-height: 1.25; }
.premise, .note { font-style: italic; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #999; padding: 0.2em 0.8em 0.2em 0; text-align: left; }
.share { white-space: nowrap; }
${COLOURS.map(
  (colour, index) =>
    `.credit-${index} { border-left: 0.4em solid ${colour}; padding-left: 0.4em; }\n.coloured .author-${index} { color: ${colour}; }`,
).join('\n')}
`;

function page(title: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>${xmlText(title)}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body dir="auto">
${body}
</body>
</html>
`;
}

function runOf({ author, text, isEmphasised, isStrong }: Run<number>): string {
  const emphasised = isEmphasised ? `<em>${xmlText(text)}</em>` : xmlText(text);
  return `<span class="author-${author}">${isStrong ? `<strong>${emphasised}</strong>` : emphasised}</span>`;
}

function chapterPage(chapter: Chapter, heading: string): string {
  const paragraphs = chapter.passages.flatMap(({ spans }) =>
    layProse(spans).map((lines) => {
      const html = lines.map((runs) => runs.map(runOf).join('')).join('<br/>\n');
      return `<p dir="auto">${html}</p>`;
    }),
  );
  const title = heading === '' ? '' : `<h2>${xmlText(heading)}</h2>\n`;
  return `<section epub:type="chapter">\n${title}${paragraphs.join('\n')}\n</section>`;
}

function titlePage({ title, premise, sourceNote }: Book): string {
  const lines = [
    `<h1>${xmlText(title)}</h1>`,
    ...(premise === '' ? [] : [`<p class="premise">${xmlText(premise)}</p>`]),
    ...(sourceNote === '' ? [] : [`<p class="note">${xmlText(sourceNote)}</p>`]),
  ];
  return `<section epub:type="titlepage">\n${lines.join('\n')}\n</section>`;
}

function creditsPage({ credits }: Book): string {
  const rows = credits.map(
    ({ name, words, share }, index) =>
      `<tr><td class="credit-${index % COLOURS.length}">${xmlText(name)}</td><td>${words}</td><td class="share">${percent(share)}</td></tr>`,
  );
  const narrator = credits.find(({ isNarrator }) => isNarrator)?.share ?? 0;
  const people = credits.some(({ isNarrator }) => !isNarrator) ? 1 - narrator : 0;
  return `<section epub:type="appendix">
<h2>Who wrote what</h2>
<table>
<thead><tr><th>Author</th><th>Words</th><th>Share</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p>People wrote ${percent(people)}, the narrator (AI) ${percent(narrator)}.</p>
</section>`;
}

interface Page {
  name: string;
  /** In the table of contents. */
  title: string;
  body: string;
}

function pagesOf(book: Book): Page[] {
  const chapters = book.chapters.map((chapter, index) => {
    const heading = chapterHeading(book, index);
    const title = heading === '' ? book.title : heading;
    return { name: `chapter-${index + 1}.xhtml`, title, body: chapterPage(chapter, heading) };
  });
  const credits = { name: 'credits.xhtml', title: 'Who wrote what', body: creditsPage(book) };
  return [
    { name: 'title.xhtml', title: book.title, body: titlePage(book) },
    ...chapters,
    ...(book.credits.length === 0 ? [] : [credits]),
  ];
}

function navigation(book: Book, pages: readonly Page[]): string {
  const items = pages.map(({ name, title }) => `<li><a href="${name}">${xmlText(title)}</a></li>`);
  return page(
    book.title,
    `<nav epub:type="toc" id="toc">\n<h1>Contents</h1>\n<ol>\n${items.join('\n')}\n</ol>\n</nav>`,
  );
}

/** The same for every edition of a book, as reading apps expect; it does not tell the session. */
function identifierOf(book: Book): string {
  const hash = createHash('sha256').update(book.id).digest('hex');
  const variant = ((parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

function packageFile(book: Book, pages: readonly Page[]): string {
  const creators = book.credits.map(
    ({ name }, index) => `<dc:creator id="author-${index}">${xmlText(name)}</dc:creator>`,
  );
  const items = pages.map(
    ({ name }, index) => `<item id="page-${index}" href="${name}" media-type="application/xhtml+xml"/>`,
  );
  const { premise } = book;
  const description = premise === '' ? '' : `<dc:description>${xmlText(premise)}</dc:description>\n`;
  const modified = new Date(book.generatedAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return `<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book-id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="book-id">${identifierOf(book)}</dc:identifier>
<dc:title>${xmlText(book.title)}</dc:title>
<dc:language>und</dc:language>
${creators.join('\n')}
${description}<meta property="dcterms:modified">${modified}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
${items.join('\n')}
</manifest>
<spine>
${pages.map((_page, index) => `<itemref idref="page-${index}"/>`).join('\n')}
</spine>
</package>
`;
}

const CONTAINER = `<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
`;

/** The book as EPUB 3: a file for each chapter, an appendix about its authors. Equal books give equal bytes. */
export function epubOf(book: Book): Uint8Array {
  const pages = pagesOf(book);
  const files: [name: string, text: string][] = [
    ['META-INF/container.xml', CONTAINER],
    ['OEBPS/package.opf', packageFile(book, pages)],
    ['OEBPS/nav.xhtml', navigation(book, pages)],
    ['OEBPS/style.css', STYLE],
    ...pages.map(({ name, title, body }): [string, string] => [`OEBPS/${name}`, page(title, body)]),
  ];
  const zip: Zippable = {
    // Readers look for it at a fixed place: first, and not compressed.
    mimetype: [strToU8('application/epub+zip'), { level: 0, mtime: PACKED_AT }],
    ...Object.fromEntries(files.map(([name, text]) => [name, [strToU8(text), { mtime: PACKED_AT }]])),
  };
  return zipSync(zip);
}
