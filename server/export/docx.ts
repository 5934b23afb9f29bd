import {
  Document,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { chapterHeading, percent, type Book } from '../../sessions/book.ts';
import { layProse, type Paragraph as Lines } from '../../sessions/prose.ts';
import { xmlSafe } from './xml.ts';

/** Zip files have no zone: the same numbers everywhere. */
const PACKED_AT = new Date(1980, 0, 1);
/** Where Word keeps dates. */
const CORE = 'docProps/core.xml';

const heading = (text: string, level: (typeof HeadingLevel)[keyof typeof HeadingLevel]) =>
  new Paragraph({ heading: level, children: [new TextRun(xmlSafe(text))] });

/** Whether the first letter that has a direction is written from right to left. */
const isRightToLeft = (lines: Lines<number>): boolean => {
  const text = lines.flatMap((runs) => runs.map((run) => run.text)).join('');
  const first = /\p{L}/u.exec(text)?.[0] ?? '';
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first);
};

const italics = (text: string): Paragraph[] =>
  text === '' ? [] : [new Paragraph({ children: [new TextRun({ text: xmlSafe(text), italics: true })] })];

function paragraph(lines: Lines<number>): Paragraph {
  const direction = isRightToLeft(lines) ? { bidirectional: true } : {};
  const runs = lines.flatMap((line, index) =>
    line.map(({ text, isEmphasised, isStrong }, place) => {
      const startsLine = index > 0 && place === 0;
      return new TextRun({
        text: xmlSafe(text),
        ...(isEmphasised ? { italics: true } : {}),
        ...(isStrong ? { bold: true } : {}),
        ...(startsLine ? { break: 1 } : {}),
      });
    }),
  );
  return new Paragraph({ ...direction, spacing: { after: 160 }, children: runs });
}

function table(rows: readonly (readonly string[])[]): Table {
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          tableHeader: index === 0,
          children: cells.map(
            (text) =>
              new TableCell({
                children: [
                  new Paragraph({ children: [new TextRun({ text: xmlSafe(text), bold: index === 0 })] }),
                ],
              }),
          ),
        }),
    ),
  });
}

function bodyOf(book: Book): (Paragraph | Table)[] {
  const chapters = book.chapters.flatMap(({ passages }, index) => {
    const title = chapterHeading(book, index);
    const prose = passages.flatMap(({ spans }) => layProse(spans).map(paragraph));
    return title === '' ? prose : [heading(title, HeadingLevel.HEADING_1), ...prose];
  });
  const rows = book.credits.map(({ name, words, share }) => [name, String(words), percent(share)]);
  const credits =
    rows.length === 0
      ? []
      : [heading('Who wrote what', HeadingLevel.HEADING_1), table([['Author', 'Words', 'Share'], ...rows])];
  return [
    heading(book.title, HeadingLevel.TITLE),
    ...italics(book.premise),
    ...italics(book.sourceNote),
    ...chapters,
    ...credits,
  ];
}

/** The library writes the time of packing into the file; here it is the time of the book. */
function withFixedDates(packed: Uint8Array, generatedAt: number): Uint8Array {
  const files = unzipSync(packed);
  const core = files[CORE];
  if (core !== undefined) {
    const date = new Date(generatedAt).toISOString();
    const text = strFromU8(core).replace(/(<dcterms:\w+ [^>]*>)[^<]*(?=<)/g, `$1${date}`);
    files[CORE] = strToU8(text);
  }
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, data]) => [name, [data, { mtime: PACKED_AT }]])),
  );
}

/** The book as DOCX: a heading for each chapter, a table about its authors. Equal books give equal bytes. */
export async function docxOf(book: Book): Promise<Uint8Array> {
  const names = book.credits.map(({ name }) => name).join(', ');
  const document = new Document({
    title: xmlSafe(book.title),
    creator: xmlSafe(names),
    lastModifiedBy: 'Taleloom',
    description: xmlSafe(book.premise),
    sections: [{ children: bodyOf(book) }],
  });
  return withFixedDates(await Packer.toBuffer(document), book.generatedAt);
}
