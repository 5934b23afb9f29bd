import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, sentencesOf, type Piece } from '../text/matching.ts';
import { foldText } from '../text/normalise.ts';

// Sexual content with anybody under 18: a sign of age and a sign of sex near each other, also when they are split over
// passages and players. Signs of sex are strong (one is enough), medium (one in the same breath) or weak (two).

const WORDS =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen';
const TENS = '(?<!(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)[ -]|[\\d.,])';
const NUMBER = `${TENS}(?:${WORDS}|1[0-7]|[1-9])`;
const YOUNG = `${TENS}(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|1[0-7]|[3-9])`;
const ORDINAL =
  '(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|1st|2nd|3rd|[4-9]th|1[0-7]th)';
/** What may follow a bare number that is an age. */
const AGE_ENDS =
  '(?=$|[.,;:!?)\\n"\'\u201d-]| (?:and|when|but|or so|that|years?|then|btw|lol|too|now|tonight|today|last|this|yesterday|next|summers|winters|i|she|he|in|with)\\b)';
const THINGS =
  '(?! ?-?(?:scotch|whisk|wine|brandy|port|rum|cheese|car|truck|ship|house|building|oak|tree|bottle|dog|cat|horse|mare|stallion|debt|feud|war|grudge|server|laptop))';

const AGE = anyOf(
  `(?:no|not) (?:older|more) than ${YOUNG}\\b|${YOUNG} years of age|(?:looks?|looked|looking|seems?|appears?)(?: to be| about| like| only| barely| maybe)* ${YOUNG}${AGE_ENDS}`,
  `${NUMBER}[ -]?(?:and a half[ -])?(?:years?|yrs?|y|months?|weeks?|days?)[ -]?(?:olds?|o)\\b${THINGS}`,
  `${NUMBER} ?y\\.?o\\.?(?:\\b|(?= ))`,
  '1 [0-7] ?-? ?(?:years?|yrs?) ?-? ?olds?',
  `(?:age|aged|ages|age of|age is|age:) ?${NUMBER}\\b`,
  `of ${YOUNG}(?: (?:years|summers|winters|springs)| or so)?${AGE_ENDS}`,
  `${YOUNG} (?:summers|winters|springs|name-?days)\\b`,
  `(?:girl|boy|lass|lad|maiden|maid|kid|child|daughter|son|princess|prince|sister|brother|niece|nephew|apprentice|squire)(?: (?:of|is|was|barely|only|just|about|who is|who was|she's|he's))+ ${NUMBER}\\b(?! (?:of|more|other|steps|paces|feet|days|hours|minutes))`,
  `(?:is|was|am|are|were|i'm|im|she's|shes|he's|hes|turned|turns|turning|only|barely|just|still|not even|not yet|be|being|actually|really)(?: (?:only|just|barely|about|almost|like|still|really|actually|not even|not yet|now))* ${YOUNG}${AGE_ENDS}`,
  `at(?: (?:only|just|age|barely))* ${YOUNG}(?=,| she\\b| he\\b| i\\b| years\\b)`,
  `under ?-?(?:18|eighteen|16|sixteen|17|seventeen|15|fifteen|14|13)\\b`,
  `(?:(?:her|his|my|their)|[a-z]+'s) ${ORDINAL} (?:birthday|name-?day|summer|winter)`,
  `${ORDINAL}[- ]grade(?:rs?)?|grade (?:[1-9]|1[0-2])|year (?:[3-9]|1[01]) (?:girl|boy|student|pupil)s?`,
  `[fm] ?(?:1[0-7])|(?:1[0-7]) ?[fm]`,
);
/** An age behind a name: "Lena, fourteen, ..." or "Lena (14)". */
const AGE_ASIDE = new RegExp(`(?:, |\\()(?:${YOUNG}|aged ${YOUNG})(?=,|\\))`, 'g');

