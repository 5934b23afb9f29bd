import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { foldText } from '../text/normalise.ts';
import { isInQuotes, speechOf, type Sentence } from '../text/speech.ts';

const MILD =
  'idiots?|idiotic|morons?|moronic|stupid|dumb|dumber|dumbest|losers?|clowns?|imbeciles?|cretins?|dunces?|annoying|jokes?|fools?|lame|cringe|boring|coward(?:ly)?|liars?|cheaters?|embarrass(?:ing|ment)|dimwit|halfwit|nitwit|twits?|brainless|clueless|incompetent|jerks?|weirdos?|ugly|fat|lazy|crybaby|noobs?|failures?|brain ?dead|talentless|a nobody|insufferable';
const STRONG =
  'pathetic|worthless|trash|garbage|scum|scumbags?|dumb ?ass(?:es)?|ass ?holes?|bitch(?:es)?|bastards?|piece of (?:shit|crap|trash|garbage)|pieces of shit|retards?|retarded|freaks?|disgusting|waste of (?:space|oxygen|air|skin|time|life)|creeps?|cunts?|pricks?|dick ?heads?|dicks?|twats?|wankers?|vermin|subhuman|sluts?|whores?|fuck(?:er|ers|ing)|mother ?fuckers?|shit ?heads?|useless|filth|vile|parasites?|pigs?|cancer|degenerate|loathsome|spastic|psychos?|tool|disgrace(?:ful)?';
const WORK =
  'writing|story|stories|posts?|passages?|prose|ideas?|roleplay(?:ing)?|rp|character|characters|voice|accent|face|english|grammar|art|taste';
const DEGREE =
  '(?:(?:just|really|so|such|too|a|an|the|most|nothing but|all|very|actually|literally|honestly|seriously|fucking|total(?:ly)?|complete(?:ly)?|absolute(?:ly)?|utter(?:ly)?|biggest|dumbest|little|big|bloody|damn|goddamn|freaking|clearly|obviously|pretty|kind of|always|being|acting like|still|also|one) )*';

