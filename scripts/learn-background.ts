// Learns the background of stems and the quality baseline of a language from prose.
//
//   npx tsx scripts/learn-background.ts split TEXT.txt > passages.json
//   npx tsx scripts/learn-background.ts learn DIR
//
// TEXT.txt and DIR/AUTHOR/*.txt hold one work each, a blank line between paragraphs (narrator/baselines/README.md names
// those that ship). Passages that stand in test/fixtures/stories are left out of what is learnt. Frequencies come from
// all that is left, anchors from as many passages of each author.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseBackground } from '../sessions/measures/background.ts';
import { rawCoherence } from '../sessions/measures/coherence.ts';
import { passageDiversity } from '../sessions/measures/diversity.ts';
import { PassageReading } from '../sessions/measures/passage-reading.ts';
import { SynergyLedger } from '../sessions/measures/synergy.ts';
import type { Background } from '../sessions/quality.ts';

const VERSION = 'en-1';
const LANGUAGE = 'en';
const BASELINES = path.join(import.meta.dirname, '../narrator/baselines');
const FIXTURES = path.join(import.meta.dirname, '../test/fixtures/stories');
/** A passage ends with a paragraph from so many words on, and with a sentence from so many. */
const ENOUGH = 120;
const PLENTY = 150;
/** Words that tell the language. */
const COMMON = 100;
/** Times that one of them has to follow another to be known for it. */
const KNOWN_PAIR = 3;
/** Passages of each author that the anchors are learnt from. */
const PER_AUTHOR = 400;

/** Passages of about 120 to 180 words: whole paragraphs, else whole sentences. */
function split(text: string): string[] {
  const passages: string[] = [];
  let open: string[] = [];
  let words = 0;
  const close = (): void => {
    if (words > 0) passages.push(open.join('').trim());
    open = [];
    words = 0;
  };
  for (const paragraph of text.split(/\n\s*\n/)) {
    for (const sentence of paragraph.match(/[^.!?]+(?:[.!?]+["')\]]*\s*|$)/gu) ?? [paragraph]) {
      open.push(sentence);
      words += sentence.split(/\s+/).filter((word) => word !== '').length;
      if (words >= PLENTY && /[.!?]["')\]]*\s*$/u.test(sentence)) close();
    }
    if (words >= ENOUGH) close();
    else open.push('\n\n');
  }
  close();
  return passages;
}

interface Work {
  author: string;
  passages: PassageReading[];
}

function heldOut(): Set<string> {
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));
  return new Set(
    files.flatMap((name) => {
      const { passages } = JSON.parse(readFileSync(path.join(FIXTURES, name), 'utf8')) as {
        passages: string[];
      };
      return passages;
    }),
  );
}

/** All works of the authors, in passages. */
function worksIn(folder: string): Work[] {
  const held = heldOut();
  const works: Work[] = [];
  for (const author of readdirSync(folder).sort())
    for (const name of readdirSync(path.join(folder, author)).sort()) {
      const text = readFileSync(path.join(folder, author, name), 'utf8');
      const passages = split(text).filter((passage) => !held.has(passage));
      works.push({ author, passages: passages.map((passage) => new PassageReading(passage)) });
    }
  return works.filter(({ passages }) => passages.length > 0);
}

function learnBackground(passages: readonly PassageReading[]): unknown {
  const found = new Map<string, number>();
  const words = new Map<string, number>();
  for (const reading of passages) {
    for (const stem of reading.stems.keys()) found.set(stem, (found.get(stem) ?? 0) + 1);
    for (const word of reading.words) words.set(word, (words.get(word) ?? 0) + 1);
  }
  const stems: Record<string, string[]> = {};
  for (const [stem, count] of [...found].sort()) if (count > 1) (stems[String(count)] ??= []).push(stem);
  const common = [...words]
    .sort(([, a], [, b]) => b - a)
    .slice(0, COMMON)
    .map(([word]) => word);
  return {
    schema: 1,
    version: VERSION,
    language: LANGUAGE,
    documents: passages.length,
    common: common.join(' '),
    pairs: pairsOf(passages, new Set(common)),
    stems: Object.fromEntries(Object.entries(stems).map(([count, list]) => [count, list.join(' ')])),
  };
}

/** Which common words follow which. */
function pairsOf(passages: readonly PassageReading[], common: ReadonlySet<string>): Record<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { words } of passages)
    for (const [at, word] of words.entries()) {
      const before = words[at - 1];
      if (before === undefined || !common.has(before) || !common.has(word)) continue;
      const followers = counts.get(before) ?? new Map<string, number>();
      counts.set(before, followers.set(word, (followers.get(word) ?? 0) + 1));
    }
  const known = (followers: ReadonlyMap<string, number>): string[] =>
    [...followers].flatMap(([word, count]) => (count >= KNOWN_PAIR ? [word] : [])).sort();
  return Object.fromEntries([...counts].sort().map(([word, all]) => [word, known(all).join(' ')]));
}

function anchorsOf(values: number[]): { q05: number; q50: number; q99: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(4));
  return { q05: at(0.05), q50: at(0.5), q99: at(0.99) };
}

