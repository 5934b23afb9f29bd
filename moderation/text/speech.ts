import type { ScreenRequest } from '../../sessions/moderator.ts';
import type { TextViews } from '../findings.ts';
import { layoutOf, overlapping, type Range } from './layout.ts';
import { literalSpans, sentencesOf, type Piece } from './matching.ts';
import { namePattern } from './names.ts';

// Who speaks to whom: what the rules about people need to know of a sentence before they judge it.

/** Marks of the world outside the story. */
const REALITY =
  /\b(?:in real life|irl|for real(?:sies)?|real-life|in the real world|in reality|out(?:side)? of (?:the )?(?:game|character|story)|outside the (?:game|story|server)|not in(?:-| the )?game|not the character|the player|the real you|your real (?:name|life|house|home|address)|your actual (?:house|home|address)|ip address|doxx?(?:ed|ing)?|swat(?:ted|ting)?|discord|instagram|facebook|the (?:person|human) behind|behind (?:your|the) (?:screen|keyboard)|after (?:the|this) (?:session|game|con)|at school tomorrow|your (?:mom|mum|parents|boss|workplace|school))\b/;
/** Somebody insists on meaning it. */
const EARNEST =
  /\b(?:not (?:joking|kidding|a joke|playing)|no joke|i(?:'m| am)? (?:serious|dead serious|not kidding)|i mean it|i swear|mark my words|this is (?:a|no) (?:threat|promise|joke))\b/;
/** Laughter and the like. */
const JOKE =
  /!!|\b(?:amazing|awesome|brilliant|hilarious|well played|you actually did it|love it|lol|lmao+|lmfao|rofl|haha+|hehe+|jk|just kidding|kidding|xd|face with tears of joy|rolling on the floor laughing|winking|love you|<3|heart|joking)\b|:p\b|;\)|:\)|:d\b/;
/** The game is spoken of, or the people in it. */
const GAME =
  /\b(?:my (?:character|pc|wizard|rogue|bard|paladin|cleric|ranger|fighter|barbarian|druid|monk|sorcer\w+|warlock|thief|knight|orc|elf|dwarf|goblin|vampire|dragon|warrior|assassin|mage|witch|hero\w*|army|cannon|minion|familiar|guy)|your (?:character|pc|npc|wizard|rogue|bard|paladin|cleric|ranger|fighter|barbarian|druid|monk|sorcer\w+|warlock|thief|knight|orc|elf|dwarf|goblin|vampire|dragon|warrior|assassin|mage|witch|hero\w*|guy|king|queen|army)|in(?:-| the )(?:game|campaign|story|scene)|next (?:session|round|game|turn)|npcs?|feather ?fall|fly spell|re-?roll\w*|initiative|dice|d20|nat(?:ural)? (?:1|20|one|twenty)|roll(?:ed|s|ing)?|saving throw|hit points|hp|damage|spell|fireball|boss(?: fight)?|loot|dungeon|quest|goblins?|orcs?|dragons?|trolls?|zombies?|skeletons?|monsters?|bandits?|demons?|vampires?|werewol\w+|villains?|monopoly|catan|chess|level|respawn|loot|campaign)\b/;

/** Whether a text laughs, or speaks of the game. */
export function isPlayful(folded: string): boolean {
  return JOKE.test(folded) || GAME.test(folded);
}

/** A sentence and who is in it. */
export interface Sentence extends Piece {
  /** Said by a person here and now: table talk, an aside out of character. */
  isReal: boolean;
  /** Inside quotation marks altogether or in part. */
  isQuoted: boolean;
  isJoke: boolean;
  isEarnest: boolean;
  /** It speaks of the world outside the story. */
  hasReality: boolean;
  /** It speaks of the game or its creatures. */
  hasGame: boolean;
  /** It names somebody at the table other than who speaks, and who is not of the cast. */
  namesPlayer: boolean;
  namesCast: boolean;
}

const LETTER = /\p{L}/u;
const known = new WeakMap<TextViews, { request: ScreenRequest; sentences: Sentence[] }>();

/** The sentences of a text, each with who is in it; those without a letter are left out. Found once per text. */
export function speechOf(views: TextViews, request: ScreenRequest): readonly Sentence[] {
  const before = known.get(views);
  if (before?.request === request) return before.sentences;
  const sentences = readSpeech(views, request);
  known.set(views, { request, sentences });
  return sentences;
}

function readSpeech(views: TextViews, request: ScreenRequest): Sentence[] {
  const layout = layoutOf(views);
  const isTalk = request.channel === 'talk' || request.channel === 'name' || request.channel === 'title';
  const names = peopleOf(request);
  const hasReality = REALITY.test(views.folded);
  const isEarnest = EARNEST.test(views.folded);
  const sentences = sentencesOf(views.folded).filter(({ text }) => LETTER.test(text));
  return sentences.map((piece) => {
    const [at = piece] = literalSpans(views, [piece]);
    const words = views.literal.slice(at.start, at.end);
    return {
      ...piece,
      isReal: isTalk || overlapping(layout.asides, at) !== undefined,
      isQuoted: overlapping(layout.quotes, at) !== undefined,
      isJoke: JOKE.test(piece.text) || JOKE.test(views.folded.slice(piece.end, piece.end + 20)),
      isEarnest,
      hasReality,
      hasGame: GAME.test(piece.text),
      namesPlayer: names.players.test(words),
      namesCast: names.cast.test(words),
    };
  });
}

/** Whether a part of the folded view stands inside quotation marks. */
export function isInQuotes(views: TextViews, piece: Range): boolean {
  const [at] = literalSpans(views, [piece]);
  return at !== undefined && overlapping(layoutOf(views).quotes, at) !== undefined;
}

/** Patterns for the names of others at the table, and of the cast. */
function peopleOf(request: ScreenRequest): { players: RegExp; cast: RegExp } {
  const characters = new Set(request.cast.map((name) => name.toLowerCase()));
  const others = request.players.filter(
    (name) => name !== request.speaker && !characters.has(name.toLowerCase()),
  );
  return { players: namePattern(others), cast: namePattern(request.cast) };
}