const AT_YOU = {
  strong: anyOf(
    'get (?:cancer|aids|raped|fucked|hit by a (?:bus|car|train|truck))|(?:i )?hope (?:you|u|your [a-z]+|ur [a-z]+) (?:all |just |fucking )?(?:chokes?|dies?|rots?|suffers?|burns?|drowns?|bleeds?|cry|lose everything|gets? (?:cancer|aids|raped|hit|shot|fired|dumped))',
    '(?:fatty|fatso|land ?whale|incel|cuck|neckbeard|retard|libtard|snowflake|thot|skank)(?=$|[.,!?])',
    '(?:dumbest|stupidest|worst|ugliest|most (?:annoying|pathetic|disgusting|useless|boring|stupid)) (?:person|player|human|writer|gm|dm|piece|thing|people)',
    `(?:you|u)(?: are| were|'re| r)? ${DEGREE}(?:(?:${MILD}) (?:and )?)?(?:${STRONG})`,
    `(?:you|u)(?:'re| are|r)? (?:[a-z]+ ){0,3}(?:piece of (?:shit|trash|garbage|crap)|waste of (?:space|oxygen|air|skin))`,
    '(?:fuck|screw) (?:you|u|off)|fuck yourself|go to hell|eat shit|suck my dick|piss off',
    '(?:nobody|no one|no-one|none of us) (?:here |at (?:this|the) table |in (?:this|the) (?:group|server) )?(?:likes?|wants?|cares? about|loves?|respects?|will miss|needs?|even likes|can stand|asked for) (?:to (?:play|write|talk|be) (?:with|to|around) )?(?:you|u|someone like you|a (?:[a-z]+ )*like you)',
    "(?:everyone|everybody|we all|all of us|the whole (?:group|table|server)) (?:here )?(?:hates?|despises?|laughs? at|thinks? you(?:'re| are)|is sick of|are sick of|is tired of) (?:you|u|a|an|so|such|just|annoying|stupid|pathetic)",
    "i (?:really |fucking |honestly )?(?:hate|despise|loathe|detest) (?:you|u)(?=$|[.,!]| and| so| all| more)|(?:you|u) (?:make|makes) (?:me|us|everyone) (?:sick|want to (?:puke|vomit))|makes me sick|(?:you|u) disgust (?:me|us)|i can'?t stand you",
    "no wonder (?:your|you|nobody|no one)[a-z' ]{0,30}(?:left|hates?|alone|divorced|single|died|likes?|friends)|your (?:mother|mom|mum|parents) (?:should have|must be ashamed|wish\\w*|regret\\w*|never)|(?:you|u) (?:should have|should've) been (?:aborted|drowned|swallowed)|people like you (?:should|shouldn't|are|don't|make|ruin|deserve)",
    "you (?:have|got) no friends|(?:you|u) (?:will|ll|'ll) (?:always be|die) (?:a|alone|nothing|unloved)[a-z ]{0,20}",
    `you (?:${MILD}|absolute|total|complete|little|fucking|stupid) ?(?:little |fucking |ugly |piece of )*(?:${STRONG})`,
  ),
  mild: anyOf(
    '(?:no one|nobody|no-one) (?:here )?(?:cares|gives a (?:damn|shit|fuck)) (?:about|for) your',
    `(?:ur|youre) ${DEGREE}(?:${MILD}|${STRONG})`,
    `(?:uninstall|delete your account|what is your problem|what's your problem|go touch grass|nobody (?:asked|cares))(?=$|[.,!?]| for your)`,
    `(?:you|u)(?: are| were|'re| r)? ${DEGREE}(?:${MILD})`,
    `(?:ur|youre|your|yer) (?:a|an|such a|so|the|too) ${DEGREE}(?:${MILD}|${STRONG})`,
    `(?:you|u) (?:[a-z]+ )?(?:${MILD})`,
    `(?:your|ur) (?:[a-z]+ )?(?:${WORK}) (?:is|are|was|makes?|sounds?|looks?) ${DEGREE}(?:${MILD}|${STRONG}|shit|crap|awful|terrible|unreadable|me sick|horrible)`,
    "shut (?:the (?:fuck|hell) )?up(?=$|[.!]| [a-z]+[,.!]| [a-z]+$|,? (?:idiot|already|and)\\b)|stfu|shut (?:your|ur) (?:[a-z]+ )?(?:mouth|face|trap|hole)|(?<!i should |i |to |when |they |we )stop talking|get lost|get out of (?:here|this server|our (?:game|group))|leave (?:the|this|our) (?:server|group|game|table|session)(?: and never| now|,| you|$)|go away and (?:never|don't)|(?:you|u) (?:ruin|ruined|ruining) (?:everything|every|the (?:game|story|session|fun))|why (?:are|do) you (?:even|always|so|such)[a-z ]{0,12}(?:here|exist|stupid|dumb|bad|annoying)|what is wrong with you|what's wrong with you|are you (?:stupid|dumb|retarded|an idiot|blind|brain ?dead|deaf)|(?:you|u) (?:suck|stink)|grow a brain|use your brain|cry (?:more|about it)|nobody asked you|get a life|(?:you|u) (?:can't|cannot) (?:even )?(?:write|read|spell|play|think)(?= |$|[.,!])|kick (?:you|u) (?:out|from)",
  ),
};
const INSULT_NAMED = anyOf(
  `(?:is|are|was|'s|such|being|what|that|this|acts like|looks like|like|,) ${DEGREE}(?:${MILD}|${STRONG})`,
  `(?:${STRONG})`,
  '(?:nobody|no one|everyone|everybody|we all) (?:here )?(?:likes?|wants?|hates?|despises?)|sucks|ruins? (?:everything|every|the)|should (?:leave|be (?:kicked|banned)|go away)|(?:kick|ban|ignore|bully|mock|humiliate|report|laugh at|gang up on) ',
);
const SUCH = anyOf(
  `(?:talk to|play with|stand|want|with|to|for) (?:such |this |that |a )+(?:[a-z]+ )*(?:${MILD}|${STRONG})`,
);
const INSULT = anyOf(MILD, STRONG);
/** A figure is said to be like somebody. */
const MODELLED =
  /\b(?:how|what) \w+ (?:really )?(?:looks?|is|acts?|talks?|sounds?)\b|\b(?:based|modell?ed) on\b/;
