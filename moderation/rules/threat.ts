import type { Detector, Finding } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { isInQuotes, speechOf, type Sentence } from '../text/speech.ts';

const WILL =
  "(?:i(?:'ll| will|'m going to|m going to| am going to|'m gonna|m gonna| am gonna| gonna|'m coming to|m coming to| am coming to| want to| wanna|'d love to| should| could| swear i(?:'ll| will)?)|my (?:brother|friends?|dad|boyfriend|husband|cousin|boys) (?:will|'ll|is going to|are going to)|we(?:'ll| will|'re going to| are going to)|gonna|someone (?:should|will|ought to|needs to)|somebody (?:should|will|ought to|needs to))";
const HARM =
  '(?:kill|murder|stab|hurt|beat|smash|shoot|strangle|choke|burn|rape|gut|break|bash|punch|slit|cut|end|destroy|hunt|torture|poison|slap|bury|kick|attack|run over|skin|smack|jump|find and kill|behead|maim|slash|stalk)';
const YOU =
  '(?:you|u|ya|your (?:family|kids?|children|mom|mum|mother|dad|wife|husband|girlfriend|boyfriend|sister|brother|dog|cat|face|neck|throat|skull|legs|teeth|arms?|head|house|home|car|fingers?|bones?|nose|ribs|jaw|back|hands?|knees?|knee ?caps|spine|eyes?|ass|guts|tires|tyres|windows?)|ur (?:family|face|house))';

/** Says that violence is coming to whom one speaks to. */
const VIOLENT = anyOf(
  '(?:beat|knock|kick|smack|punch) the [a-z]+ out of (?:you|u|your|ur)\\b',
  "(?:you|u) (?:won't|will not|wont) (?:live|survive|make it|be alive)[a-z ]{0,20}|(?:hope|pray) (?:someone|somebody|they|he|she) (?:shoots?|kills?|stabs?|hurts?|beats?|rapes?|runs?) (?:over )?(?:you|u)|beat (?:you|u) to a pulp|watch (?:your|his|her|their) back",
  `${WILL} (?:[a-z']+ ){0,3}${HARM} (?:[a-z]+ ){0,2}?${YOU}`,
  `${HARM} ${YOU} (?:in (?:real life|your sleep|the parking lot)|irl|for real|tonight|tomorrow|after)`,
  "(?:you|u)(?:'re| are| r)? (?:so |already |fucking )?(?:dead|dead meat|a dead (?:man|woman|girl|boy)|going to die|gonna die|as good as dead|going to (?:get hurt|bleed|suffer|regret))",
  "you(?:'ll| will|'re going to| are going to) (?:be sorry|regret|pay for|bleed|suffer|wish you)[a-z ]{0,20}",
  'wait (?:until|till) i get my hands on (?:you|u)',
  'bring a (?:doctor|coffin|body ?bag)',
  '(?:i hope|hope) (?:you|u) (?:get|gets) (?:raped|shot|stabbed|cancer|run over|hit by|killed|beaten|murdered)',
);
/** Says that one can get at the person: nothing of a game. */
const REACH = anyOf(
  "i know (?:which|what|when|your) (?:[a-z]+ ){0,3}(?:bus|train|(?:you|u) (?:leave|take|walk|get|park|finish)|school|street|car|shift|route)|i(?:'m| am|m) (?:right |already |standing |waiting )*outside (?:your|ur)|pay (?:you|u) a (?:little )?visit|(?:make|making) sure (?:you|u) never (?:walk|play|write|breathe|speak|wake)",
  "i(?:'ll| will| can|'m going to| am going to|'m gonna|m gonna| know how to)? ?(?:know|find|found|have|got|figure out|track) (?:out )?(?:where (?:you|u) (?:live|sleep|work|go to school)|(?:you|u) (?:irl|in real life|at (?:home|school|work))|your (?:house|home|address|real name|ip|school|workplace|family|street))",
  '(?:coming|come|drive|driving|be|show up|waiting|wait) (?:over |round |around )?(?:to|at|by|outside|for you at) (?:your|ur) (?:house|home|place|door|school|work|flat|apartment|window|street)',
  'sleep with one eye open|(?:watch|better watch) your back (?:irl|in real life|when|after|outside)|check (?:under|behind) your (?:bed|car|door)',
  "i(?:'ll| will|'m going to| am going to|'m gonna) (?:doxx?|swat) (?:you|u)|(?:post|leak|publish|share) (?:your|ur) (?:address|nudes|photos|real name|number)",
  '(?:saw|see|watched|watching|followed|following) (?:you|u) (?:through|leave|leaving|walk|at|from) (?:your|the|home) ?(?:window|house|home|school|work|bedroom)?',
  'next time i see (?:you|u)|when i (?:see|find|meet|catch) (?:you|u) (?:irl|in real life|at|in person|outside)',
);
/** Violence at somebody named. */
const AT_NAMED = anyOf(
  '(?:know|knows|find|found|tell me) (?:out )?where [a-z]+ (?:lives|works|goes to school|parks|sleeps)',
  `(?:${WILL}|going to|gonna) (?:[a-z']+ ){0,3}${HARM}`,
  `(?:deserves?|needs?) (?:to (?:die|be (?:shot|killed|stabbed|beaten|raped))|a (?:bullet|beating))`,
  '(?:is|will be|gets?|should be) (?:found )?(?:dead|killed|stabbed|shot|beaten|murdered|hurt|raped|tortured)',
);
/** Not meant at a person, or said of somebody else's words. */
const HARMLESS =
  /\b(?:kill(?:ed|ing)? (?:you|me) (?:to|with kindness)|(?:i(?:'d| would) never|i (?:won't|will not|would not|wouldn't|don't want to|do not want to|didn't mean to|am not going to|'m not going to) (?:\w+ )?(?:hurt|kill|harm))|would you|(?:beat|destroy|smash|crush|kill) (?:you|u) (?:at|in|on) (?:chess|catan|monopoly|mario\w*|the (?:game|next|quiz|race|vote|polls)|this (?:game|race|quiz)|smash|cards|poker|uno|a race|arm ?wrestling|trivia)|kill(?:s|ing)? (?:you|u) to|if looks could|(?:hugs?|love) you)\b/;

