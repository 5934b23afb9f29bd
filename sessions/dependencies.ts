import { LineIndex } from './dependency-index.ts';
import { QuoteSearch } from './dependency-quotes.ts';
import { replyStrength } from './dependency-signals.ts';
import { TermCache } from './dependency-terms.ts';
import type { Choice, DependencyReason } from './history-view.ts';

// Which later passages build on passages that go (K4). Words only, no model; every language.

/** A passage of a line, as its dependencies are worked out from it. */
export interface StoryPassage {
  id: string;
  turnId: string;
  /** Player id, or `narrator`. */
  by: string;
  /** Index of its scene. */
  scene: number;
  text: string;
}

/** A later passage that builds on one that goes. */
export interface Dependent {
  passageId: string;
  /** The strongest first; `passageId` of each is one that goes, or another dependent that is not proposed to stay. */
  reasons: DependencyReason[];
  /** 0 to 1: how sure it is that it builds on what goes. */
  strength: number;
  preset: Choice;
}

/** From where on it is proposed that a passage goes, that its author is asked, that it is named at all. */
const GO = 0.7;
const ASK = 0.42;
const FLOOR = 0.3;
/** What builds on a dependent is less sure than that is, by this much at least. */
const SECOND_HAND = 0.95;
const QUOTE_STRENGTH = 0.85;
const SAME_TURN_STRENGTH = 0.5;
/** Passages after which a shared word says half as much. */
const HALF_LIFE = 40;
const NEAR = 3;
/** How fast what is shared adds up. */
const SLOPE = 1.1;
const MOST_REASONS = 5;
const MOST_WORDS = 3;

/** A passage that goes, or probably does. */
interface Source {
  index: number;
  /** 1: it goes; less: a dependent that may go too. */
  sureness: number;
}

/** A word that two passages share. */
interface Shared {
  term: string;
  /** As it is written. */
  word: string;
  weight: number;
}

interface Signal extends DependencyReason {
  strength: number;
}

/**
 * Later passages of a line that build on passages that go, in story order; not those of which that is hardly likely.
 * `names`: of the cast; they say nothing, since everybody knows them. `cache`: for a line that is asked about again.
 */
export function dependents(
  line: readonly StoryPassage[],
  going: ReadonlySet<string>,
  names: readonly string[],
  cache: TermCache = new TermCache(line.length),
): Dependent[] {
  const start = line.findIndex(({ id }) => going.has(id));
  if (start < 0) return [];
  const search = new Search(new LineIndex(line, names, cache));
  const found: Dependent[] = [];
  for (let at = start; at < line.length; at += 1) {
    const id = line[at]?.id ?? '';
    if (going.has(id)) {
      search.add({ index: at, sureness: 1 });
      continue;
    }
    const dependent = dependentOf(id, search.signals(at));
    if (dependent.strength < FLOOR) continue;
    found.push(dependent);
    if (dependent.preset !== 'keep') search.add({ index: at, sureness: dependent.strength * SECOND_HAND });
  }
  return found;
}

const SORTS: readonly (readonly DependencyReason['kind'][])[] = [
  ['mention', 'thread'],
  ['quote'],
  ['reply'],
  ['same-turn'],
];

function dependentOf(passageId: string, signals: readonly Signal[]): Dependent {
  const sorted = [...signals].sort((a, b) => b.strength - a.strength);
  // Many weak signs of one sort are no strong one: only the best of each sort counts.
  const best = SORTS.map((kinds) => sorted.find(({ kind }) => kinds.includes(kind))?.strength ?? 0);
  const strength = 1 - best.reduce((rest, one) => rest * (1 - one), 1);
  const reasons = sorted
    .slice(0, MOST_REASONS)
    .map(({ kind, passageId: on, words }) => ({ kind, passageId: on, words }));
  return { passageId, reasons, strength, preset: presetOf(strength) };
}

/** What is proposed for a passage. */
export function presetOf(strength: number): Choice {
  return strength >= GO ? 'go' : strength >= ASK ? 'ask' : 'keep';
}

/** The chance of at least so many events where `mean` are expected (Poisson). */
function atLeast(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let fewer = 0;
  for (let n = 0; n < count; n += 1) {
    fewer += term;
    term *= mean / (n + 1);
  }
  return Math.max(0, 1 - fewer);
}

