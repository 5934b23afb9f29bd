import { entryOf, type SessionState } from './state.ts';
import { chosenSpans, NARRATOR, type Passage, type Span } from './story-shape.ts';
import { scenesOf, type Scene } from './story-lines.ts';

// The story as a book: what Markdown, EPUB and DOCX are made of.

/** A run of text; `author` is a place in the book's `credits`. */
interface BookSpan {
  author: number;
  text: string;
}

export interface BookPassage {
  spans: BookSpan[];
}

export interface Chapter {
  /** '' when its scene has none, and before the first scene. */
  title: string;
  passages: BookPassage[];
}

/** What one author wrote of the book. */
export interface Credit {
  name: string;
  isNarrator: boolean;
  words: number;
  /** UTF-16 code units. */
  characters: number;
  /** 0 to 1, of all characters. */
  share: number;
}

/** A story as it is read: plain data, the same for the same story. */
export interface Book {
  /** Tells books apart: session, branch and moment. */
  id: string;
  title: string;
  premise: string;
  chapters: Chapter[];
  /** Most characters first. */
  credits: Credit[];
  /** Epoch ms. */
  generatedAt: number;
  /** Which branch it is, and when it stood like this; '' for the main one as it is now. */
  sourceNote: string;
}

/** What a book looks at in a passage. */
type BookedPassage = Pick<Passage, 'id' | 'state' | 'isPurged' | 'chosen' | 'alternatives'>;

export interface BookSource {
  state: Pick<SessionState, 'id' | 'settings' | 'players'>;
  branchId: string;
  /** The passages of one line in story order; what is not shown is left out. */
  passages: readonly BookedPassage[];
  /** The scenes of that line. */
  scenes: readonly Scene[];
  /** '' for the main one. */
  branchName: string;
  /** When the story stood like this, epoch ms; null: now. */
  asOf: number | null;
  /** Epoch ms. */
  now: number;
}

/** Runs of characters between white space. */
function countWords(text: string): number {
  let words = 0;
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isSpace = code <= 32 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a);
    if (!isSpace && !isInside) words += 1;
    isInside = !isSpace;
  }
  return words;
}

/** The credits as they grow, in order of appearance. */
class Tally {
  readonly credits: (Credit & { place: number })[] = [];
  private readonly places = new Map<string, number>();
  private readonly players: SessionState['players'];

  constructor(players: SessionState['players']) {
    this.players = players;
  }

  count(author: string, text: string): number {
    const place = this.places.get(author) ?? this.add(author);
    const credit = this.credits[place];
    if (credit === undefined) return place;
    credit.characters += text.length;
    credit.words += countWords(text);
    return place;
  }

  private add(author: string): number {
    const isNarrator = author === NARRATOR;
    const name = isNarrator ? 'the narrator (AI)' : (entryOf(this.players, author)?.name ?? 'someone');
    const place = this.credits.length;
    this.credits.push({ name, isNarrator, words: 0, characters: 0, share: 0, place });
    this.places.set(author, place);
    return place;
  }
}

/** The shown text of a passage; null: it has none. */
function shownSpans(passage: BookedPassage): Span[] | null {
  if (passage.state !== 'shown' || passage.isPurged) return null;
  const spans = chosenSpans(passage);
  return spans.some(({ text }) => text.trim() !== '') ? spans : null;
}

function noteOf({ branchName, asOf }: BookSource): string {
  const parts = [
    ...(branchName === '' ? [] : [`Branch: ${branchName}`]),
    ...(asOf === null ? [] : [`As of ${new Date(asOf).toISOString().slice(0, 16).replace('T', ' ')} UTC`]),
  ];
  return parts.join('. ');
}

/** The book of a line: its shown passages with their chosen alternatives, in chapters that are its scenes. */
export function bookOf(source: BookSource): Book {
  const { state, passages, scenes, now } = source;
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const tally = new Tally(state.players);
  const runs = scenesOf([...byId.keys()], scenes);
  const chapters = runs.flatMap(({ scene, passageIds }): Chapter[] => {
    const kept = passageIds.flatMap((id): BookPassage[] => {
      const passage = byId.get(id);
      const spans = passage === undefined ? null : shownSpans(passage);
      if (spans === null) return [];
      return [{ spans: spans.map(({ author, text }) => ({ author: tally.count(author, text), text })) }];
    });
    return kept.length === 0 ? [] : [{ title: scene?.title ?? '', passages: kept }];
  });
  return {
    ...ranked(chapters, tally),
    id: [state.id, source.branchId, source.asOf ?? ''].join('/'),
    title: state.settings.title,
    premise: state.settings.premise,
    generatedAt: now,
    sourceNote: noteOf(source),
  };
}

/** Credits by size, and the spans with their new places. */
function ranked(chapters: Chapter[], { credits }: Tally): Pick<Book, 'chapters' | 'credits'> {
  const total = credits.reduce((sum, { characters }) => sum + characters, 0);
  const order = [...credits].sort((a, b) => b.characters - a.characters);
  const places = new Map(order.map(({ place }, index) => [place, index]));
  for (const { passages } of chapters)
    for (const { spans } of passages) for (const span of spans) span.author = places.get(span.author) ?? 0;
  return {
    chapters,
    credits: order.map(({ place: _place, ...credit }) => ({
      ...credit,
      share: total === 0 ? 0 : credit.characters / total,
    })),
  };
}

/** What a chapter is called; '' when the story is one run of passages without scenes. */
export function chapterHeading({ chapters }: Book, index: number): string {
  const title = chapters[index]?.title ?? '';
  return title !== '' || chapters.length < 2 ? title : `Chapter ${index + 1}`;
}

/** Characters of all passages, UTF-16 code units. */
export function bookLength({ credits }: Book): number {
  return credits.reduce((sum, { characters }) => sum + characters, 0);
}

/** A share for people: `12 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
