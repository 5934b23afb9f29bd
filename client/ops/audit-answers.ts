import type { OpsOverview, SloStatus } from '../../sessions/ops-view.ts';
import { AUDIT as words } from './audit-strings.ts';
import { figureText } from './figures.ts';
import type { Shape } from './shape.ts';

/** Answer of `GET /api/ops/audit/checkpoint`. */
export interface CheckpointAnswer {
  /** The key that the note is verified with. */
  vkey: string;
  size: number;
  /** The signed note; null: nothing is recorded yet. */
  note: string | null;
}
export const CHECKPOINT_SHAPE: Shape = { 'vkey': 'text', 'size': 'number', 'note?': 'text' };

/** Answer of `POST /api/ops/audit/verify`. */
export interface Verification {
  ok: boolean;
  size: number;
  /** All that was found, of which the first are told. */
  count: number;
  findings: { part: string; index: number | null; what: string }[];
}
export const VERIFICATION_SHAPE: Shape = {
  ok: 'flag',
  size: 'number',
  count: 'number',
  findings: [{ 'part': 'text', 'index?': 'number', 'what': 'text' }],
};

/** What a verification found, in words; the first bad place is named. */
export function verdictText({ ok, size, count, findings }: Verification): string {
  if (ok) return words.verified(figureText(size, 'count'));
  const [first] = findings;
  const where = first === undefined ? '' : words.place(first.part, first.index, first.what);
  return `${words.broken} ${words.brokenAt(where.slice(0, 300), count)}`;
}

/** What is known of the log: whole, not whole, or not looked at since the start. */
export function auditState({ ok, verifiedAt }: OpsOverview['audit']): { state: SloStatus; word: string } {
  if (!ok) return { state: 'red', word: words.bad };
  if (verifiedAt === null) return { state: 'insufficient', word: words.unverified };
  return { state: 'green', word: words.ok };
}