/** Looks for what passages have from the sources before them. */
class Search {
  private readonly index: LineIndex;
  private readonly sources = new Map<number, Source>();
  /** The first source of each turn. */
  private readonly byTurn = new Map<string, Source>();
  private readonly quoteSearch: QuoteSearch;
  /** How many terms a later passage shares with all sources together, in the mean. */
  private meanOfSources = 0;

  constructor(index: LineIndex) {
    this.index = index;
    this.quoteSearch = new QuoteSearch(index);
  }

  add(source: Source): void {
    this.sources.set(source.index, source);
    this.meanOfSources += this.index.meanShared(source.index, 0);
    this.quoteSearch.add(source.index);
    const turnId = this.index.passages[source.index]?.turnId ?? '';
    if (!this.byTurn.has(turnId)) this.byTurn.set(turnId, source);
  }

  signals(at: number): Signal[] {
    return [...this.shared(at), ...this.quotes(at), ...this.replies(at), ...this.turns(at)];
  }

  private idOf(at: number): string {
    return this.index.passages[at]?.id ?? '';
  }

  /** Names and rare words that came into the story with a source. */
  private shared(at: number): Signal[] {
    const bySource = new Map<number, Shared[]>();
    for (const [term, word] of this.index.at(at).terms) {
      const first = this.index.introducedBy(term);
      if (first === undefined || first === at || !this.sources.has(first)) continue;
      const weight = this.index.weight(term);
      if (weight > 0) bySource.set(first, [...(bySource.get(first) ?? []), { term, word, weight }]);
    }
    return [...bySource].map(([source, terms]) => this.sharedSignal(at, source, terms));
  }

  private sharedSignal(at: number, source: number, terms: Shared[]): Signal {
    const sorted = terms.sort((a, b) => b.weight - a.weight);
    const sum = sorted.reduce((total, { weight }) => total + weight, 0);
    const sureness = this.sources.get(source)?.sureness ?? 0;
    const fade = 0.5 + 0.5 * 0.5 ** ((at - source) / HALF_LIFE);
    const isNamed = sorted.some(({ term }) => this.index.isName(term));
    const meant = 1 - this.byChance(source, terms.length + (isNamed ? 1 : 0), terms.length);
    return {
      kind: isNamed || at - source <= NEAR ? 'mention' : 'thread',
      passageId: this.idOf(source),
      words: sorted
        .slice(0, MOST_WORDS)
        .map(({ word }) => word)
        .join(', '),
      strength: sureness * fade * meant * (1 - Math.exp(-SLOPE * sum)),
    };
  }

  /** How likely it is that a passage shares so many terms with one of the sources though it builds on none, 0 to 1. */
  private byChance(source: number, count: number, without: number): number {
    const own = this.index.meanShared(source, without);
    const others = this.meanOfSources - this.index.meanShared(source, 0);
    const mean = (own + others) / this.sources.size;
    return Math.min(1, this.sources.size * atLeast(count, mean));
  }

  private quotes(at: number): Signal[] {
    return this.quoteSearch.find(at).map(({ source, words }) => {
      const sureness = this.sources.get(source)?.sureness ?? 0;
      return { kind: 'quote', passageId: this.idOf(source), words, strength: sureness * QUOTE_STRENGTH };
    });
  }

  /** An answer to the passage directly before it, in the same scene. */
  private replies(at: number): Signal[] {
    const source = this.sources.get(at - 1);
    const isSameScene = this.index.passages[at - 1]?.scene === this.index.passages[at]?.scene;
    if (source === undefined || !isSameScene) return [];
    const strength = source.sureness * replyStrength(this.index, at);
    return strength > 0 ? [{ kind: 'reply', passageId: this.idOf(at - 1), words: '', strength }] : [];
  }

  private turns(at: number): Signal[] {
    const source = this.byTurn.get(this.index.passages[at]?.turnId ?? '');
    if (source === undefined) return [];
    const strength = source.sureness * SAME_TURN_STRENGTH;
    return [{ kind: 'same-turn', passageId: this.idOf(source.index), words: '', strength }];
  }
}
