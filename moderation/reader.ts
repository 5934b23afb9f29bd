import { SCORES, type Scores, type ScreenRequest } from '../sessions/moderator.ts';
import type { Detector, Finding, ModelScores, TextViews } from './findings.ts';
import type { Classifier } from './model/classifier.ts';
import { DETECTORS, runDetectors } from './rules/detectors.ts';

/** The classifier reads this much at once; longer texts are read in windows that overlap. */
const WINDOW = 4_000;
const WINDOW_STEP = 3_800;
const NO_SCORES = Object.fromEntries(SCORES.map((name) => [name, 0])) as Scores;

/** What rules and the small model see in a text; plain data, so that a thread may read and another decide. */
export interface Reading {
  findings: Finding[];
  model: ModelScores;
  failedTiers: string[];
}

export interface ReaderParts {
  classifier: Classifier;
  detectors?: Readonly<Record<string, Detector>>;
  now: () => number;
  onTier?: (tier: string, ms: number, ok: boolean) => void;
}

/** Reads a bare text. What throws is named in the reading; it never throws itself. */
export function readText(views: TextViews, request: ScreenRequest, parts: ReaderParts): Reading {
  const timed = <T>(tier: string, run: () => T): T | null => {
    const began = parts.now();
    let result: T | null = null;
    try {
      result = run();
    } catch {
      // Told by its absence.
    }
    parts.onTier?.(tier, parts.now() - began, result !== null);
    return result;
  };
  const found = timed('rules', () => runDetectors(views, request, parts.detectors ?? DETECTORS));
  const model = timed('classifier', () => scoreWindows(parts.classifier, views.folded));
  return {
    findings: found?.findings ?? [],
    model: model ?? NO_SCORES,
    failedTiers: [...(found?.failed ?? ['rules.all']), ...(model === null ? ['classifier'] : [])],
  };
}

/** The highest scores of any window of a text. */
function scoreWindows(classifier: Classifier, folded: string): ModelScores {
  let highest = classifier.score(folded.slice(0, WINDOW));
  for (let start = WINDOW_STEP; start < folded.length - (WINDOW - WINDOW_STEP); start += WINDOW_STEP) {
    const scores = classifier.score(folded.slice(start, start + WINDOW));
    const entries = Object.entries(scores).map(([name, score]) => [
      name,
      Math.max(score, highest[name as keyof ModelScores]),
    ]);
    highest = Object.fromEntries(entries) as ModelScores;
  }
  return highest;
}
