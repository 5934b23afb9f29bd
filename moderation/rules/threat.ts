import type { ScreenRequest } from '../../sessions/moderator.ts';
import type { Detector, Finding, TextViews } from '../findings.ts';
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
  "(?:coming|come) for (?:you|u)(?=$|[.!])|(?:make|making) sure (?:that )?(?:your|ur) (?:boss|employer|wife|husband|family|parents|school|kids|mum|mom) (?:hears?|knows?|finds?|sees?|gets?)[a-z' ]{0,40}",
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
const SHAME =
  '(?:nudes?|pics?|photos?|pictures?|videos?|screenshots?|screenies|logs?|chat ?logs?|messages|dms?|texts|secret|browser history|search history|recording|address|real name|number|everything|what you (?:did|said|wrote|told me))';
const WHOM =
  '(?:(?:your|ur) (?:boss|employer|work(?:place)?|wife|husband|mum|mom|mother|dad|parents?|family|school|uni|university|teacher|girlfriend|boyfriend|partner|gf|bf|church|friends|followers|landlord|kids)|everyone|everybody|the (?:whole )?(?:internet|world|police|cops|group|server|school|town|channel)|online|public|twitter|x|reddit|facebook|hr)';
/** What is private is held over somebody, or somebody is watched. */
const HELD_OVER = anyOf(
  `(?:nudes?|pics?|photos?|pictures?|videos?|screenshots?|messages|dms|logs|recordings?|secrets?) (?:will )?(?:go|goes|going|are going|get posted|get sent|come out|will be) (?:public|online|viral|live|everywhere|out|to (?:your|everyone|everybody|the))|(?:have|got|you(?:'ve| have) got) (?:[0-9]+|a|one|two|three|until) (?:hours?|days?|minutes|week|midnight|tomorrow|friday|monday)[a-z ]{0,10} (?:to (?:pay|send|transfer|delete|apologi[sz]e|leave)|before i)|(?:watch (?:yourself|your step|it)|be (?:very )?careful|careful)[,.!;: -]{1,3}(?:or )?(?:[a-z]+ ){0,3}?(?:accidents?|things|people|bad things|brakes|dark)[^.!?\\n]{0,24}\\b(?:happen|fail|disappear|vanish|get hurt|roads?|streets?|night)`,
  `(?:it|this|everything|they|these|that|screenshots?|all of it)(?: all)? (?:goes|go|will go|is going|are going|gets sent|will be sent|ends up|lands?) (?:straight )?(?:to|on|in front of) ${WHOM}`,
  `(?:watch(?:ed|ing)|photograph(?:ed|ing)|film(?:ed|ing)|parked (?:at|near|outside|opposite)|took (?:a )?(?:pics?|photos?|pictures) of|outside|in front of|staring at|standing (?:at|in|by)) (?:your|ur) (?:house|flat|home|window|kids?|place|street|bedroom|apartment|garden|front door)(?! (?:burn|fall|grow))`,
  `(?:or(?: else)?|unless|otherwise|if (?:you|u) (?:don't|dont|do not|won't|wont|leave|say|tell|kick|veto|block|ignore)|and|then|until|before|shall i|should i|should we|want me to|maybe i(?:'ll| will| should)?|i(?:'ll| will|'m going to| can| could| might| am going to)|be a shame if|what if|would (?:you|u) like (?:it if|me to))\\b[^.!?\\n]{0,40}?\\b(?:post(?:ed|s)?|send|sent|leak(?:ed)?|tell|told|shar(?:e|ed)|upload(?:ed)?|show(?:ed|s)?|publish(?:ed)?|expos(?:e|ed)|email(?:ed)?|mail|forward(?:ed)?|call(?:ed)?|report|gets?|sees?|saw|finds?|found out|hears?|knows?|knew)\\b[^.!?\\n]{0,30}?\\b(?:(?:${SHAME}|about (?:it|you|this))\\b[^.!?\\n]{0,20}?\\b${WHOM}|${WHOM}\\b[^.!?\\n]{0,25}?\\b(?:${SHAME}|about|who you (?:really )?are|where (?:you|u) (?:live|work)|what you)|(?:your|ur) (?:nudes?|pics|photos|secret|address|real name|dms?|chat ?logs?|number))`,
  `${WHOM} (?:gets?|sees?|will see|will get|hears? about|finds? out|will know)[^.!?\\n]{0,30}?\\b(?:${SHAME}|about (?:you|this|it))`,
  `(?:pay|send|give|transfer|venmo|paypal|wire) (?:me|us) (?:[a-z]+ )?(?:\\$|£|€)?\\d*[^.!?\\n]{0,30}?\\b(?:or|unless|otherwise|and nobody)\\b`,
  `(?:saw|seen|watched|watching|following|followed|photographed|filmed|waited for|been watching) (?:you|u)\\b[^.!?\\n]{0,40}?\\b(?:(?:leav(?:e|ing)|left|enter(?:ing)?|through|outside|in|at|near|from) (?:your|ur|the) (?:flat|house|home|apartment|place|window|street|bedroom|car|garden|driveway|building|office|dorm|curtains?|door)|asleep|sleep(?:ing)?|undress\\w*|with (?:your|ur) (?:kids?|daughter|son|dog)|across the (?:street|road)|alone)|(?:i was|i'm|im|i am|been) (?:right |just |parked |standing |sat |sitting |waiting )*(?:across (?:the|from your) (?:street|road|house|flat)|outside (?:your|ur|the) (?:flat|house|window|work|office|gym|school|place)|behind you|down (?:your|ur) (?:street|road)|in (?:your|ur) (?:garden|street|driveway|building|drive))`,
  `i (?:know|found|have|got|looked up|tracked down|worked out|googled)(?: out)? (?:(?:which|what|where|when|how) (?:[a-z]+ ){0,3})?(?:your|ur) (?:kids?|children|daughter|son|little (?:girl|boy)|mum|mom|sister|brother|wife|husband|girlfriend|boyfriend|parents|family|gran|nan)\\b[^.!?\\n]{0,30}?\\b(?:go(?:es)? to|school|lives?|works?|sleeps?|walks?|nursery|names?|parks?|facebook|instagram|bus|alone|address)|nice (?:house|flat|car|kids?|family|garden|place|dog|street) (?:you(?:'ve)? (?:got|have)|u got)\\b|(?:would be|be) a (?:shame|pity) if (?:something|anything|someone|somebody)|(?:accidents?|things|bad things) (?:can |do |will |tend to )?happen(?! in (?:the|this) (?:dungeon|game|campaign))[^.!?\\n]{0,30}?\\b(?:you|your|people)`,
  `(?:come|coming|be|pop|pay|drive|driving|turn(?:ing)? up|see (?:you|u)) (?:round|over|by|to|at)(?: to| at)? (?:yours|your (?:house|place|flat|work|door|home|office|gaff|mum's))\\b[^.!?\\n]{0,30}?\\b(?:and|with|to) (?:[a-z]+ )?(?:break|smash|kick|punch|beat|kill|knife|bat|hurt|sort|teach|burn|friends|mates|hammer|deck|batter|stab|shut)`,
  `(?:you(?:'ll| will| are going to|'re going to| r gonna)|u(?: will| r gonna|'ll)) (?:get what(?:'s| is| you) (?:coming|deserve)|wake up (?:dead|in (?:hospital|a ditch|intensive))|end up in (?:hospital|a (?:ditch|wheelchair|box|morgue|coffin|body ?bag))|never (?:walk|see) (?:again|your|daylight)|need (?:a (?:dentist|doctor|wheelchair|coffin)|stitches|surgery|dentures)|be (?:found|eating through a straw|picking up your teeth|looking over your shoulder)|spit(?:ting)? (?:your )?teeth)|(?:better )?(?:lock|check) (?:your|ur) (?:doors?|windows|brakes)|enjoy (?:your|ur) (?:legs|teeth|face|house|fingers|last)|say (?:goodbye|bye) to (?:your|ur) (?:teeth|legs|face|house|dog|cat|family|kneecaps|fingers|job)`,
);
/** Somebody who is not known is looked for, to do something. */
const HUNTED = anyOf(
  "(?:lives?|works?|goes to school|studies|drinks|trains) (?:at|in|on|near|behind|opposite) (?:[a-z0-9'-]+ ){1,6}?[^a-z]{0,3}(?:go |everyone |lads |guys |boys |someone |let's |lets |feel free to |you know what to |be sure to |pop in and )+(?:and )?(?:say hi|say hello|pay (?:him|her|them)|visit|give (?:him|her|them) (?:hell|a piece)|do|call (?:him|her)|bother|find (?:him|her)|leave (?:him|her) a|make (?:his|her) life|complain|sort)",
  "(?:where (?:does|do|is|did|can i find)|who knows where|anyone know where|tell me where|find out where|need to know where|give me|gimme|got|have|whats|what is|what's|anyone (?:got|have)|someone (?:get|find|drop)|i need|drop) (?:[a-z'-]+ ){1,4}?(?:lives?|works?|address|phone number|number|goes to school|parks|sleeps|workplace|staying|home)\\b[^?!.\\n]{0,40}[?!.,]* ?(?:i |we |and |so |to |cos |because |gonna |going |just |lets |let's |someone |time |she |he |they )*(?:(?:want(?:s)?|need(?:s)?|plan|got|like|love|have|intend|can|going|gonna|will) (?:to )?)?(?:[a-z]+ )?(?:pay (?:her|him|them) a (?:little )?visit|(?:a )?visit|surprise|wait for|follow|teach (?:her|him|them)|sort (?:her|him|them)|show up|turn up|deserves?|talk to (?:her|him|them) face|lesson|pay for (?:it|this|what)|find (?:her|him|them)|get (?:her|him|them|back at)|say hello in person|have a word|settle|confront|drop by|come knocking|swat|hurt|scare|egg (?:her|his|their)|key (?:her|his|their)|burn)",
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
  /\b(?:(?:where does|who knows where) (?:the|our|my|this|that) [a-z]+ (?:live|work|sleep)|kill(?:ed|ing)? (?:you|me) (?:to|with kindness)|(?:i(?:'d| would) never|i (?:won't|will not|would not|wouldn't|don't want to|do not want to|didn't mean to|am not going to|'m not going to) (?:\w+ )?(?:hurt|kill|harm))|would you|(?:beat|destroy|smash|crush|kill) (?:you|u) (?:at|in|on) (?:chess|catan|monopoly|mario\w*|the (?:game|next|quiz|race|vote|polls)|this (?:game|race|quiz)|smash|cards|poker|uno|a race|arm ?wrestling|trivia)|kill(?:s|ing)? (?:you|u) to|if looks could|(?:hugs?|love) you)\b/;

/** Threats at a person: in real speech, or in a story that means somebody at the table. */
export const threatFindings: Detector = (views, request) => {
  const found: Finding[] = [];
  for (const sentence of speechOf(views, request)) {
    const near = {
      reach: [REACH, HELD_OVER, HUNTED].flatMap((kind) => piecesOf(sentence.text, kind, sentence.start)),
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
  return found.length > 0 ? found : hunted(views, request);
};

/** The question and what is meant to be done stand in two sentences. */
function hunted(views: TextViews, request: ScreenRequest): Finding[] {
  const isReal = speechOf(views, request).some((sentence) => sentence.isReal && !sentence.hasGame);
  if (!isReal || HARMLESS.test(views.folded)) return [];
  const pieces = piecesOf(views.folded, HUNTED).filter((piece) => !isInQuotes(views, piece));
  const isByName = request.channel === 'talk';
  return isByName
    ? findingAt(views, pieces, { id: 'threat.hunt', harm: 'real_person', severity: 2, label: 'threat' })
    : [];
}

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
