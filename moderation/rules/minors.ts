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
  "(?! (?:(?!years|yrs|summers|winters|this|his|was|is|as|has|does|always|perhaps|sometimes|besides|yes|unless|across)[a-z]+(?:s|ies)|of|o'?clock|hundred|thousand|million|men|people|feet|percent|more|less|times|other|gold|silver|inch|foot|mile|mins?|hp|xp|dice|[a-z]+ (?:later|away|long|left|ago))\\b)(?![:%$*/\\d])(?!,\\d)(?!\\.\\d)(?!-(?!year|yr))";
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
  `(?:is|was|am|are|were|ur|u r|u|youre|you're|i'm|im|she's|shes|he's|hes|turned|turns|turning|only|barely|just|still|not even|not yet|be|being|actually|really)(?: (?:only|just|barely|about|almost|like|still|really|actually|not even|not yet|now))* ${YOUNG}${AGE_ENDS}`,
  `at(?: (?:only|just|age|barely))* ${YOUNG}(?=,| she\\b| he\\b| i\\b| years\\b)`,
  `under ?-?(?:18|eighteen|16|sixteen|17|seventeen|15|fifteen|14|13)\\b`,
  `(?:(?:her|his|my|their)|[a-z]+'s) ${ORDINAL} (?:birthday|name-?day|summer|winter)`,
  `${ORDINAL}[- ]grade(?:rs?)?|grade (?:[1-9]|1[0-2])|year (?:[3-9]|1[01]|three|four|five|six|seven|eight|nine|ten|eleven)(?=$|[.,;!?'"]| (?:girl|boy|student|pupil|class|and|at|of school|kid|now)s?\\b)|y(?:[3-9]|1[01])(?= |$|[.,])|(?:in|from|of|entering|starting) (?:the )?${ORDINAL} (?:form|grade|class|year of (?:primary|school|middle))|${ORDINAL} formers?`,
  `(?:mature|grown[- ]?up|big|tall|developed|experienced|pretty|beautiful|hot|advanced|sexy|curvy) for (?:a |an |only )?(?:${YOUNG}|(?:your|her|his) (?:age|years)|child|kid)|for (?:your|her|his) (?:tender )?age|u-?1[0-7]s?|(?:junior|youth|school|girls'?|boys'?) (?:swim |football |soccer |gym |hockey |dance |track |ballet |choir |basketball |volleyball )?(?:team|league|group|choir|squad|camp|club)|(?:summer|day|church|bible|scout) camp|brownies?(?=(?:'s)? (?:sash|uniform|troop|guide|badge|leader|pack|meeting))|(?:girls?|boys?|kids?) (?:from|at|in) (?:my|the|her|his|our|your) (?:[a-z]+ )?(?:school|class|grade|year|team|dorm)|(?:freshman|sophomore|junior|senior) (?:year|prom|in high)|prom night|voice had not (?:yet )?broken|(?:had )?(?:never|not yet) (?:shaved|bled)|training wheels|how young (?:are|r) (?:you|u)|(?:barely|hardly) (?:out of|past) (?:childhood|school|the nursery|pigtails|diapers)|(?:her|his) (?:girlhood|boyhood)|(?:girls?|boys?|lass(?:es)?|lads?) (?:under|below|younger than|aged|of|around|about) ${NUMBER}|(?:he|she|they) (?:was|were|is) (?:only )?in (?:the )?(?:${ORDINAL}|eighth|ninth|seventh) grade|(?:little|young|small) ones?|sprite of a (?:girl|boy)|slip of a (?:girl|lad)`,
  `(?:barely|hardly|scarcely|only just|just|not (?:yet|even|quite)|nearly|almost|about to be|going on|pushing|rising|bare(?:ly)? past) (?:a |an |her |his |in (?:her|his) )?(?:teens?|puberty|${YOUNG}${AGE_ENDS}|double digits)|(?:first|early|tender|pre-?) ?teens?|half (?:his|her|my|your|their) age|young enough to be (?:his|her|my|your) (?:(?:grand)?daughter|(?:grand)?son|child)|(?:birthday|name-?day) (?:cake|candles) (?:with|had|read|said) ${YOUNG}|${YOUNG} candles`,
  `(?:a|only a|just a|mere|barely a|scarcely a|few|couple of) (?:year|years|month|months|weeks?|days?) (?:short of|shy of|away from|before|until|till|from) (?:(?:her|his|my|turning|being) )*(?:eighteen|18|eighteenth|18th|seventeen|sixteen|sixteenth|majority|of age)|(?:isn't|not|wasn't|before (?:she|he) (?:was|turned)|until (?:she|he)(?:'s| is| was| turned)|turns|turning|till) (?:even |yet )?(?:18|eighteen|sixteen|16)(?= (?:for|until|yet|in|next|till)|[.,]|$)`,
  `(?:primary|elementary|grade|middle|secondary|infant|nursery|junior|prep|high) school|school (?:uniform|bus|dance|trip|bag|desk|tie|skirt|nurse|choir|play|gym|toilets?)|schoolbag|kindergarten|nursery|playground|playpen|classroom|homework|detention|pigtails|pinafore|milk (?:tooth|teeth)|baby teeth|training bra|school ?(?:uniform|girl|boy)s?|first communion|bat mitzvah|bar mitzvah|quincea[nñ]era|braces|teddy ?(?:bear)?|bunk bed`,
  `[fm] ?(?:1[0-7])|(?:1[0-7]) ?[fm]`,
);
/** An age behind a name: "Lena, fourteen, ..." or "Lena (14)". */
const AGE_ASIDE = new RegExp(
  `["\u201c](?:i'm |only |just |almost |nearly )?${YOUNG}(?=[.,!?"\u201d])|(?:, |\\()(?:${YOUNG}|aged ${YOUNG})(?=,|\\))`,
  'g',
);