interface Measured {
  coherence: number[];
  diversity: number[];
  synergy: number[];
}

/** What the passages of one author measure, in their order. */
function measure(works: readonly Work[], background: Background): Measured {
  const measured: Measured = { coherence: [], diversity: [], synergy: [] };
  for (const { passages } of works) {
    const ledger = new SynergyLedger(background);
    for (const [at, reading] of passages.entries()) {
      const before = passages.slice(Math.max(0, at - 3), at);
      const raw = rawCoherence(reading, before, background);
      const parts = passageDiversity(reading, before);
      const synergy = ledger.add({ author: String(at % 3), reading });
      if (raw !== null) measured.coherence.push(raw.raw);
      if (parts !== null) measured.diversity.push(parts.raw);
      if (synergy !== null) measured.synergy.push(synergy);
    }
  }
  return measured;
}

/** As many of each author, evenly spaced. */
function sampled(values: readonly number[]): number[] {
  const step = Math.max(1, values.length / PER_AUTHOR);
  return values.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

function learn(folder: string): void {
  const works = worksIn(folder);
  const json = learnBackground(works.flatMap(({ passages }) => passages));
  const background = parseBackground(json);
  const authors = [...new Set(works.map(({ author }) => author))];
  const all = authors.map((author) =>
    measure(
      works.filter((work) => work.author === author),
      background,
    ),
  );
  const anchors = {
    coherence: anchorsOf(all.flatMap(({ coherence }) => sampled(coherence))),
    diversity: anchorsOf(all.flatMap(({ diversity }) => sampled(diversity))),
    synergy: anchorsOf(all.flatMap(({ synergy }) => sampled(synergy))),
  };
  const passages = all.reduce((sum, { coherence }) => sum + sampled(coherence).length, 0);
  write(json, anchors, passages);
  console.log(anchors);
}

type Learnt = Record<keyof Measured, { q05: number; q50: number; q99: number }>;

function write(background: unknown, { coherence, diversity }: Learnt, passages: number): void {
  const file = path.join(BASELINES, `quality-${VERSION}.json`);
  const baseline = JSON.parse(readFileSync(file, 'utf8')) as {
    sample: unknown;
    metrics: Record<string, { threshold?: number; anchors?: unknown }>;
  };
  baseline.sample = { passages, source: 'narrator/baselines/README.md' };
  Object.assign(baseline.metrics['narrative_coherence'] ?? {}, { anchors: coherence });
  // D17 names the limit itself: where healthy passages end is far above it.
  Object.assign(baseline.metrics['diversity'] ?? {}, { anchors: { ...diversity, q05: 0.85 } });
  writeFileSync(file, `${JSON.stringify(baseline, null, 2)}\n`);
  const target = path.join(BASELINES, `background-${VERSION}.json`);
  writeFileSync(target, `${JSON.stringify(background, null, 2)}\n`);
}

const [command, target] = process.argv.slice(2);
if (command === 'split' && target !== undefined)
  console.log(JSON.stringify(split(readFileSync(target, 'utf8')), null, 2));
else if (command === 'learn' && target !== undefined) learn(target);
else {
  console.error('usage: learn-background.ts split TEXT.txt | learn DIR');
  process.exitCode = 2;
}