/** Said about somebody when others have begun. */
const PILED = anyOf(
  `(?:what an?|such an?|so|total|lol|yeah|yes|indeed) (?:[a-z]+ ){0,3}(?:${MILD}|${STRONG})`,
);
/** Advances at a person. */
const ADVANCE = anyOf(
  '(?:see|imagine|picture|want|get) (?:you|u) naked|(?:wanna|want to|lets|let us) hook up|hook up with (?:me|you)|(?:so|really) (?:hard|wet|horny) (?:rn|for)',
  '(?:send|show|post|share|give) (?:me |us )?(?:[a-z]+ ){0,3}(?:pics?|photos?|pictures?|selfies?|videos?)(?: of (?:you|yourself|her|him|maren))?(?: [a-z]+)? (?:without (?:your|any|her)? ?clothes|naked|nude|in your (?:underwear|bra|bikini))|(?:look|looks|looking) (?:like )?naked\\b',
  "(?:send|show|give|flash) (?:me|us) (?:[a-z]+ ){0,3}(?:nudes?|tits|boobs|pussy|dick|cock|naked|pics? of your (?:body|ass|feet))|send nudes|talk dirty(?: to me)?|dirty talk|cyber ?sex|sit on my (?:face|lap|dick)|suck (?:me|my|on my)|(?:i|i'd|id|wanna|want to|gonna|going to|love to|let me) (?:[a-z]+ ){0,3}(?:fuck|bang|rape|screw|lick|grope|undress|spank) (?:you|u|your|ur)|(?:you|u)(?:'re| are)? (?:making|make|made) me (?:so )?(?:horny|wet|hard)|i(?:'m| am|m) (?:so |really |very )?(?:horny|hard|wet)(?= for| right| now|,| and|$|[.!])|what are you wearing(?! (?:to|for|on|at|next|tomorrow)\\b)|(?:are|r) (?:you|u) (?:naked|a virgin|horny|wet)|nice (?:tits|ass|rack)|your (?:tits|ass|boobs|body) (?:is|are|look\\w*)|sleep with me|have sex with me|(?:bend over|spread your legs)(?: for me)?|(?:your|ur) (?:sexy|hot|tight) (?:body|ass|little)",
);
/** Not an attack: denied, told of, meant well, or about the speaker. */
const NO_ATTACK =
  /\b(?:should have seen your face|get out of here, (?:another|a|that|seriously|really|no way|you)|says the (?:evil )?(?:gm|dm)|don'?t kill yourself|(?:and|but) (?:i|we) (?:love|adore) (?:him|her|it|you|them|that)|(?:you|u)(?: are|'re|r) (?:not|never|no|hardly|anything but)\b|(?:you|u) aren't|isn't|wasn't|(?:am|are|is|was) not|(?:don't|do not|never) think (?:that )?(?:you|u)|don't (?:be|call|feel|let|say|think|worry)|not your fault|never (?:said|called|meant)|(?:called|calls|calling|call|named) (?:me|him|her|them|us|someone|somebody|people|anyone|each other)|told me|i(?:'m| am|m) (?:such |so |just |being )*(?:an? |the )?(?:idiot|stupid|dumb|moron|useless|loser|clown|fool|worthless|pathetic|trash|garbage)|(?:i|me) feel (?:like )?(?:an? )?(?:idiot|stupid|dumb|worthless|useless|pathetic)|(?:bullying|insults?|name-?calling|harass\w+) (?:is|are|isn't|are not|hurts?)|if (?:anyone|someone) (?:says|calls)|you (?:absolute |total |complete |utter )?(?:legend|genius|hero|star|angel|madman|madlad|beauty|champion)|you(?:'re| are)? (?:too kind|a legend|the best|awesome|amazing|wonderful|great|brilliant)|fuck yes|fuck yeah|fuck off with that roll|no (?:stupid|dumb) questions?|sorry|apologi[sz]e)\b/;