const CHILD = anyOf(
  "(?:the|a|this|that|young|two|three) boys?(?:'s)?|breasts (?:had |were )?(?:barely|not yet|only just|hardly|just) (?:begun|beginning|started|starting|grown|formed|budding)|budding breasts|hairless (?:body|mound|sex)|(?:had )?not yet bled|hey kid",
  "(?:little|young|small|tiny|wee|underage|school|teenage|teen|adolescent|preteen|prepubescent|innocent little|pubescent|orphan|peasant|village|street|altar|choir|cabin|page|stable|kitchen|serving) ?-?(?:girl|boy|lad|lass|lassie|one)(?:s|'s)?",
  "child(?:ren)?(?:'s|s)?(?! (?:support|of (?:god|the|light|darkness|destiny|prophecy)))",
  "childlike|childish (?:body|figure)|toddlers?(?:'s)?|infants?|preschoolers?|kindergart\\w+|preteens?|tweens?|prepubescent|pubescent|adolescents?|underaged?|under-aged?|juveniles?|jailbait|lolis?|lolicon|shotacon|child porn\\w*|kiddie porn|lolita|shotas?|younglings?",
  "kids?(?:'s|s)?(?! (?:gloves|you not))",
  "kiddies?|teens?|teenagers?(?:'s)?|teenaged?|schoolgirls?(?:'s)?|schoolboys?(?:'s)?|school ?(?:child|children|kids)|high ?school(?:ers?)?|middle ?school(?:ers?)?|junior high|elementary school|primary school|grade ?school(?:ers?)?",
  'minors(?! in)|(?:a|the|this|that|with|is|am|still) minor(?=$|[.,;!?]| (?:and|who|in|girl|boy))',
  '(?:just|only|still|barely|but|merely) a (?:girl|boy|lad|lass|kid|child|pup|cub)',
  '(?:his|her|my|your|their|our) (?:(?:own|little|young|baby|small|step-?) ?)+(?:daughter|son|sister|brother|niece|nephew|granddaughter|grandson|stepdaughter|stepson)s?',
  '(?:baby|infant) (?:girl|boy|daughter|son|sister|brother)',
  "ba(?:by|bies)(?:'s)?(?= (?:was|is|were|who|and|with))",
  'not (?:yet )?(?:of age|grown|an adult|a woman|a man yet)|too young|below the age|before she (?:came of age|had bled)|flat-?chested (?:girl|boy|child)',
);
/** Children who are only mentioned: somebody's wish for one, or asleep next door. */
const ASIDE_CHILD =
  /\b(?:(?:have|has|had|having|want(?:s|ed)?|bear|bore|carry(?:ing)?|carried|conceiv\w+|expecting|pregnant with|give (?:him|her)|gave (?:him|her)|raise[ds]?|raising|birth(?:ed)? (?:to|of)) (?:(?:a|an|his|her|their|our|my|your|another|more|any|two|three|four|no|the) )*(?:child(?:ren)?|kids?|baby|babies|son|daughter)|(?:the|our|my|their|her|his) (?:kids?|child(?:ren)?|baby|teens?|teenagers?) (?:(?:were|was|are|is|had|have|has) )?(?:(?:finally|already|safely|all|fast|both|gone|been sent|sent|off) )*(?:asleep|sleeping|away|at school|at (?:her|his|their|my|the) (?:grand\w+|parents|mother|sister|aunt)|to (?:bed|school|camp)|gone|out of the house)|inner child|child's play|(?<!look |looks |looked |looking |body |built )like (?:a|an eager|two|a pair of) (?:child|kid|teenager|schoolboy|schoolgirl|teenagers|kids)(?=$|[.,;!?]| (?:at|on|in love|with a crush|again|who))|childhood|child(?:ren)? of (?:god|the night))/g;
/** Saying that it is not wanted is not doing it. */
const REFUSAL =
  /\b(?:no|never|nothing|avoid(?:ing)?|without|against|ban(?:ned|s)?|forbid(?:den|s)?|prohibit\w*|not (?:allow\w*|ok(?:ay)?|want)|don't (?:want|allow|write)|won't|hard line|lines?|veils?|off[- ]limits|refuse[sd]?|exclude[sd]?)\b[^.!?\n]{0,60}\b(?:sexual(?:i[sz]\w+)?|sex|abuse|csa|erotic)\b[^.!?\n]{0,40}\b(?:minors?|child(?:ren)?|kids?|teens?|underage|under[- ]?18|under eighteen)\b|\b(?:child|children|minors?|underage)\b[^.!?\n]{0,20}\b(?:sexual )?(?:abuse|exploitation|sexuali[sz]ation)\b[^.!?\n]{0,30}\b(?:is (?:wrong|evil|off|never|a line|banned|not)|off[- ]limits|never|not allowed|forbidden)/g;
/** Telling that it was done to somebody: no depiction, but a person should see it. */
const SURVIVOR =
  /\b(?:was|were|been|got|being)\s+(?:sexually\s+)?(?:abused|molested|raped|assaulted|groomed)\b[^.!?\n]{0,40}\b(?:as an? (?:child|kid|teen(?:ager)?|girl|boy)|when (?:i|she|he|they) (?:was|were)|in (?:my|her|his) childhood|(?:by|from) (?:my|her|his))\b|\bsurvivors? of (?:child(?:hood)? )?(?:sexual )?abuse\b/;

const STRONG = anyOf(
  '(?<!(?:opposite|same|fairer|gentler|weaker|stronger) )(?<!same-)sex(?! (?:ed\\b|education|of the))',
  'sexual(?:ly|i[sz]\\w+|ity)?(?! (?:education|orientation|abuse (?:is|was)))|sexy|sexiest|sexting|sexts?|cybersex|erotic\\w*|erp|horny|lewd(?:ly|s|ed)?|hentai|lolicon|shotacon',
  'fuck(?:s|ed|ing|in)? (?:her|him|me|his|my|the (?:girl|boy|child|kid|teen)|a (?:girl|boy|child|kid|teen)|that (?:girl|boy)|us|them|each)|(?:to|and|will|gonna|wanna) fuck (?:a|the|her|him|me)',
  '(?:his|her|my|your|their|hard|thick|big|little|tight|wet) (?:[a-z]+ ){0,2}(?:cock(?! crow)|dick|pussy|cunt|ass ?hole|clit|shaft|member|crotch|groin)s?|cunts?',
  'penis(?:es)?|vaginas?|genital\\w*|nipples?|clitoris|private parts|testicles',
  'rap(?:e|es|ed|ing|ist)|molest\\w*|grop(?:e|es|ed|ing)|fondl\\w*|penetrat(?:e[sd]?|ing|ion)|thrust(?:s|ing)? (?:into|inside|in) (?:her|him|me)',
  'intercourse|blow ?jobs?|hand ?jobs?|oral|masturbat\\w*|jerk(?:s|ed|ing)? off|porn\\w*|incest\\w*|ejaculat\\w*|cum(?:s|ming|med)?|orgasm\\w*|climax(?:ed|es|ing)|arous(?:ed|al|ing)|deflower\\w*|ravish(?:ed|es|ing)?|consummat\\w*|bestiality|stripteases?|escort service|fetish\\w*|bdsm|orgy|orgies|threesomes?',
  '(?:make|makes|made|making) love|(?:lost?|lose|loses|took|take|takes|taking) (?:her|his|my|their) (?:virginity|maidenhead|innocence)|had (?:his|her) way with|bedded|(?:between|spread|spreads|parted|parts|up) (?:her|his|my|your) (?:[a-z]+ )?(?:thighs|legs)|inner thighs?|sleep(?:ing|s)? together|slept together|(?:send|sent|sends|sending|show|shared?|trade|have|got|want|some|her|his|your) (?:[a-z]+ ){0,2}nudes?|nude (?:pics?|pictures?|photos?|images?)',
  'touch(?:es|ed|ing)? (?:her|him|me|himself|herself|myself|yourself) (?:there|down there|inappropriately|intimately|between|below|under her|where)|(?:feel|feels|felt|feeling) (?:her|him) up|(?:turned|turns) (?:him|her|me) on|child porn\\w*|cp|kiddie porn|grooming',
);
const MEDIUM = anyOf(
  'erection|arts of love|disrob\\w+ (?:for|before)|courtesan|for (?:his|her) (?:own )?bed(?=$|[.,!?])|kiss(?:es|ed)? (?:me|her|him) (?:there|down there)|lower and lower',
  "moan(?:s|ed|ing)? (?:as|while|when|under|beneath|for|into|softly)|(?:entered|enters) (?:her|him)(?=$|[.,;!?]| (?:from|slowly|with|again))|(?:felt|feels?) himself (?:harden|stir|grow(?:ing)? hard|stiffen)|(?:his|an) erection|got (?:him )?hard|(?:so|too|really|very|super|damn|fucking) hot(?=$|[.,!?]| (?:and|i|for|in))|i'd (?:do|tap|hit|bang|smash) (?:her|him|that)|hottie|nude (?:drawing|picture|photo|art|image|model|pic|scene|painting|selfie)s?|(?:drawing|picture|photo|image|video|pic|painting)s? of (?:an? |the |her |his )?(?:nude|naked)|without (?:your|her|his|their|any) clothes",
  'seduc(?:e[sd]?|ing|tion|tive(?:ly)?)|sensual(?:ly)?|lust(?:s|ed|ing|ful(?:ly)?)?|lustily|boobs?|tits?|titties|breasts|buttocks|bare bottom|panties|lingerie|thong|bras?|virgin(?:ity)?|wedding night|thighs|naked bod(?:y|ies)|nude bod(?:y|ies)|(?:young|nubile|budding|developing|ripe|supple|tight|lithe|tender|soft) (?:bod(?:y|ies)|flesh|breasts?|curves)|curves|hips against|nubile|budding',
  '(?:slept|sleeps|sleep|lay|lies|lie) with (?:him|her|me|them)(?=$|[.,!?]| (?:for|again|that|and|because|in exchange))|bang(?:s|ed|ing)? (?:her|him)|intimat(?:e|ely|acy)|moan(?:s|ed|ing)? (?:with|in) (?:pleasure|delight|ecstasy)|(?:with|of|in) (?:pleasure|ecstasy)|undress(?:es|ed|ing)? (?:for|before|in front of) (?:him|her|me|us|the (?:man|men|king|lord|camera|priest))|strip(?:s|ped|ping)?(?: [a-z]+){0,2} (?:for|before|in front of) (?:him|her|me|us|the)|(?:take|takes|took|taking|pull\\w*|tore|rip\\w*|slip\\w*|slid) (?:off )?(?:all )?(?:her|his|your|my|their) (?:clothes|dress|skirt|shirt|blouse|gown|robe|nightgown|underwear|pants|trousers) (?:off )?(?:for|before|in front of|while|and|as|so)',
  'ki(?:ss|sses|ssed|ssing) (?:her|him|me) (?:passionately|hungrily|deeply|hard|all over|with (?:his|her) tongue|on the (?:neck|breast|thigh))|tongue|make(?:s)? out|made out|making out|french[- ]kiss\\w*|bedchamber together|hot (?:little )?(?:girl|boy|body)|(?:see|seen|saw|sees|want) (?:me|you|her|him|us) naked|naked (?:pics?|photos?|pictures?|selfies?)|his lover|her lover|mistress|concubine|pole danc\\w+|prostitut\\w*|(?:hands?|fingers?) (?:up|under|inside|beneath) (?:her|his|my|the [a-z\\u0027]+) (?:skirt|dress|shirt|blouse|clothes)|sugar daddy|hook(?:ed|ing)? up with',
);
const WEAK_KINDS = [
  anyOf('(?:took|had|claimed|used) (?:her|him)(?=$|[.,!?]| (?:again|there|hard|roughly|from behind))'),
  anyOf('(?:under|beneath|inside) (?:her|his|their) (?:clothes|clothing|shirt|skirt|dress|nightgown|blouse)'),
  anyOf(
    'naked|nude|nudity|undress(?:es|ed|ing)?|strip(?:s|ped|ping)?|unclothed|bare skin|bared|topless|disrob\\w+|unbutton\\w*|unlac(?:e[sd]?|ing)|unbuckl\\w+|unzip\\w*|underwear|nightgown',
  ),
  anyOf(
    '(?:take|takes|took|taking|pull\\w*|tore|rip\\w*|slip\\w*|slid\\w*|removed?|lift\\w*|drop\\w*) (?:off )?(?:all )?(?:of )?(?:her|his|your|my|their) (?:clothes|clothing|dress|skirt|shirt|top|blouse|gown|robes?|pants|trousers)(?: off| up| down)?',
  ),
  anyOf(
    'touch(?:es|ed|ing)? (?:her|him|me|himself|herself|myself|each other)|caress\\w*|strok(?:e[sd]?|ing) (?:her|his|him|my)|rubb?(?:ed|ing|s) (?:her|his|him|against)|hands? (?:on|over|under|up|down|slid|roamed|wandered)[a-z ]{0,12}(?:her|his|body|skirt|shirt|dress|leg|knee|waist)|his hands on|ran (?:his|her) hands?|pressed against|grind\\w*',
  ),
  anyOf(
    'ki(?:ss|sses|ssed|ssing) (?:her|his|him|me) (?:lips|mouth|neck|throat|shoulder|body|skin)|kiss(?:es|ed|ing)? (?:her|him)(?=$|[.,!?]| and\\b)',
  ),
  anyOf(
    'moan(?:s|ed|ing)?|gasp(?:s|ed|ing)? (?:with|in) (?:pleasure|delight)|pant(?:ed|ing)|pleasure[sd]?|desir(?:e[sd]?|ing)|naughty|kinky',
  ),
  anyOf(
    '(?:in|into|to|on|onto) (?:his|her|my|the) bed(?: with (?:him|her))?|(?:took|carried|led|pulled|pushed) (?:her|him) (?:to|into|onto) (?:the |his |her )?(?:bed|bedroom|bedchamber|mattress|lap)|on (?:his|her|my) lap|shared (?:his|her|a) bed|spent the night|brothel',
  ),
  anyOf('(?:beneath|under|on top of|astride|inside|straddl\\w+|atop) (?:him|her|his body|her body)'),
];
const INNOCENT =
  /\b(?:mother|mom|mum|mama|father|dad|papa|parents?|grandmother|nurse[sd]?|nursing|healer|doctor|physician|midwife|cleric heal\w*|fever\w*|wounds?|diaper|nappy|cradle|lullaby|born|birth|breast-?f\w+|medic|bandag\w+|temperature|toddler splash\w*)\b/;

/** How far a sign of age and a strong sign of sex may stand apart, in units; farther apart the same name must link them. */
const NEAR = 350;
const MAX_CONTEXT = 3_000;

/** Finds sexual content with anybody under 18, also split over the passages before (zero tolerance). */
export const minorFindings: Detector = (views, request) => {
  const context = foldText(request.recent.slice(-3).join('\n')).slice(-MAX_CONTEXT);
  const joint = context === '' ? views.folded : `${context}\n${views.folded}`;
  const offset = joint.length - views.folded.length;
  const bare = blank(joint, REFUSAL);
  const ages = [
    ...piecesOf(bare, AGE),
    ...piecesOf(bare, AGE_ASIDE),
    ...piecesOf(blank(bare, ASIDE_CHILD), CHILD),
  ];
  if (ages.length === 0) return [];
  const signs = linked(bare, ages);
  const own = signs.filter(({ start, end }) => start >= offset && end > offset);
  if (own.length === 0) return [];
  const pieces = own.map((piece) => ({ start: piece.start - offset, end: piece.end - offset }));
  return toldBySurvivor(views, pieces) ?? findingAt(views, pieces, FOUND);
};

const FOUND = { id: 'minors.sexual', harm: 'sexual_minors', severity: 4, label: 'sexual_minors' } as const;

/** The signs of age and sex that belong together: of each age, the strong signs before and behind it. */
function linked(text: string, ages: readonly Piece[]): Piece[] {
  const strong = piecesOf(text, STRONG);
  const found: Piece[] = [];
  let next = 0;
  for (const age of ages.toSorted((a, b) => a.start - b.start)) {
    while ((strong[next]?.start ?? Infinity) < age.start) next += 1;
    const signs = [strong[next - 1], strong[next]].flatMap((sign) => sign ?? []);
    const near = signs.filter((sign) => isNear(text, age, sign));
    if (near.length > 0) found.push(age, ...near);
  }
  return found.length > 0 ? found : linkedByBreath(text, ages);
}

/** Weaker signs count in the sentence of the age and the two on either side. */
function linkedByBreath(text: string, ages: readonly Piece[]): Piece[] {
  const sentences = sentencesOf(text);
  for (const [index, sentence] of sentences.entries()) {
    const inside = ages.filter(({ start }) => start >= sentence.start && start < sentence.end);
    if (inside.length === 0) continue;
    const start = sentences[Math.max(0, index - 2)]?.start ?? sentence.start;
    const last = sentences[Math.min(index + 2, sentences.length - 1)]?.end ?? sentence.end;
    const breath = text.slice(start, last);
    if (INNOCENT.test(breath)) continue;
    const medium = piecesOf(breath, MEDIUM, start);
    const weak = WEAK_KINDS.map((kind) => piecesOf(breath, kind, start)).filter((kind) => kind.length > 0);
    if (medium.length > 0 || weak.length >= 2) return [...inside, ...medium, ...weak.flat()];
  }
  return [];
}

function isNear(text: string, age: Piece, sign: Piece): boolean {
  const gap = Math.max(age.start, sign.start) - Math.min(age.end, sign.end);
  return gap <= NEAR || (gap <= MAX_CONTEXT && nobodyBetween(text, age, sign));
}

/** Whether what lies between is so short of full stops that it is still one sentence. */
function nobodyBetween(text: string, age: Piece, sign: Piece): boolean {
  const from = Math.min(age.end, sign.end);
  return !/[.!?\n]/.test(text.slice(from, Math.max(age.start, sign.start)));
}

function toldBySurvivor(
  views: TextViews,
  pieces: readonly { start: number; end: number }[],
): Finding[] | null {
  if (!SURVIVOR.test(views.folded)) return null;
  const rest = blank(views.folded, new RegExp(SURVIVOR.source, 'g'));
  const isMore = piecesOf(rest, STRONG).length > 0 || piecesOf(rest, MEDIUM).length > 0;
  if (isMore) return null;
  return findingAt(views, pieces, { ...FOUND, id: 'minors.survivor', severity: 1 });
}

/** The text with the matches of a pattern overwritten by spaces; lengths stay. */
function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match) => ' '.repeat(match.length));
}
