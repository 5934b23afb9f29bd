import { chapterHeading, percent, type Book, type BookPassage } from './book.ts';

// The story as Markdown. Passages keep the marks that people typed: their emphasis is Markdown's.

/** Title, premise, the passages under their chapters, and who wrote it (X4). */
export function markdownOf(book: Book): string {
  const body = book.chapters.flatMap(({ passages }, index) => {
    const heading = chapterHeading(book, index);
    const texts = passages.map(passageText);
    return heading === '' ? texts : [`## ${escapeMarkdown(heading)}`, ...texts];
  });
  const authors = book.credits.map(({ name, share }) => `- ${escapeMarkdown(name)}: ${percent(share)}`);
  const parts = [
    `# ${escapeMarkdown(book.title)}`,
    ...[book.premise, book.sourceNote].flatMap((text) => (text === '' ? [] : [`*${escapeMarkdown(text)}*`])),
    ...body,
    ...(authors.length === 0 ? [] : ['---', 'Written by', authors.join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What would be a heading, a fence, a link or a tag of the document is text. */
function passageText({ spans }: BookPassage): string {
  const text = spans.map((span) => span.text).join('');
  return text
    .replace(/^( {0,3})(#{1,6}(?=\s|$)|(?:=+|-+)[ \t]*$|`{3}|~{3}|\[(?=[^\]\n]*\]:))/gm, '$1\\$2')
    .replace(/\]\(/g, ']\\(')
    .replace(/<(?=[a-z!/?])/gi, '&lt;');
}

function escapeMarkdown(line: string): string {
  return line.replace(/\s+/g, ' ').replace(/[\\`*_[\]#<>]/g, '\\$&');
}
