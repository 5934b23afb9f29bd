import type { ScreenRequest } from '../../sessions/moderator.ts';
import { depictionFindings } from './depiction.ts';
import { despairFindings } from './despair.ts';
import { doxxingFindings } from './doxxing.ts';
import type { Detector, Finding, TextViews } from '../findings.ts';
import { handleFindings } from './handles.ts';
import { harassmentFindings } from './harassment.ts';
import { hateFindings } from './hate.ts';
import { hostilityFindings } from './hostility.ts';
import { injectionFindings } from './injection.ts';
import { instructionsFindings } from './instructions-harm.ts';
import { lexiconFindings } from './lexicon.ts';
import { minorFindings } from './minors.ts';
import { viewsOf } from '../text/normalise.ts';
import { piiFindings } from './pii.ts';
import { selfHarmFindings } from './self-harm.ts';
import { spamFindings } from './spam.ts';
import { tableFindings } from './table-topics.ts';
import { threatFindings } from './threat.ts';

/** The rule detectors by the names under which their failures are told. */
export const DETECTORS: Readonly<Record<string, Detector>> = {
  'minors': minorFindings,
  'self-harm': selfHarmFindings,
  'despair': despairFindings,
  'threat': threatFindings,
  'doxxing': doxxingFindings,
  'hate': hateFindings,
  'harassment': harassmentFindings,
  'hostility': hostilityFindings,
  'handles': handleFindings,
  'instructions': instructionsFindings,
  'depiction': depictionFindings,
  'table': tableFindings,
  'lexicon': lexiconFindings,
  'pii': piiFindings,
  'injection': injectionFindings,
  'spam': spamFindings,
};
/** Those that also read a text together with the ones before it. */
const ACROSS = ['self-harm', 'threat', 'hate', 'harassment', 'instructions', 'lexicon', 'injection', 'table'];
/** How many earlier passages, and how much of each, is read together with a text (S3.24). */
const MOST_EARLIER = 2;
const MAX_EARLIER = 500;
/** How much on either side of a seam is read as one word. */
const SEAM = 16;

/** What the rules found, and which of them failed. */
export interface Found {
  findings: Finding[];
  failed: string[];
}

/** Runs all detectors over a text, and those that can be evaded by splitting also over the seam to the texts before. */
export function runDetectors(
  views: TextViews,
  request: ScreenRequest,
  detectors: Readonly<Record<string, Detector>> = DETECTORS,
): Found {
  const plain = run(views, request, detectors);
  const spelled = plain.findings.length > 0 ? [] : spelledOut(views, request, detectors);
  const found = { ...plain, findings: [...plain.findings, ...spelled] };
  const across = runAcross(views, request, found.findings, detectors);
  return {
    findings: [...found.findings, ...across.findings],
    failed: [...new Set([...found.failed, ...across.failed])],
  };
}

/** A name says with capitals, digits and underscores what it does not say with blanks: "xX_IdiotsOnly_Xx". */
function spelledOut(
  { literal }: TextViews,
  request: ScreenRequest,
  detectors: Readonly<Record<string, Detector>>,
): Finding[] {
  if ((request.channel !== 'name' && request.channel !== 'title') || literal.length > MAX_EARLIER) return [];
  const words = literal
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .replace(/[^\p{L}\p{N}'!?]+|(?<=\p{L})\d+$|\bxx\b/giu, ' ')
    .trim();
  if (words === '' || words === literal) return [];
  const whole = [{ start: 0, end: literal.length }];
  return run(viewsOf(words), { ...request, text: words }, detectors).findings.map((finding) => ({
    ...finding,
    spans: whole,
  }));
}

function run(views: TextViews, request: ScreenRequest, detectors: Readonly<Record<string, Detector>>): Found {
  const findings: Finding[] = [];
  const failed: string[] = [];
  for (const [name, detector] of Object.entries(detectors)) {
    try {
      findings.push(...detector(views, request));
    } catch {
      failed.push(`rules.${name}`);
    }
  }
  return { findings, failed };
}

/**
 * What only shows when the text is read on from what came before: neither the text nor the earlier ones have it alone.
 * Its spans are cut to the text.
 */
function runAcross(
  views: TextViews,
  request: ScreenRequest,
  own: readonly Finding[],
  detectors: Readonly<Record<string, Detector>>,
): Found {
  const earlier = request.recent.slice(-MOST_EARLIER).map((text) => text.slice(-MAX_EARLIER));
  if (earlier.length === 0) return { findings: [], failed: [] };
  const chosen = Object.fromEntries(
    ACROSS.flatMap((name) => {
      const detector = detectors[name];
      return detector === undefined ? [] : [[name, detector]];
    }),
  );
  const before = earlier.join(' ');
  const joint = run(viewsOf(`${before} ${views.literal}`), { ...request, recent: [] }, chosen);
  const seam = seamFindings(earlier.at(-1) ?? '', views.literal, request);
  const fresh = joint.findings.filter((finding) => !own.some((each) => isSame(each, finding)));
  if (fresh.length === 0) return { findings: seam, failed: joint.failed };
  const alone = run(viewsOf(before), { ...request, recent: [] }, chosen);
  const split = fresh.filter((finding) => !alone.findings.some((each) => isSame(each, finding)));
  const findings = split.flatMap((finding) => cut(finding, before.length + 1, views.literal.length));
  return { findings: [...findings, ...seam], failed: [...joint.failed, ...alone.failed] };
}

/** A word that is split in the middle: "id" at the end of one text and "iot" at the beginning of the next. */
function seamFindings(before: string, text: string, request: ScreenRequest): Finding[] {
  const tail = /[\p{L}\p{N}*]{1,16}$/u.exec(before.trimEnd())?.[0] ?? '';
  const head = /^[\p{L}\p{N}*]{1,16}/u.exec(text.trimStart().slice(0, SEAM))?.[0] ?? '';
  if (tail === '' || head === '') return [];
  const glued = lexiconFindings(viewsOf(tail + head), { ...request, recent: [] });
  const lone = [...lexiconFindings(viewsOf(tail), request), ...lexiconFindings(viewsOf(head), request)];
  if (lone.length > 0) return [];
  const start = text.length - text.trimStart().length;
  return glued
    .filter(
      ({ severity, spans }) =>
        severity >= 3 && spans.some((span) => span.start === 0 && span.end > tail.length),
    )
    .map((finding) => ({ ...finding, spans: [{ start, end: start + head.length }] }));
}

function isSame(one: Finding, other: Finding): boolean {
  return one.id === other.id && one.label === other.label && one.severity >= other.severity;
}

function cut(finding: Finding, from: number, length: number): Finding[] {
  const spans = finding.spans
    .filter(({ end }) => end > from)
    .map(({ start, end }) => ({ start: Math.max(0, start - from), end: Math.min(length, end - from) }))
    .filter(({ start, end }) => end > start);
  return spans.length === 0 ? [] : [{ ...finding, spans }];
}
