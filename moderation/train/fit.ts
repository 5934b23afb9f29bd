import type { Features } from '../model/features.ts';
import { LABELS, type Label } from '../model/model-file.ts';
import { FICTION, type Row } from './data.ts';
import { fitLogistic, type Example, type Fit } from './logistic.ts';

// From labelled rows to weights: which rows count for a head, and how much. All numbers were chosen on dev.

/** A row with what a head sees of it. */
export interface Prepared {
  row: Row;
  features: Features;
}

/** Strength of the data against the penalty. Heads with few positives want more of it. */
const NGRAM_COSTS: Record<Label, number> = {
  toxicity: 8,
  hate: 8,
  harassment: 16,
  sexual: 32,
  violence: 32,
  self_harm: 32,
  injection: 32,
};
const ENCODER_COST = 2;
/** A text of clean fiction counts so much more: a false alarm there costs the product most. A sentence counts once. */
const FICTION_COST = 4;
/** Cost of clean fiction as a negative where its true label is unknown: of live play for toxicity, since players swear. */
const UNKNOWN_FICTION_COST = 1;
/**
 * Cost of a text without hate as a negative for toxicity where that is unknown. Without them, whatever else such a
 * source is about (emoji, women, immigrants) would be toxic, since only its positives are known.
 */
const NO_HATE_COST = 0.3;
/** Cost of a toxic text that says "you" as a positive for harassment; its true label is unknown. */
const ADDRESSED_COST = 0.05;
const ADDRESSED = /\b(?:you|your|you're|youre|u|ur)\b/i;
/** Rows whose author wants something of a machine: not hateful, but not known to be civil. */
const REQUESTS = 'ailuminate-demo';

type Target = Omit<Example, 'features'>;

/** What a row says about a label and how much that counts; null: nothing. */
function targetOf({ id, labels, source, text }: Row, label: Label): Target | null {
  const isFiction = FICTION.includes(source);
  const isSentence = isFiction && id.includes('/');
  const known = labels[label];
  if (known !== undefined)
    return { isPositive: known === 1, cost: isFiction && !isSentence ? FICTION_COST : 1 };
  if (isFiction) return { isPositive: false, cost: UNKNOWN_FICTION_COST };
  if (label === 'toxicity' && labels.hate === 0 && source !== REQUESTS) {
    return { isPositive: false, cost: NO_HATE_COST };
  }
  if (label === 'harassment' && labels.toxicity === 1 && ADDRESSED.test(text)) {
    return { isPositive: true, cost: ADDRESSED_COST };
  }
  return null;
}

/** The examples of one head; positives count more the rarer they are, by the square root of the ratio. */
function examplesOf(rows: readonly Prepared[], label: Label, strength: number): Example[] {
  const examples = rows.flatMap(({ row, features }) => {
    const target = targetOf(row, label);
    return target === null ? [] : [{ ...target, features }];
  });
  const costOf = (isPositive: boolean) =>
    examples.reduce((sum, example) => sum + (example.isPositive === isPositive ? example.cost : 0), 0);
  const ratio = Math.sqrt(costOf(false) / costOf(true));
  return examples.map((example) => ({
    ...example,
    cost: example.cost * strength * (example.isPositive ? ratio : 1),
  }));
}

/** Weights of the n-gram heads, in the order of the labels. */
export function fitNgramHeads(rows: readonly Prepared[], dimensions: number): Fit[] {
  return LABELS.map((label) =>
    fitLogistic(examplesOf(rows, label, NGRAM_COSTS[label]), { dimensions, epochs: 10, seed: 1 }),
  );
}

/** Weights of the heads on the sentence embedding, in the order of the labels. */
export function fitEncoderHeads(rows: readonly Prepared[], dimensions: number): Fit[] {
  return LABELS.map((label) =>
    fitLogistic(examplesOf(rows, label, ENCODER_COST), { dimensions, epochs: 15, seed: 1 }),
  );
}
