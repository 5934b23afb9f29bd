/** Trains the model of moderation: npm run train:moderation -- --data DIR. Prints no text of the data, only figures. */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { bundledFile } from '../bundled-file.ts';
import { classifierOf, encoderSums, logitOf, ngramSums } from '../model/classifier.ts';
import { EMBEDDING_SIZE, openEncoder } from '../model/encoder.ts';
import { BUCKETS, featuresOf, type Features } from '../model/features.ts';
import { LABELS, versionOf, writeModel, type Affine, type Model } from '../model/model-file.ts';
import { foldText } from '../text/normalise.ts';
import { calibrate } from './calibrate.ts';
import { FICTION, fictionSentences, readSplits, type Row } from './data.ts';
import { StoredEmbeddings } from './embeddings.ts';
import { fitEncoderHeads, fitNgramHeads } from './fit.ts';
import { PARITY_TEXTS } from './parity-texts.ts';
import { quantise } from './quantise.ts';
import type { Scored } from './metrics.ts';

const log = (line: string): void => console.log(`${(performance.now() / 1000).toFixed(0)} s: ${line}`);

interface TrainingRow {
  row: Row;
  folded: string;
  features: Features;
  embedding: Float32Array;
}

/** Every number of an embedding as a feature of its own. */
const EVERY_NUMBER = Int32Array.from({ length: EMBEDDING_SIZE }, (_, at) => at);
const NOT_CALIBRATED: Affine = { slope: 1, shift: 0 };

async function prepare(rows: readonly Row[], embeddings: StoredEmbeddings): Promise<TrainingRow[]> {
  const folded = rows.map(({ text }) => foldText(text));
  const embedded = await embeddings.of(folded, (done) => log(`${done} of ${rows.length} embedded`));
  return rows.map((row, at) => ({
    row,
    folded: folded[at] ?? '',
    features: featuresOf(folded[at] ?? ''),
    embedding: embedded[at] ?? new Float32Array(EMBEDDING_SIZE),
  }));
}

function fit(rows: readonly TrainingRow[]): Model {
  const fits = fitNgramHeads(rows, BUCKETS);
  log('n-gram heads fitted');
  const { weights, scales } = quantise(fits);
  const onEmbeddings = rows.map(({ row, embedding }) => ({
    row,
    features: { buckets: EVERY_NUMBER, values: embedding },
  }));
  const encoderFits = fitEncoderHeads(onEmbeddings, EMBEDDING_SIZE);
  log('encoder heads fitted');
  return {
    labels: [...LABELS],
    buckets: BUCKETS,
    embeddingSize: EMBEDDING_SIZE,
    ngram: fits.map(({ bias }, head) => ({ bias, scale: scales[head] ?? 1, ...NOT_CALIBRATED })),
    encoder: encoderFits.map(({ bias }) => ({ bias, ...NOT_CALIBRATED })),
    average: LABELS.map(() => NOT_CALIBRATED),
    ngramWeights: weights,
    encoderWeights: Float32Array.from(encoderFits.flatMap((head) => [...head.weights])),
  };
}

/** Dev, and the sentences of its clean fiction. */
interface Development {
  rows: readonly TrainingRow[];
  sentences: readonly TrainingRow[];
}

/** Calibrates each head on dev from what `rawOf` says of a row. */
function calibrateHeads(dev: Development, rawOf: (of: TrainingRow) => readonly number[]): Affine[] {
  const raw = dev.rows.map((of) => ({ row: of.row, sums: rawOf(of) }));
  const sentences = dev.sentences.map(rawOf);
  const whole = raw.filter(({ row }) => FICTION.includes(row.source)).map(({ sums }) => sums);
  return LABELS.map((label, head) => {
    const scored: Scored[] = raw.flatMap(({ row, sums }) => {
      const known = row.labels[label];
      return known === undefined ? [] : [{ score: sums[head] ?? 0, isPositive: known === 1 }];
    });
    const fiction = [whole, sentences].map((list) => list.map((sums) => sums[head] ?? 0));
    return calibrate(scored, fiction);
  });
}

function calibrateModel(model: Model, dev: Development): Model {
  const ngram = calibrateHeads(dev, ({ features }) => ngramSums(model, features));
  const encoder = calibrateHeads(dev, ({ embedding }) => encoderSums(model, embedding));
  const heads: Model = {
    ...model,
    ngram: model.ngram.map((head, at) => ({ ...head, ...ngram[at] })),
    encoder: model.encoder.map((head, at) => ({ ...head, ...encoder[at] })),
  };
  const plain = classifierOf(heads, '');
  const average = calibrateHeads(dev, ({ folded, embedding }) => {
    const both = plain.averageScores(plain.score(folded), plain.scoreEmbedding(embedding));
    return LABELS.map((label) => logitOf(both[label]));
  });
  return { ...heads, average };
}

/** What other code must find with these weights: the first buckets, their number, and scores. */
function parityOf(model: Model, version: string): unknown {
  const classifier = classifierOf(model, version);
  const texts = PARITY_TEXTS.map((text) => {
    const { buckets } = featuresOf(foldText(text));
    const first = [...buckets.subarray(0, 12)];
    return { text, count: buckets.length, first, scores: classifier.score(foldText(text)) };
  });
  const embeddings = [0, 100, 511].map((axis) => ({
    axis,
    scores: classifier.scoreEmbedding(new Float32Array(EMBEDDING_SIZE).fill(1, axis, axis + 1)),
  }));
  return { version, texts, embeddings };
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string', default: bundledFile('model') } },
});
if (values.data === undefined)
  throw new Error('--data DIR is missing: the folder of train.jsonl.gz and dev.jsonl');
const encoder = await openEncoder({ onAbsent: (reason) => log(`no encoder: ${reason}`) });
if (encoder === null) throw new Error('training needs the optional packages of the encoder');
const embeddings = new StoredEmbeddings(encoder);
const splits = readSplits(values.data);
const train = await prepare([...splits.train, ...fictionSentences(splits.train)], embeddings);
const dev: Development = {
  rows: await prepare(splits.dev, embeddings),
  sentences: await prepare(fictionSentences(splits.dev), embeddings),
};
await encoder.close();
log(
  `${train.length} texts to train on, ${dev.rows.length} to calibrate on, ${splits.test.length} not looked at`,
);
const model = calibrateModel(fit(train), dev);
const bytes = writeModel(model);
const version = versionOf(bytes);
writeFileSync(`${values.out}/classifier.bin`, bytes);
writeFileSync(`${values.out}/parity.json`, `${JSON.stringify(parityOf(model, version), null, 1)}\n`);
log(`wrote ${bytes.length} bytes, version ${version}`);
