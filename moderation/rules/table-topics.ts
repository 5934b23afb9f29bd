import type { TableRules } from '../../sessions/moderator.ts';
import type { Detector, Finding, TextViews } from '../findings.ts';
import { findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { foldText } from '../text/normalise.ts';
import { TOPIC_NAMES, wordsOfTopic } from './topic-words.ts';

// Lines and veils: what a table has agreed never to see, and what stays off-screen. Each topic is matched by its own
// words, by their inflections, and by the words that belong to it when it is one that tables often name.

const STOP = new Set(
  'a an the of or and any to in on at by for with from against towards about no not never being be is are all graphic explicit detailed depiction depictions description descriptions scene scenes theme themes harm harming hurt violence abuse abusing content real world real-life life stuff things thing extreme excessive please fear phobia that it its this too much very on-screen onscreen off-screen screen people person death dying'.split(
    ' ',
  ),
);
/** Words of a topic that name something else. */
const ELSEWHERE =
  /\b(?:(?:web|webs) of (?:lies|alliances|deceit|intrigue|canals|streets|roads|favou?rs|debts|rumou?rs|magic|light|secrets|tunnels)|(?:world|food)(?: |-)?wide web|spider-?web(?:s|bed)?|spiderman|spider-?man|spider(?:-| )(?:monkey|plant|crab|lil(?:y|ies))s?|snake(?:d|s)? (?:through|along|down|around|across|between|its way|up|past|over)|(?:road|path|river|line|trail|column|queue|procession) (?:that )?(?:snaked|snakes|snaking)|snake eyes|blood (?:oranges?|red|moon|relatives?|lines?|brothers?|sugar|type|feud|pressure|oath)|blood-red|in cold blood|flesh and blood|royal blood|of noble blood|blood is thicker|(?:drown(?:ed|ing)? (?:in|out) (?:\w+ )?(?:sorrows?|laughter|work|noise|music|debt|cheers|applause|paperwork|light|the (?:noise|sound|music|cheers|voice))|(?:drown(?:ed|ing|s)?) (?:out|his sorrows|her sorrows|their sorrows))|slaves? to (?:fashion|habit|duty|the clock|routine|his passion|her passion)|needle in a haystack|needles? of (?:pine|light|rain)|pine needles?|knitting needles?|compass needle|clown(?:ed|ing) around|clownfish|rat race|smell a rat|bug in the|bugged|computer bug|torture(?:d)? (?:metaphor|logic|grammar|syntax|soul|artist|rhyme|pun)|social suicide|political suicide|career suicide|suicide squeeze|drug ?store|love is a drug|guts to|gut feeling|by the skin of (?:his|her|their) teeth|(?:gnash|grit|gritted|clenched|bared) (?:\w+ )?teeth|tooth and nail|fine-tooth|sweet tooth|sex of the|opposite sex|the fairer sex|ghost of a (?:smile|chance)|in good spirits?|kill the (?:lights|engine)|killing time|python (?:script|code|process|program)|worm ?wood|bookworm|war of words|fire(?:d)? (?:the|him|her) (?:cook|gardener|butler))\b/g;
/** Spoken of without being shown: what a veil asks for. */
const OFF_SCREEN =
  /\b(?:spoke|speak|spoken|(?<!until (?:he|she|they|it) )talk(?:ed)?|whisper(?:ed)?|told|mention(?:ed)?|heard|rumou?rs?|remember(?:ed)?|memor(?:y|ies)|survived|aftermath|long ago|years ago|once|off-?screen|fades? to black|the door (?:closed|shut)|looked away|turned away|would not say|did not say|nobody speaks|never spoke|what (?:had )?happened|afterwards?|later|next morning|scars?|past|history|refus(?:e|ed|es) to|draws? a curtain|the scene (?:cuts|fades|ends)|we (?:cut|skip|fade))\b/;
const DETAIL =
  /\b(?:scream(?:s|ed|ing)?|shriek\w*|blood\w*|flesh|skin|bones?|slow(?:ly)?|deeper|agony|pain|writh\w*|thrust\w*|moan\w*|naked|tore|torn|ripped|ripping|gush\w*|spray\w*|spurt\w*|twist\w*|burn(?:ed|ing)|guts|entrails|cut|cutting|carved?|begg(?:ed|ing)|sobb(?:ed|ing)|whimper\w*|crack(?:ed|ing)?|snap(?:ped)?|blade|knife|iron|whip\w*|gasp\w*|breasts?|thighs?|choking|convuls\w*|every)\b/g;

/** Topics whose words by themselves say nothing: a child is no harm. */
const COMPOSITE = /harm|violence|loss|trauma|control|disorder|horror/;

/** A topic as it is looked for. */
interface Topic {
  name: string;
  pattern: RegExp | null;
}

const known = new WeakMap<readonly string[], Topic[]>();

/** Lines and veils of the table that the text touches. A topic of several words needs them together. */
export const tableFindings: Detector = (views, { rules }) => {
  if (rules.lines.length + rules.veils.length === 0) return [];
  const bare = views.folded.replace(ELSEWHERE, (match) => '\u0000'.repeat(match.length));
  const lines = hitsOf(bare, rules.lines).flatMap(({ topic, pieces }) =>
    tableFinding(views, pieces, { id: 'table.line', harm: 'line', severity: 3, label: topic }),
  );
  const veils = hitsOf(bare, rules.veils).flatMap(({ topic, pieces }) =>
    tableFinding(views, pieces, {
      ...veilOf(bare, pieces),
      harm: 'veil',
      label: topic,
    }),
  );
  return [...lines, ...veils];
};

/** Topics of the table for comparing by meaning: the text as the table wrote it. */
export function topicsOf(rules: TableRules): { topic: string; harm: 'line' | 'veil' }[] {
  return [
    ...rules.lines.map((topic) => ({ topic, harm: 'line' as const })),
    ...rules.veils.map((topic) => ({ topic, harm: 'veil' as const })),
  ];
}

function hitsOf(bare: string, topics: readonly string[]): { topic: string; pieces: Piece[] }[] {
  return compiled(topics).flatMap(({ name, pattern }) => {
    const pieces = pattern === null ? [] : piecesOf(bare, pattern);
    return pieces.length === 0 ? [] : [{ topic: name, pieces }];
  });
}

function compiled(topics: readonly string[]): Topic[] {
  const before = known.get(topics);
  if (before !== undefined) return before;
  const made = topics.map((name) => ({ name, pattern: patternOf(foldText(name).trim()) }));
  known.set(topics, made);
  return made;
}

/** What a topic looks like in a text; null when it has no word to look for. */
function patternOf(topic: string): RegExp | null {
  const family = TOPIC_NAMES.find(([named]) => named.test(topic))?.[1] ?? [];
  const all = topic.split(/[^a-z0-9'-]+/).filter((word) => word.length > 1);
  const telling = all.filter((word) => !STOP.has(word));
  const words = telling.length > 0 || family.length > 0 ? telling : all;
  const isComposite = family.some((name) => COMPOSITE.test(name));
  const own = words.length === 0 || isComposite ? [] : [words.map(inflected).join('(?:\\W+\\w+){0,4}?\\W+')];
  const forms = [...own, ...family.flatMap(wordsOfTopic).map(inflected)];
  return forms.length === 0 ? null : new RegExp(`(?<![\\w-])(?:${forms.join('|')})(?![\\w])`, 'g');
}

/** The word and its simple inflections; a pattern stays as it is. */
function inflected(word: string): string {
  if (/[^a-z -]/.test(word)) return word;
  const stem = word.replace(/ies$/, 'y').replace(/(?<=[a-z]{3}[^s])s$/, '');
  const last = stem.at(-1) ?? '';
  if (last === 'y') return `${stem.slice(0, -1)}(?:y|ys|ies|ied|ying|y's)`;
  if (last === 'e') return `${stem.slice(0, -1)}(?:e|es|ed|ing|er|ers|e's|es')`;
  const doubled = /[^aeiou][aeiou][bdgmnprt]$/.test(stem) ? `|${last}ed|${last}ing|${last}er` : '';
  return `${stem}(?:s|es|ed|ing|er|ers|'s|s'${doubled})?`;
}

/** A veiled topic spoken of is as agreed, named it is worth a note, and in detail a hold. */
function veilOf(text: string, pieces: readonly Piece[]): Pick<Finding, 'id' | 'severity'> {
  const near = pieces.map(({ start, end }) => text.slice(Math.max(0, start - 160), end + 160)).join(' ');
  const details = new Set(piecesOf(near, DETAIL).map(({ text: word }) => word)).size;
  if (details >= 3 || (details >= 2 && pieces.length >= 2)) return { id: 'table.veil.detail', severity: 3 };
  return OFF_SCREEN.test(near)
    ? { id: 'table.veil.off-screen', severity: 1 }
    : { id: 'table.veil', severity: 2 };
}

function tableFinding(
  views: TextViews,
  pieces: readonly Piece[],
  what: Omit<Finding, 'spans' | 'source'>,
): Finding[] {
  return findingAt(views, pieces, { ...what, source: 'table' });
}
