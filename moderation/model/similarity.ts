import type { TableRules } from '../../sessions/moderator.ts';
import type { Finding } from '../findings.ts';
import { sentencesOf } from '../text/matching.ts';
import { literalSpan, type viewsOf } from '../text/normalise.ts';
import { topicsOf } from '../rules/table-topics.ts';

/** Cosine from which a stretch of text is about a topic, and from which it may be: 1 and 3 in 1,000 of unrelated pairs. */
const SAME_TOPIC = 0.52;
const NEAR_TOPIC = 0.45;
/** Stretches that a text is cut into at most: each costs the encoder tens of milliseconds. */
const MOST_STRETCHES = 2;
/** How much of each is read. */
const STRETCH = 100;

/**
 * Lines and veils by meaning: stretches of the text that are like what the table has written down. Rejects with `embed`.
 */
export async function tableSimilarity(
  views: ReturnType<typeof viewsOf>,
  rules: TableRules,
  embed: (text: string) => Promise<Float32Array>,
): Promise<Finding[]> {
  const topics = topicsOf(rules);
  const findings: Finding[] = [];
  if (topics.length === 0) return findings;
  const stretches = stretchesOf(views.folded);
  const embedded = await Promise.all(
    stretches.map(({ start, end }) => embed(views.folded.slice(start, Math.min(end, start + STRETCH)))),
  );
  for (const { topic, harm } of topics) {
    const like = await embed(topic);
    const cosines = embedded.map((each) => cosine(each, like));
    const best = cosines.indexOf(Math.max(...cosines));
    const severity = severityOf(cosines[best] ?? 0, harm);
    const stretch = stretches[best];
    if (severity === 0 || stretch === undefined) continue;
    const spans = [literalSpan(views, stretch.start, stretch.end)];
    findings.push({ id: `table.${harm}.meaning`, harm, severity, spans, source: 'table', label: topic });
  }
  return findings;
}

/** A line is held when it is surely meant and noted when it may be; a veil is noted when it is surely meant. */
function severityOf(similarity: number, harm: 'line' | 'veil'): number {
  if (similarity >= SAME_TOPIC) return harm === 'line' ? 3 : 2;
  return similarity >= NEAR_TOPIC && harm === 'line' ? 2 : 0;
}

/** The sentences in as many groups as may be embedded. */
function stretchesOf(folded: string): { start: number; end: number }[] {
  const sentences = sentencesOf(folded);
  const size = Math.max(1, Math.ceil(sentences.length / MOST_STRETCHES));
  const stretches: { start: number; end: number }[] = [];
  for (let at = 0; at < sentences.length; at += size) {
    const start = sentences[at]?.start ?? 0;
    stretches.push({ start, end: sentences[Math.min(at + size, sentences.length) - 1]?.end ?? start });
  }
  return stretches.filter(({ start, end }) => end > start);
}

/** Embeddings have length 1, so the dot product is the cosine. */
function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