/** Threats at a person: in real speech, or in a story that means somebody at the table. */
export const threatFindings: Detector = (views, request) => {
  const found: Finding[] = [];
  for (const sentence of speechOf(views, request)) {
    const near = {
      reach: piecesOf(sentence.text, REACH, sentence.start),
      violent: piecesOf(sentence.text, VIOLENT, sentence.start),
    };
    const pieces = [...near.reach, ...near.violent].filter((piece) =>
      meansPerson(piece, sentence, isInQuotes(views, piece)),
    );
    const named =
      sentence.namesPlayer && (sentence.isReal || sentence.hasReality)
        ? piecesOf(sentence.text, AT_NAMED, sentence.start)
        : [];
    if ((pieces.length === 0 && named.length === 0) || HARMLESS.test(sentence.text)) continue;
    const severity = severityOf(sentence, near.reach.length > 0);
    const id = severity >= 3 ? 'threat.player' : 'threat.possible';
    if (severity > 0)
      found.push(
        ...findingAt(views, [...pieces, ...named], { id, harm: 'real_person', severity, label: 'threat' }),
      );
  }
  return found;
};

/** In real speech every threat outside quotation marks; in a story only what reaches out of it. */
function meansPerson(_piece: Piece, sentence: Sentence, isQuoted: boolean): boolean {
  if (sentence.isReal) return !isQuoted || sentence.hasReality || sentence.namesPlayer;
  return sentence.hasReality || sentence.namesPlayer;
}

function severityOf(sentence: Sentence, hasReach: boolean): number {
  const { isReal, hasReality, namesCast, namesPlayer, isEarnest, isJoke, hasGame } = sentence;
  if (namesCast && !namesPlayer && !hasReality) return 0;
  if (isReal && hasGame && !hasReality && !isEarnest && !hasReach) return 0;
  if (hasReach || hasReality || isEarnest) return isJoke && !isEarnest ? 3 : 4;
  if (isJoke) return 1;
  const isOfFamily = /\b(?:your|ur) (?:family|kids?|mom|mother|wife|husband|sister|brother)\b/.test(
    sentence.text,
  );
  return namesPlayer || isOfFamily ? 3 : 2;
}
