import type { Finding, TextViews } from '../findings.ts';
import { literalSpan, plainViewsOf } from '../text/normalise.ts';
import { findAddresses } from './pii-address.ts';
import { findIdentifiers, type PiiMatch } from './pii-numbers.ts';
import { findPhones } from './pii-phone.ts';

/**
 * Personal data in a text: one finding per kind and severity, all its places in it. Kinds are the labels that masks
 * have placeholders for. Names are never personal data here.
 */
export function piiFindings({ literal }: Pick<TextViews, 'literal'>): Finding[] {
  // Folding for words would turn digits into letters.
  const views = plainViewsOf(literal);
  const matches = withoutOverlaps([
    ...findIdentifiers(views.folded),
    ...findPhones(views.folded),
    ...findAddresses(views),
  ]);
  const findings = new Map<string, Finding & { spans: { start: number; end: number }[] }>();
  for (const match of matches) {
    const key = `${match.kind} ${match.severity}`;
    const span = literalSpan(views, match.start, match.end);
    const finding = findings.get(key);
    if (finding !== undefined) finding.spans.push(span);
    else {
      const { kind, severity } = match;
      const id = `pii.${kind}`;
      findings.set(key, { id, harm: 'privacy', severity, spans: [span], source: 'pii', label: kind });
    }
  }
  return [...findings.values()];
}

/** Where two overlap, the one that was found by the surer test stays: they come in that order. */
function withoutOverlaps(matches: PiiMatch[]): PiiMatch[] {
  const sorted = matches
    .map((match, rank) => ({ match, rank }))
    .sort((one, other) => one.match.start - other.match.start || one.rank - other.rank);
  const kept: typeof sorted = [];
  for (const each of sorted) {
    const last = kept.at(-1);
    if (last === undefined || each.match.start >= last.match.end) kept.push(each);
    else if (each.rank < last.rank) kept[kept.length - 1] = each;
  }
  return kept.map(({ match }) => match);
}