const CHILD = anyOf(
  "(?:cub|boy|girl|brownie|beaver) ?-?scouts?|scouts? (?:camp|troop|leader)|brownies|altar ?(?:boy|server)s?|choir ?boys?|(?:his|her|my|your|the|a|an?) (?:young )?(?:pupils?|ward|foster (?:child|son|daughter|kid)|baby ?sitt\\w+ charge|newspaper boy|flower girl|page ?boy|nephew|niece|grandson|granddaughter|godson|goddaughter|stepdaughter|stepson|step-daughter|step-son)(?:s|'s)?|child bride|kid (?:sister|brother)|baby (?:sister|brother)|(?:youngest|younger|little) (?:sister|brother|daughter|son|cousin)|boys? and girls?|petite girl|underdeveloped|girlish (?:body|hips|chest)|boyish (?:body|chest)|little (?:angel|princess|lamb|kitten)|wee (?:bairn|lass|thing)|bairns?|nipper|urchins?|foundling|student of (?:his|hers)|small hands|tiny (?:hands|body|frame|fingers)|child-?(?:like|sized)|girl-?child|boy-?child|man-?child bride|yo(?:ung)?-?looking (?:girl|boy)",
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
  'touch(?:es|ed|ing)? (?:the|a|his|her|my|that) (?:[a-z]+ )?(?:girl|boy|child|kid|lad|lass|student|pupil|daughter|son|sister|brother|niece|nephew)s? (?:there|down there|inappropriately|intimately|between|below|where (?:nobody|no ?one|he|she|it|they))',
  '(?:sleep|sleeps|slept|sleeping) with (?:the|a|an|every\\w*|any\\w*|all|older|men|women|us|you|his|her)(?! (?:lights?|windows?|fish\\w*|dogs?|cats?|teddy|doll|bear|door|knife|sword|dagger|radio|tv|mother|mum|mom|sisters?|brothers?|horses?|sheep|animals|blanket|weapon|lamp|candle|others|family|stuffed|head|eyes))',
  '(?:rode|riding|rides) (?:him|her)(?=$|[.,!?]| (?:until|hard|slowly|all|till|again))|(?:hand|hands|fingers)\\b[^.!?\\n]{0,24}\\b(?:in|into|inside|down) (?:his|her|my|their) (?:own )?(?:trousers|pants|breeches|underwear|shorts|knickers|panties|jeans)|(?:came|come|comes|coming|spill(?:ed|s)|finished|spent himself|emptied himself|spend himself) (?:in|into|inside|on|over|onto) (?:her|him)(?=$|[.,!?]| (?:with a|and|again|mouth|face|groan\\w*|hard|at last|breasts|belly))|(?:had|took|claimed|used|enjoyed|possessed) (?:her|him|the (?:girl|boy|child)) (?:that (?:very )?night|every night|all night|each night|nightly|again and again|there and then|against|twice|before (?:dawn|supper|the wedding)|like a (?:man|woman|wife))',
  "moan(?:ed|s|ing)? (?:his|her|my) name|(?:knelt|kneel\\w*|sank|crawled|head|face|mouth) (?:down )?(?:between|to|against|in|into|towards?) (?:his|her|the [a-z]+'s|[a-z]+'s|my) (?:legs|thighs|lap|crotch|groin|knees)(?! (?:and (?:wept|cried|prayed|begged)|crying|weeping|sobbing))|(?:hard|stiff|swollen|throbbing|aching) (?:for|against|inside|in) (?:her|him|his)|(?:his|her) (?:hardness|wetness|arousal|sex|slit|folds|manhood|length|stiffness)(?=$|[.,!?]| )|jailbait|the younger the better|(?:love|like|want|prefer|into|take|need|looking for|seeking) (?:them|'em|em|it|mine|girls|boys|my (?:girls|boys|women|men)) (?:really |very |so |that )?(?:young|underage|little|small|tight|fresh|innocent)(?=$|[.,!?]| )|(?:hung|horny|hard|lonely)(?: and)? (?:hung|horny|hard|lonely|here)(?=$|[.,!?])",
  "(?:made|makes|make|making) (?:a (?:real )?(?:woman|man) (?:out )?of (?:her|him|me)|(?:her|him|me) (?:(?:into )?(?:a|his) (?:real |true )?(?:woman|wife|lover)|his(?=$|[.,!?])))|(?:what|how|the things?|something) (?:(?:that )?(?:adults|grown-?ups|grown (?:men|people|women)|lovers|husbands?|men and women|big (?:girls|boys)|mommies and daddies|married (?:people|couples)|real (?:men|women)|wives) (?:do|did|play|like)(?! for (?:a|their) (?:living|job|work))|it (?:means|meant|was) to be (?:a woman|with a man|loved by a man|a wife))|(?:ways|art|arts|pleasures|secrets) of (?:love|the flesh|men|women|the bed(?:chamber|room)?)|(?:took|takes|taking|take|lay|laid|lie|lain) (?:with )?(?:her|him|the (?:girl|boy|child|lad)) (?:(?:in)?to (?:his|her|the|their) (?:marriage )?bed(?! (?:and (?:told|sang|read)|with a story))|as (?:his|her) (?:wife|lover|own)|(?:roughly|gently) from|there on|against the wall|on the (?:floor|desk|bed|altar|furs?|hay|straw))|(?:explored?|exploring|explores) (?:his|her|each other(?:'s)?|the (?:girl|boy|child)(?:'s)?) (?:[a-z]+ )?(?:bod(?:y|ies)|curves|skin)|(?:hand|hands|fingers|palm|tongue|mouth|lips) (?:[a-z]+ ){0,4}?(?:between (?:her|his|my|the [a-z]+(?:'s)?) (?:legs|thighs|knees)|(?:in|into|down|inside|beneath|under) (?:her|his|my|the [a-z]+(?:'s)?) (?:pants|panties|knickers|underwear|trousers|shorts|pyjamas|pajamas|nappy|diaper|bra|thighs|mouth(?! to))|(?:up|under|beneath) (?:her|his|my|the [a-z]+(?:'s)?) (?:skirt|dress|thighs?|nightgown|nightie|uniform|pinafore|tunic))|(?:his|her|a|the) tongue (?:slid |pushed |slipped |pressed |forced )?(?:in|into|against|between) (?:her|his|the [a-z]+(?:'s)?) (?:mouth|lips|ear|neck)|(?:became|become|becoming|were|made) (?:lovers|his lover|her lover|his wife in (?:every|all)|one flesh)|(?:share[sd]?|sharing|warm(?:ed|ing|s)?) (?:his|her) (?:bed|furs|bedroll)(?! with (?:her|his) (?:dogs?|mother|sisters?|brothers?|dolls?))|took (?:her|his) (?:first time|flower|purity|maidenhood)|(?:her|his) first time(?: with (?:a|him|her)|,? and|\\.|$)|nudes|nude for|virgin(?:ity|s)?|(?:make|made|making) out|french kiss\\w*|sexual|lap ?dance|strip poker|spin the bottle naked|skinny.?dipp\\w+ with (?:him|her|the (?:teacher|coach|priest|man))|pleasur(?:e[sd]?|ing) (?:him|her|himself|herself|me)|have (?:his|her) way|(?:suck(?:ed|s|ing)?|lick(?:ed|s|ing)?) (?:on )?(?:his|her|him|my)(?! (?:thumb|finger|fingers|lollipop|lolly|ice|wounds?|lips|plate|spoon|teeth|hand like))|ride (?:him|his)(?= |[.,])|mounted (?:her|him)|straddl\\w+|grind(?:ing|s)? (?:on|against)|ground against|naughty bits|sleep with (?:him|her|me|older|a (?:man|woman|girl|boy|teacher))|slept with (?:him|her|me|his|the (?:man|teacher|coach|king|lord))",
  '(?<!(?:opposite|same|fairer|gentler|weaker|stronger) )(?<!same-)sex(?! (?:ed\\b|education|of the))',
  'sexual(?:ly|i[sz]\\w+|ity)?(?! (?:education|orientation|abuse (?:is|was)))|sexy|sexiest|sexting|sexts?|cybersex|erotic\\w*|erp|horny|lewd(?:ly|s|ed)?|hentai|lolicon|shotacon',
  'fuck(?:s|ed|ing|in)? (?:her|him|me|his|my|the (?:girl|boy|child|kid|teen)|a (?:girl|boy|child|kid|teen)|that (?:girl|boy)|us|them|each)|(?:to|and|will|gonna|wanna) fuck (?:a|the|her|him|me)',
  '(?:his|her|my|your|their|hard|thick|big|little|tight|wet) (?:[a-z]+ ){0,2}(?:cock(?! crow)|dick|pussy|cunt|ass ?hole|clit|shaft|member|crotch|groin)s?|cunts?',
  'penis(?:es)?|vaginas?|genital\\w*|nipples?|clitoris|private parts|testicles',
  'rap(?:e|es|ed|ing|ist)|molest\\w*|grop(?:e|es|ed|ing)|fondl\\w*|penetrat(?:e[sd]?|ing|ion)|thrust(?:s|ing)? (?:into|inside|in) (?:her|him|me)',
  'intercourse|blow ?jobs?|hand ?jobs?|oral|masturbat\\w*|jerk(?:s|ed|ing)? off|porn\\w*|incest\\w*|ejaculat\\w*|cum(?:s|ming|med)?|orgasm\\w*|climax(?:ed|es|ing)|arous(?:ed|al|ing)(?! (?:the|suspicion|curiosity|interest|anger|from|attention))|deflower\\w*|ravish(?:ed|es|ing)?|consummat\\w*|bestiality|stripteases?|escort service|fetish\\w*|bdsm|orgy|orgies|threesomes?',
  '(?:make|makes|made|making) love|(?:lost?|lose|loses|took|take|takes|taking) (?:her|his|my|their) (?:virginity|maidenhead|innocence)|had (?:his|her) way with|bedded|(?:between|spread|spreads|parted|parts|up) (?:her|his|my|your) (?:[a-z]+ )?(?:thighs|legs)|inner thighs?|sleep(?:ing|s)? together|slept together|(?:send|sent|sends|sending|show|shared?|trade|have|got|want|some|her|his|your) (?:[a-z]+ ){0,2}nudes?|nude (?:pics?|pictures?|photos?|images?)',
  'touch(?:es|ed|ing)? (?:her|him|me|himself|herself|myself|yourself) (?:there|down there|inappropriately|intimately|between|below|under her|where)|(?:feel|feels|felt|feeling) (?:her|him) up|(?:turned|turns) (?:him|her|me) on|child porn\\w*|cp|kiddie porn|grooming',
);
const MEDIUM = anyOf(
  '(?:undid|undo(?:es|ing)?|unbuckl\\w+|loosen(?:ed|s|ing)|opened|unzipp?\\w*) (?:his|her) (?:[a-z]+ )?(?:belt|trousers|breeches|fly|zip|pants|jeans|robe)|(?:topless|nude|naked|undressed) for (?:him|her|the|us|me|money|them)|(?:make|keep|get|bit|really|so|more) (?:it )?spicy|(?:romance|love|bedroom|kissing|make ?out|bed) scenes?|what he would do to (?:her|him)',
  "send (?:me |us |some |ur |your |more )*(?:pics?|photos?|selfies?|vids?|videos?|snaps?)(?! of (?:the|your|ur) (?:map|minis?|dog|cat|character|dice|sheet|homework|book|food))|age is just a number|(?:her|his) body (?:was |is |had |already |now )*(?:that of a (?:woman|man)|ripe|ready|blossom\\w*|a woman's|made for|developed|begging|responded|betrayed)|steamy|sultry|lovers?' (?:night|bed)|teenage lovers|(?:a|the|her|his|one|first|whole|that) nights? (?:alone )?with (?:the |a |an |her |his )?(?:captain|king|lord|duke|teacher|coach|priest|prince|soldier|man|men|master|him|stranger|uncle|stepfather)",
  '(?:girls?|boys?|kids|teens?|classmates|students|pupils) (?:[a-z]+ ){0,4}?(?:changing|showering|undress\\w*|naked|nude|topless)(?! (?:seats|places|trains|rooms|lanes|into (?:frogs|wolves|birds)))',
  "open(?:ed|ing|s)? (?:his|her|my) (?:blouse|shirt|trousers|robe|gown|dress|bodice|legs|thighs|fly|belt)|straps? (?:[a-z]+ )?(?:from|off|down|over|of) (?:her|his)|(?:beneath|under|between) the (?:sheets|covers|blankets?|furs|quilt|duvet) (?:with|beside|next to|against) (?:her|him|me|his|the)|(?:hands?|fingers?|palm)\\b[^.!?\\n]{0,24}\\b(?:up|along|inside|down|higher on|over|across|on) (?:the |her |his |my |the [a-z]+'s |[a-z]+'s )?(?:bare |inner |naked )?(?:legs?|thighs?|skirt|spine|hips?|waist|breasts?|bottom|bum|knee|chest|belly|stockings?)|(?:take|took|taking|pull\\w*|strip\\w*|removed?) (?:everything|it all|them all|all of it|the rest|something)(?: else)?(?: [a-z]+)? off|(?:take|took|taking|pulled?|with) off (?:everything|all (?:her|his|of)|the rest)|between (?:her|his|my|the [a-z]+'s|[a-z]+'s) (?:legs|thighs|knees)|(?:came|comes|coming|crept|creeps|sneaks?|snuck|stole|slipped|visits?|visited) (?:in)?to (?:her|his|the (?:girl|boy|child)'s) (?:bed|bedroom|bedchamber|room)(?: (?:at night|every night|each night|again|naked|and (?:touch|lay|lock|slid|climb|got|lift|pull|strok|kiss|undr)\\w*))|(?:pics?|photos?|videos?|vids?|photographs?|clips?|film)\\b[^.!?\\n]{0,40}\\b(?:changing|showering|undress\\w*|in the (?:showers?|changing|locker)|topless|underwear|bikinis?|swimsuits?|take everything|naked|nude|private)|(?:changing|showering|undress\\w*)\\b[^.!?\\n]{0,40}\\b(?:photograph\\w*|pics?|photos?|video\\w*|watch\\w*|peep\\w*|hole|camera|hidden)|our (?:little |special )?secret(?: game)?|(?:special|secret|grown-?up|adult|private|naughty|fun) (?:game|games|touch|time|lesson)s?|(?:locked|bolted|shut) the door behind|(?:chat|talk|meet|cam|call|play|date|have fun) (?:in )?(?:private(?:ly)?|alone|after dark|naked)|(?:desir|want|crav|ach|lust)(?:ed|ing|es|s) (?:for )?(?:her|him) (?:body|so badly|more than)|love (?:her|him|you) like a (?:man|woman|wife|husband|lover)|(?:not|never) (?:to )?tell (?:her|his|your) (?:mother|mum|mom|parents|father|dad|anyone)|felt (?:her|his) (?:small |little |young |budding |soft |warm )*(?:body|breasts?|chest|thighs?|hips?) (?:against|under|beneath|press)",
  "(?:undress(?:ed|es|ing)?|disrob(?:ed|es|ing)|strip(?:ped|s|ping)?|unclothed) (?:slowly |gently |quickly |down )?(?:her|him|it|them|me|the (?:girl|boy|child|lad|lass|kid|twins|body)|each other|for|in front of|until|to (?:her|his) (?:skin|underwear))(?! of (?:his|her|their) (?:rank|title|armou?r|weapons|sword|badge|knife|coins?))|(?:unbutton|unzip|unlac|unbuckl|unhook|unfasten|untie|unti|slid|slip|pull|peel|lift|tug|push|yank|drew|draw|rais|hik|took|take|ripp|tore|remov|drop|shed|shrug|let)(?:t?ed|p?ed|g?ed|ing|ning|ping|s|es|e|d)?(?: (?:off|down|up|aside|away))? (?:his|her|my|the (?:girl|boy|child|lad)'s) (?:[a-z]+ )?(?:blouse|shorts|trousers|pants|jeans|skirt|dress|shirt|top|bra|knickers|panties|underwear|nightgown|nightie|nightshirt|gown|uniform|robe|swimsuit|bikini|tights|stockings|socks off|clothes|tunic|belt|straps?|pyjamas|pajamas)(?: (?:fall|drop|slide|slip|off|down|up|aside|over|to (?:the|her)))?",
  "(?:touch|strok|caress|rubb?|fondl|massag|squeez|cupp|pett|grabb|pinch)(?:ed|es|ing|e|s)? (?:her|his|the (?:girl|boy|child|lad)'s) (?:[a-z]+ )?(?:thighs?|legs?|chest|breasts?|bottom|bum|behind|backside|hips?|waist|belly|body|knees?|inner|skin|private|lap|butt|rear|buttocks)|kiss(?:ed|es|ing) (?:her|his|the (?:girl|boy|child)'s) (?:lips|mouth|neck|throat|shoulders?|breasts?|belly|thighs?|body|skin|collarbone|bare)|kiss(?:ed|es|ing)? (?:her|him|the (?:girl|boy|child)) (?:full )?on the (?:lips|mouth)|(?:sat|sit|sits|sitting|pulled|climbed|lift\\w*) (?:her |him )?(?:up )?(?:on|onto|in|into) (?:his|the [a-z]+'s) lap and (?:kissed|felt|his|rubbed|wriggled|moved)|(?:bed|lie|lay|lying) (?:down )?(?:next to|beside|with|on top of) (?:him|her) (?:naked|undressed|nude|without)|naked (?:in|on|under|beneath|beside|next to|with|before|in front of|together|for) (?:him|her|his|the (?:bed|teacher|coach|man|camera|priest|older)|each|me)|(?:pull|push|press|lay|lower|climb)(?:ed|s|ing)? (?:her|him)?(?: down)? ?(?:on top of|beneath|under|onto) (?:him|her|me)(?=$|[.,!?]| (?:and|on|in))|(?:see|saw|look(?:ed)? at|admir\\w+|watch\\w*|photograph\\w*|film\\w*|paint\\w*|star\\w+ at) (?:her|his|the (?:girl|boy|child)'s|you|me) (?:[a-z]+ )?(?:naked|nude|undress\\w*|bathe|bathing|without|in the shower|body|bare)|(?:older|grown|experienced) (?:men|women|man|woman|lover|guys?)|hot (?:for|and)|sexy|(?:his|her) (?:desire|hunger|lust|need|arousal|hardness)|(?:romantic|romance|flirt\\w*|seduc\\w*) (?:with|between)|spoon(?:ed|ing) naked|hot and bothered|love ?making|his manhood|no clothes|wear(?:ing|s)? nothing|nothing (?:on|underneath|but (?:a|her|his))|without (?:a stitch|a shirt|panties|underwear)|pics? without|deeply and",
  'erection|arts of love|disrob\\w+ (?:for|before)|courtesan|for (?:his|her) (?:own )?bed(?=$|[.,!?])|kiss(?:es|ed)? (?:me|her|him) (?:there|down there)|lower and lower',
  "moan(?:s|ed|ing)? (?:as|while|when|under|beneath|for|into|softly)|(?:entered|enters) (?:her|him)(?=$|[.,;!?]| (?:from|slowly|with|again))|(?:felt|feels?) himself (?:harden|stir|grow(?:ing)? hard|stiffen)|(?:his|an) erection|got (?:him )?hard|(?:so|too|really|very|super|damn|fucking) hot(?=$|[.,!?]| (?:and|i|for|in))|i'd (?:do|tap|hit|bang|smash) (?:her|him|that)|hottie|nude (?:drawing|picture|photo|art|image|model|pic|scene|painting|selfie)s?|(?:drawing|picture|photo|image|video|pic|painting)s? of (?:an? |the |her |his )?(?:nude|naked)|without (?:your|her|his|their|any) clothes",
  'seduc(?:e[sd]?|ing|tion|tive(?:ly)?)|sensual(?:ly)?|lust(?:s|ed|ing|ful(?:ly)?)?|lustily|boobs?|tits?|titties|breasts|buttocks|bare bottom|panties|lingerie|thong|bras?|virgin(?:ity)?|wedding night|thighs|naked bod(?:y|ies)|nude bod(?:y|ies)|(?:young|nubile|budding|developing|ripe|supple|tight|lithe|tender|soft) (?:bod(?:y|ies)|flesh|breasts?|curves)|curves|hips against|nubile|budding',
  '(?:slept|sleeps|sleep|lay|lies|lie) with (?:him|her|me|them)(?=$|[.,!?]| (?:for|again|that|and|because|in exchange))|bang(?:s|ed|ing)? (?:her|him)|intimat(?:e|ely|acy)|moan(?:s|ed|ing)? (?:with|in) (?:pleasure|delight|ecstasy)|(?:with|of|in) (?:pleasure|ecstasy)|undress(?:es|ed|ing)? (?:for|before|in front of) (?:him|her|me|us|the (?:man|men|king|lord|camera|priest))|strip(?:s|ped|ping)?(?: [a-z]+){0,2} (?:for|before|in front of) (?:him|her|me|us|the)|(?:take|takes|took|taking|pull\\w*|tore|rip\\w*|slip\\w*|slid) (?:off )?(?:all )?(?:her|his|your|my|their) (?:clothes|dress|skirt|shirt|blouse|gown|robe|nightgown|underwear|pants|trousers) (?:off )?(?:for|before|in front of|while|and|as|so)',
  'ki(?:ss|sses|ssed|ssing) (?:her|him|me) (?:passionately|hungrily|deeply|hard|all over|with (?:his|her) tongue|on the (?:neck|breast|thigh))|tongue|make(?:s)? out|made out|making out|french[- ]kiss\\w*|bedchamber together|hot (?:little )?(?:girl|boy|body)|(?:see|seen|saw|sees|want) (?:me|you|her|him|us) naked|naked (?:pics?|photos?|pictures?|selfies?)|his lover|her lover|mistress|concubine|pole danc\\w+|prostitut\\w*|(?:hands?|fingers?) (?:up|under|inside|beneath) (?:her|his|my|the [a-z\\u0027]+) (?:skirt|dress|shirt|blouse|clothes)|sugar daddy|hook(?:ed|ing)? up with',
);
const WEAK_KINDS = [
  anyOf('(?:beneath|under) the (?:blankets?|covers|sheets|duvet|quilt|furs|table)'),
  anyOf(
    '(?:undid|undo(?:es|ing)?|loosen(?:ed|s|ing)|untied|unties|untying|unfasten\\w*|tugg\\w* at|fumbl\\w+ (?:with|at)) (?:her|his|the) (?:[a-z]+ )?(?:ribbons?|laces?|sash|belt|buttons?|bow|clasps?|bodice|corset|hooks?|zip|robe|shirt|dress|hair)',
  ),
  anyOf(
    '(?:wanted|wants|want|craved|craves|needed|hungered for|ached for|desired) (?:it|her|him|them|what he saw|what she saw)(?=$|[.,!?])',
    'want(?:ed|s)? (?:her|him) (?:so|badly|more than|now)',
  ),
  anyOf(
    '(?:in|on|onto|into) (?:his|her|my) (?:lap|knees?)',
    'purr(?:ed|s|ing)?',
    'body (?:was|is) (?:already|almost|now)',
  ),
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
  /\b(?:mother|mom|mum|mama|father|dad|papa|parents?|grandmother|nurse[sd]?|nursing|healer|doctor|physician|midwife|cleric heal\w*|fever\w*|wounds?|diaper|nappy|cradle|lullaby|born|birth|breast-?f\w+|medic|bandag\w+|temperature|toddler splash\w*|bath(?:ed|s|ing|tub)?|tub|towel(?:led|ling)?|mudd?y?|swimming|swam|soaked|wet through|wet clothes|shivering|frozen|splinter|stitch(?:es|ed|ing)?|chicken ?pox|measles|rash|pyjamas and (?:read|told|sang|tucked)|lullab(?:y|ies)|bedtime|story)\b/;

/** How far a sign of age and a strong sign of sex may stand apart, in units; farther apart the same name must link them. */
const NEAR = 350;
const MAX_CONTEXT = 3_000;

/** Finds sexual content with anybody under 18, also split over the passages before (zero tolerance). */
/** Where a text speaks of somebody who is, or looks, younger than 18; sex near it is told by others. */
export function childrenIn(folded: string): Piece[] {
  const bare = blank(folded, REFUSAL);
  return [...piecesOf(bare, AGE), ...piecesOf(bare, AGE_ASIDE), ...piecesOf(blank(bare, ASIDE_CHILD), CHILD)];
}

export const minorFindings: Detector = (views, request) => {
  const context = foldText(request.recent.slice(-3).join('\n')).slice(-MAX_CONTEXT);
  const joint = context === '' ? views.folded : `${context}\n${views.folded}`;
  const offset = joint.length - views.folded.length;
  const bare = blank(joint, REFUSAL);
  const ages = childrenIn(joint);
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
