import { foundThreadId } from '../found-threads.ts';
import type { ThreadMark } from '../monitor-state.ts';
import type { ThreadView } from '../monitor-view.ts';
import { PassageReading, type AuthoredReading } from './passage-reading.ts';

/** Passages that are looked at. */
const WINDOW = 60;
/** Passages that make a name a thread. */
const LEAST_MENTIONS = 3;
/** Most names that are listed. */
const MAX_FOUND = 60;
/** Dormant after so many passages without mention, or so many times its median gap. */
const DORMANT_PASSAGES = 6;
const DORMANT_GAPS = 3;
/** From this share of capitals within sentences on, a capital does not tell a name (German). */
const CAPITALS_OF_NOUNS = 0.12;
/** A name is written with a capital in so many times as many passages as without. */
const MOSTLY_CAPITAL = 2;

/** A thread that people made. */
export interface MadeThread {
  id: string;
  title: string;
  /** Epoch ms. */
  at: number;
}

/** A thread as it stands; whether the narrator is reminded of it is not known here. */
export type StoryThread = Omit<ThreadView, 'isReminded'>;

/** What people made of the threads of a session. */
export interface ThreadCare {
  made: readonly MadeThread[];
  marks: Readonly<Partial<Record<string, ThreadMark>>>;
}

interface Kept {
  id: string;
  at: number;
  stems: ReadonlyMap<string, number>;
  names: ReadonlyMap<string, string>;
  plain: ReadonlySet<string>;
  inside: number;
  capitalised: number;
}

interface Chain {
  id: string;
  title: string;
  origin: ThreadView['origin'];
  /** Places in the window that mention it, oldest first. */
  mentions: readonly number[];
  /** The place from which it counts when nothing mentions it. */
  since: number;
}

/**
 * D9: threads that people made, and names that come in 3 or more of the last 60 passages. Fed passage by passage; only
 * the last 60 are kept. A line that changed is read again by a new ledger, of which its last 60 passages suffice.
 */
export class ThreadLedger {
  private window: Kept[] = [];
  private found: readonly Chain[] | null = null;

  /** Takes a passage in. */
  add({ id, at, reading }: Omit<AuthoredReading, 'author'>): void {
    const { stems, names, plain, inside, capitalised } = reading;
    this.window = [...this.window, { id, at, stems, names, plain, inside, capitalised }].slice(-WINDOW);
    this.found = null;
  }

  /** All threads: those that people made first, then names, the latest mentioned first. */
  list({ made, marks }: ThreadCare): StoryThread[] {
    this.found ??= foundIn(this.window);
    const chains = [...made.map((thread) => this.chainOf(thread)), ...this.found];
    return chains.map((chain) => this.threadOf(chain, marks[chain.id]));
  }

  /** 1 - dormant / threads; null without threads. */
  integrity(care: ThreadCare): number | null {
    const threads = this.list(care);
    if (threads.length === 0) return null;
    return 1 - threads.filter(({ status }) => status === 'dormant').length / threads.length;
  }

  private chainOf({ id, title, at }: MadeThread): Chain {
    const stems = [...new PassageReading(title).stems.keys()];
    const needed = Math.max(1, Math.ceil(stems.length / 2));
    const mentions = placesOf(
      this.window,
      (passage) => stems.filter((stem) => passage.stems.has(stem)).length >= needed,
    );
    const since = this.window.findLastIndex((passage) => passage.at <= at);
    return { id, title, origin: 'made', mentions, since };
  }

  private threadOf({ id, title, origin, mentions, since }: Chain, mark?: ThreadMark): StoryThread {
    const last = mentions.at(-1);
    const passagesSince = this.window.length - 1 - Math.max(last ?? since, since);
    const limit = Math.max(DORMANT_PASSAGES, DORMANT_GAPS * medianGap(mentions));
    const status =
      mark === 'resolved' || mark === 'paused' ? mark : passagesSince > limit ? 'dormant' : 'open';
    const lastPassageId = last === undefined ? null : (this.window[last]?.id ?? null);
    return { id, title, origin, status, lastPassageId, passagesSince };
  }
}

function placesOf(window: readonly Kept[], isMention: (passage: Kept) => boolean): number[] {
  return window.flatMap((passage, at) => (isMention(passage) ? [at] : []));
}

function medianGap(mentions: readonly number[]): number {
  const gaps = mentions.slice(1).map((place, at) => place - (mentions[at] ?? place));
  const sorted = gaps.sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The names of the window as threads, the latest mentioned first. */
function foundIn(window: readonly Kept[]): Chain[] {
  const chains: Chain[] = [];
  for (const [stem, title] of namesIn(window)) {
    const mentions = placesOf(window, ({ stems }) => stems.has(stem));
    if (mentions.length < LEAST_MENTIONS) continue;
    chains.push({ id: foundThreadId(title), title, origin: 'found', mentions, since: -1 });
  }
  const latest = (chain: Chain): number => chain.mentions.at(-1) ?? -1;
  return chains
    .sort((a, b) => b.mentions.length - a.mentions.length)
    .slice(0, MAX_FOUND)
    .sort((a, b) => latest(b) - latest(a));
}

/** Stem -> how it is mostly written. */
function namesIn(window: readonly Kept[]): Map<string, string> {
  const inside = window.reduce((sum, passage) => sum + passage.inside, 0);
  const capitalised = window.reduce((sum, passage) => sum + passage.capitalised, 0);
  const written = new Map<string, Map<string, number>>();
  if (capitalised >= inside * CAPITALS_OF_NOUNS) return new Map();
  for (const { names } of window)
    for (const [stem, word] of names) {
      const forms = written.get(stem) ?? new Map<string, number>();
      written.set(stem, forms.set(word, (forms.get(word) ?? 0) + 1));
    }
  const names = new Map<string, string>();
  for (const [stem, forms] of written) {
    const capitals = [...forms.values()].reduce((sum, count) => sum + count, 0);
    const plain = window.filter((passage) => passage.plain.has(stem)).length;
    const [first] = [...forms].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    if (first !== undefined && capitals >= MOSTLY_CAPITAL * plain) names.set(stem, first[0]);
  }
  return names;
}
