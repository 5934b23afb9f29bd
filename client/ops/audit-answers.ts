import { AUDIT as words } from './audit-strings.ts';
import { figureText } from './figures.ts';

/** What a verification found; `isWhole` null: it could not be done. */
export interface Verdict {
  isWhole: boolean | null;
  text: string;
}

/** The text of a checkpoint in an answer; null: there is none yet. */
export function checkpointText(answer: unknown): string | null {
  const note = (answer as { checkpoint?: unknown } | null)?.checkpoint;
  return typeof note === 'string' && note !== '' ? note.slice(0, 10_000) : null;
}

/** What a verification found, in words. */
export function verdictOf(answer: unknown): Verdict {
  const { ok, size, problem } = answer as { ok: boolean; size?: unknown; problem?: unknown };
  if (ok)
    return {
      isWhole: true,
      text: words.verified(figureText(typeof size === 'number' ? size : null, 'count')),
    };
  const where = typeof problem === 'string' ? problem : JSON.stringify(problem ?? null);
  return { isWhole: false, text: `${words.broken} ${words.brokenAt(where.slice(0, 300))}` };
}