/** Who the words are about when it is nobody at the table. */
const ABOUT_CAST =
  /\b(?:the|that|this|our|those|a|an) (?:[a-z]+ )?(?:king|queen|lord|lady|prince|princess|baron|duke|count|guard|guards|villain|npc|boss|wizard|witch|captain|bartender|innkeeper|merchant|goblins?|orcs?|trolls?|ogre|dragon|vampire|demon|bandits?|thief|pirate|knight|sorcerer|necromancer|priest|cultists?|monster|wolf|game|dice|die|rules?|book|movie|film|app|narrator|bot|ai|server|printer|cat|dog|plot|trap|door|puzzle|riddle|weather|mayor|sheriff|ghost)\b|\bmy (?:character|pc|wizard|rogue|bard|paladin|cleric|fighter|barbarian|orc|elf|dwarf|goblin|dice|computer|internet|laptop|cat|dog|mic|roll)\b|\byour (?:character|pc|npc|wizard|rogue|bard|paladin|cleric|ranger|fighter|barbarian|druid|warlock|orc|elf|dwarf|goblin|thief|knight)(?:'s)?\b/;

/** Attacks on people at the table: in table talk and asides, and in a story that means one of them. */
export const harassmentFindings: Detector = (views, request) => {
  const found = speechOf(views, request).flatMap((sentence) => attack(views, sentence));
  const isPiledOn = request.channel === 'talk' && earlierAttacks(request.recent) >= 2;
  if (isPiledOn && found.length === 0 && !NO_ATTACK.test(views.folded))
    return findingAt(views, piecesOf(views.folded, PILED), {
      id: 'harassment.piled-on',
      harm: 'harassment',
      severity: 2,
      label: 'harassment',
    });
  return isPiledOn ? found.map((each) => ({ ...each, severity: Math.min(4, each.severity + 1) })) : found;
};

function attack(views: TextViews, sentence: Sentence): Finding[] {
  if (!sentence.isReal && !sentence.namesPlayer && !sentence.hasReality) return [];
  if (NO_ATTACK.test(sentence.text)) return [];
  const own = (pattern: RegExp): Piece[] =>
    piecesOf(sentence.text, pattern, sentence.start).filter((piece) => isMeant(views, sentence, piece));
  const what = { harm: 'harassment', label: 'harassment' } as const;
  const advance = own(ADVANCE);
  if (advance.length > 0)
    return findingAt(views, advance, { id: 'harassment.advance', severity: 3, ...what });
  if (ABOUT_CAST.test(sentence.text) && !sentence.hasReality && !sentence.namesPlayer) return [];
  if (sentence.namesCast && !sentence.namesPlayer && !sentence.hasReality) return [];
  const strong = own(AT_YOU.strong);
  const mild = own(AT_YOU.mild);
  const named = [
    ...(sentence.namesPlayer || sentence.hasReality ? own(INSULT_NAMED) : []),
    ...(sentence.hasReality && MODELLED.test(sentence.text) ? own(INSULT) : []),
  ];
  const such = own(SUCH);
  const pieces = [...strong, ...mild, ...named, ...such];
  const isHard =
    strong.length > 0 || new RegExp(`\\b(?:${STRONG})\\b`).test(pieces.map(({ text }) => text).join(' '));
  // A word or two, and a laugh: that is how friends call each other.
  const isShort = pieces.every(({ text }) => text.split(' ').length <= 2);
  const relief = sentence.isJoke && !sentence.isEarnest ? (isShort ? 2 : 1) : 0;
  const severity = Math.max(1, (isHard ? 3 : 2) - relief);
  const id = named.length > 0 ? 'harassment.player' : 'harassment.second-person';
  return findingAt(views, pieces, { id, severity, ...what });
}

/** In quotation marks somebody else is speaking, unless a person of the table is meant. */
function isMeant(views: TextViews, sentence: Sentence, piece: Piece): boolean {
  return !isInQuotes(views, piece) || sentence.namesPlayer || sentence.hasReality;
}

/** Whether a text denies an attack, tells of one, or speaks of its author. */
export function deniesAttack(folded: string): boolean {
  return NO_ATTACK.test(folded);
}

function earlierAttacks(recent: readonly string[]): number {
  return recent.slice(-6).filter((text) => {
    const folded = foldText(text);
    if (NO_ATTACK.test(folded)) return false;
    return piecesOf(folded, AT_YOU.strong).length + piecesOf(folded, AT_YOU.mild).length > 0;
  }).length;
}
