import { join } from 'node:path';
import { loadBaseline } from '../narrator/quality/baseline.ts';
import { createAssessor } from '../narrator/quality/assessor.ts';
import type { ModelNarrator } from '../narrator/narrator.ts';
import type { FactSink, SessionFact } from '../sessions/facts.ts';
import type { QualityAssessor } from '../sessions/quality.ts';
import { PACKAGE_ROOT } from './package-root.ts';

const BASELINE = join(PACKAGE_ROOT, 'narrator/baselines/quality-en-1.json');

/** How passages are measured. Throws when the baseline that ships is damaged (J5). */
export async function createQuality(narrator: ModelNarrator): Promise<QualityAssessor> {
  const baseline = await loadBaseline(BASELINE);
  return createAssessor({ baseline, engine: narrator });
}

/** Tells several of each fact; one that fails keeps it from no other. */
export function factsTo(sinks: readonly FactSink[], onTrouble: (error: unknown) => void): FactSink {
  return {
    take(fact: SessionFact): void {
      for (const sink of sinks) {
        try {
          sink.take(fact);
        } catch (error) {
          onTrouble(error);
        }
      }
    },
  };
}
