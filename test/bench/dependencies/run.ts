/** How long it takes to find what builds on passages that go, by the length of the story. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dependents, type StoryPassage } from '../../../sessions/dependencies.ts';
import { TermCache } from '../../../sessions/dependency-terms.ts';
import { describeMachine } from '../collab/machine.ts';
import { quantile } from '../collab/quantiles.ts';

const ROOT = join(import.meta.dirname, '../../..');
const STORIES = join(ROOT, 'test/fixtures/planted-stories');
const SIZES = [100, 1_000, 5_000];
const CHARACTERS = 600;
const GOING = 10;
const ROUNDS = 20;
/** For 1,000 passages that were read before. */
const TARGET_MS = 50;

const jsonFiles = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.json'));

/** The words of the planted stories, as often as they come. */
function wordsOfStories(): string[] {
  return jsonFiles(STORIES).flatMap((file) => {
    const { passages } = JSON.parse(readFileSync(join(STORIES, file), 'utf8')) as {
      passages: StoryPassage[];
    };
    return passages.flatMap(({ text }) => text.split(/\s+/));
  });
}

/** A long story in the words of the planted ones and in others, the same every time; no sentence comes twice. */
function storyOf(length: number): StoryPassage[] {
  const known = wordsOfStories();
  let seed = 7;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  // Few words come often and many once, as in every text.
  const rare = (): string =>
    `${'bdfgklmnprst'[next(12)] ?? ''}o${Math.floor(3 ** (next(900) / 100)).toString(36)}un`;
  const word = (): string => (next(6) === 0 ? rare() : (known[next(known.length)] ?? ''));
  return Array.from({ length }, (_, at) => {
    let text = '"Well,';
    while (text.length < CHARACTERS) text += ` ${word()}${next(10) === 0 ? '.' : ''}`;
    return { id: `p${at}`, turnId: `t${at}`, by: `player${next(4)}`, scene: Math.floor(at / 20), text };
  });
}

interface Timed {
  passages: number;
  found: number;
  coldMs: number;
  p50: number;
  p95: number;
}

function time(passages: number): Timed {
  const line = storyOf(passages);
  const going = new Set(line.slice(passages / 10, passages / 10 + GOING).map(({ id }) => id));
  const names = ['Mirelle', 'Toban', 'Osk'];
  const run = (cache: TermCache) => {
    const began = performance.now();
    const found = dependents(line, going, names, cache).length;
    return { found, ms: performance.now() - began };
  };
  const cold = Array.from({ length: ROUNDS }, () => run(new TermCache()).ms);
  const cache = new TermCache();
  const { found } = run(cache);
  const warm = Array.from({ length: ROUNDS }, () => run(cache).ms);
  return {
    passages,
    found,
    coldMs: quantile(cold, 0.5),
    p50: quantile(warm, 0.5),
    p95: quantile(warm, 0.95),
  };
}

const startedAt = new Date().toISOString();
const sizes = SIZES.map(time);
const { machine, versions } = describeMachine(tmpdir());
const outFile = join(ROOT, 'bench-results', `dependencies-${startedAt.replace(/[:.]/g, '-')}.json`);
mkdirSync(dirname(outFile), { recursive: true });
const results = { startedAt, machine, version: versions.taleloom, targetMs: TARGET_MS, sizes };
writeFileSync(outFile, `${JSON.stringify(results, null, 2)}\n`);
for (const { passages, found, coldMs, p50, p95 } of sizes)
  console.log(
    `${String(passages).padStart(5)} passages: first ${coldMs.toFixed(1)} ms, then p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} ms, ${found} found`,
  );
console.log(`All figures: ${outFile}`);
const thousand = sizes.find(({ passages }) => passages === 1_000);
const verdict = (thousand?.p95 ?? Infinity) < TARGET_MS ? 'target met' : 'target missed';
console.log(
  `dependencies: 1,000 passages p95 ${thousand?.p95.toFixed(1) ?? '-'} ms (first ${thousand?.coldMs.toFixed(0) ?? '-'} ms); ${verdict}`,
);
