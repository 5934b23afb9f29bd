import type { Book, Chapter, Credit } from '../../sessions/book.ts';

/** A book of one author with the given chapters, each a title and the texts of its passages. */
export function bookWith(chapters: [title: string, ...texts: string[]][], of: Partial<Book> = {}): Book {
  const credit: Credit = { name: 'Ann', isNarrator: false, words: 1, characters: 1, share: 1 };
  return {
    id: 's1/main/',
    title: 'The lamp',
    premise: '',
    chapters: chapters.map(([title, ...texts]): Chapter => ({
      title,
      passages: texts.map((text) => ({ spans: [{ author: 0, text }] })),
    })),
    credits: [credit],
    generatedAt: Date.UTC(2026, 4, 1),
    sourceNote: '',
    ...of,
  };
}

/** What people and files should not do to a book. */
export const HOSTILE = [
  '</p><script>alert(1)</script>',
  ']]><x a="',
  '"\'&amp;<!--',
  'null\u0000bell\u0007vt\u000bff\u000cend\ufffe\uffff',
  'half \ud83d and \ude00 halves',
  '\u05e9\u05dc\u05d5\u05dd \u202eRTL\u202c',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>',
];
