/**
 * Measures the model of moderation: npm run eval:moderation -- [--data DIR]. Without a folder it takes the small set
 * that comes with the program. Exit code 1: something is below its floor.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { bundledFile } from '../bundled-file.ts';
import { loadClassifier, type Classifier } from '../model/classifier.ts';
import { openEncoder, type Encoder } from '../model/encoder.ts';
import { foldText } from '../text/normalise.ts';
import { parseRows, readSplits, type Row } from './data.ts';
import { StoredEmbeddings } from './embeddings.ts';
import { reportFiction, reportLabels, type ScoredRow } from './evaluate.ts';
import { quantile } from './metrics.ts';
import { fictionTable, floorsSchema, labelTable, shortfalls, type Floor } from './report.ts';

const TIMED_TEXTS = 200;
const TIMED_LENGTH = 650;

const print = (...lines: string[]): void => console.log(lines.join('\n'));

interface EvaluatedSet {
  name: 'dev' | 'test' | 'bundled';
  rows: readonly Row[];
}

function setsOf(folder: string | undefined): EvaluatedSet[] {
  if (folder === undefined) {
    return [{ name: 'bundled', rows: parseRows(readFileSync(bundledFile('fixtures/eval.jsonl.gz'))) }];
  }
  const { dev, test } = readSplits(folder);
  return [
    { name: 'dev', rows: dev },
    { name: 'test', rows: test },
  ];
}

function scoreWords(classifier: Classifier, rows: readonly Row[]): ScoredRow[] {
  return rows.map((row) => ({ row, scores: classifier.score(foldText(row.text)) }));
}

async function scoreBoth(
  classifier: Classifier,
  rows: readonly Row[],
  encoder: Encoder,
): Promise<ScoredRow[]> {
  const embeddings = await new StoredEmbeddings(encoder).of(
    rows.map(({ text }) => foldText(text)),
    (done) => print(`(${done} of ${rows.length} embedded)`),
  );
  return scoreWords(classifier, rows).map(({ row, scores }, at) => {
    const embedding = embeddings[at];
    if (embedding === undefined) throw new Error('a text has no embedding');
    return { row, scores: classifier.averageScores(scores, classifier.scoreEmbedding(embedding)) };
  });
}

/** Prints the tables of one set and says what is below its floor. */
function judge(title: string, scored: readonly ScoredRow[], floor: Floor): string[] {
  const [labels, fiction] = [reportLabels(scored), reportFiction(scored)];
  print('', `### ${title}, ${scored.length} texts`, '', labelTable(labels));
  if (fiction.length > 0) print('', fictionTable(fiction));
  return shortfalls({ labels, fiction }, floor).map((what) => `${title}: ${what}`);
}

/** Texts of the set put together to the length that latency is told for. */
function timedTexts(rows: readonly Row[]): string[] {
  const long = rows.map(({ text }) => text).join(' ');
  const count = Math.min(TIMED_TEXTS, Math.floor(long.length / TIMED_LENGTH));
  return Array.from({ length: count }, (_, at) => long.slice(at * TIMED_LENGTH, (at + 1) * TIMED_LENGTH));
}

async function timesOf(texts: readonly string[], work: (text: string) => unknown): Promise<number[]> {
  const times: number[] = [];
  for (const text of texts) {
    const start = performance.now();
    await work(text);
    times.push(performance.now() - start);
  }
  return times;
}

/** Prints p50 and p95, and says when p95 is above its bound. */
function judgeTimes(what: string, times: readonly number[], most: number): string[] {
  const [median, high] = [quantile(times, 0.5), quantile(times, 0.95)];
  print(`${what}: p50 ${median.toFixed(2)} ms, p95 ${high.toFixed(2)} ms`);
  return high > most ? [`${what}: p95 is ${high.toFixed(2)} ms, at most ${most} ms`] : [];
}

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const floors = floorsSchema.parse(JSON.parse(readFileSync(bundledFile('fixtures/floors.json'), 'utf8')));
const classifier = await loadClassifier();
const encoder = await openEncoder({ onAbsent: (reason) => print(`Without the encoder: ${reason}`) });
const sets = setsOf(values.data);
print(`Model ${classifier.version}; scores of 0.5 and more count as flagged.`);
const misses: string[] = [];
for (const { name, rows } of sets) {
  misses.push(...judge(`${name}, words only`, scoreWords(classifier, rows), floors[name]));
  if (encoder === null) continue;
  const both = await scoreBoth(classifier, rows, encoder);
  misses.push(...judge(`${name}, words and encoder`, both, floors[name]));
}
const timed = timedTexts(sets.flatMap(({ rows }) => rows));
print('', `Latency of ${timed.length} texts of ${TIMED_LENGTH} characters, folding included:`);
const words = await timesOf(timed, (text) => classifier.score(foldText(text)));
misses.push(...judgeTimes('words only', words, floors.p95Ms.words));
if (encoder !== null) {
  const both = await timesOf(timed, async (text) => {
    const folded = foldText(text);
    const embedding = await encoder.embed(folded);
    return classifier.averageScores(classifier.score(folded), classifier.scoreEmbedding(embedding));
  });
  misses.push(...judgeTimes('words and encoder', both, floors.p95Ms.encoder));
  await encoder.close();
}
if (misses.length > 0) print('', 'Below the floor:', ...misses);
process.exitCode = misses.length > 0 ? 1 : 0;
