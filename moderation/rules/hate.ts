import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, sentencesOf, type Piece } from '../text/matching.ts';
import { isInQuotes } from '../text/speech.ts';

/** Words for real groups of people, as a statement about the group names them. */
const NATION =
  'mexicans?|africans?|arabs?|indians?|pakistanis?|bangladeshis?|chinese|japanese|koreans?|vietnamese|filipin[oa]s?|asians?|latin[oa]s?|latinx|hispanics?|native americans?|aboriginals?|romani|romanies|roma|gyps(?:y|ies)|poles|irish|italians?|russians?|ukrainians?|germans?|turks?|kurds?|palestinians?|israelis?|haitians?|nigerians?|somalis?|syrians?|afghans?|iraqis?|iranians?|americans?|europeans?|jamaicans?|ethiopians?|kenyans?|brits?|jew|jews|jewish|muslims?|islam|christians?|catholics?|hindus?|sikhs?|buddhists?|mormons?|atheists?';
const KIND =
  'blacks?|whites?|gays?|lesbians?|homosexuals?|bisexuals?|queers?|trans(?:gender|sexual)?s?|transgenders|non-?binary|women|woman|females?|girls|immigrants?|migrants?|refugees?|foreigners?|asylum seekers?|disabled|autistics?|autists?|deaf|blind|cripples?|feminists?|minorities';
const FOLK =
  '(?:people|persons?|folks?|men|man|women|woman|guys?|kids?|children|girls?|boys?|communit(?:y|ies)|immigrants?|migrants?|refugees?|families|ones?)';
const GROUP = `(?:(?:${NATION}|${KIND})(?: ${FOLK})?|people (?:of colou?r|from [a-z]+|with (?:disabilities|autism|down syndrome)|in wheelchairs)|people who are (?:gay|trans|black|disabled|jewish|muslim)|(?:old|elderly|fat|poor|homeless) people|wheelchair users|men)`;
const MANY =
  '(?:all |every |most |these |those |the |any |you |fucking |damn |bloody |filthy |dirty |disgusting |stupid |such |other |more |of |single |as a )*';
const GROUPS = new RegExp(`\\b${GROUP}\\b`);
const NATIONS = new RegExp(`\\b(?:${NATION}|blacks?|gays?|trans|immigrants?|refugees?|disabled)\\b`);
/** Words that only bear on peoples of fiction. */
const FANTASY =
  /\b(?:orcs?|orcish|el(?:f|ves)|elven|half-?elf|half-?elves|dwar(?:f|ves)|gnomes?|goblins?|hobgoblins?|kobolds?|trolls?|ogres?|halflings?|hobbits?|vampires?|werewol(?:f|ves)|tieflings?|dragonborn|dragons?|demons?|devils?|undead|zombies?|drow|fae|fair folk|fairies|giants?|centaurs?|mermaids?|merfolk|androids?|robots?|aliens?|martians?|mutants?|cyborgs?|clones?|wizards?|witches|mages?|lizardfolk|minotaurs?|gnolls?|nymphs?|satyrs?|half-?bloods?|muggles?|ratfolk|catfolk)\b/;

const LOW =
  '(?:vermin|rats?|cockroach(?:es)?|roaches|insects?|animals?|apes?|monkeys?|pigs?|dogs?|beasts?|parasites?|leech(?:es)?|sub-?human|less than human|not (?:even |really )?(?:human|people)|inferior|lesser|filth|filthy|scum|trash|garbage|diseases?|diseased|a plague|plague|cancer|poison|evil|satanic|disgusting|repulsive|gross|savages?|barbarians?|barbaric|uncivili[sz]ed|worthless|abominations?|freaks?|perverts?|perverted|pedophiles?|pedos|groomers?|predators?|degenerates?|unnatural|mentally ill|sick in the head|a waste|waste of|a mistake|mistakes|property|objects?|slaves?|whores?|sluts?|bitches|cunts?|retard(?:s|ed)?|swine|monsters?|demons?)';
const BAD =
  '(?:stupid|dumb|idiots?|morons?|lazy|criminals?|thieves|rapists?|terrorists?|murderers?|killers?|liars?|cheats?|greedy|violent|dangerous|dirty|ugly|backwards?|primitive|useless|a burden|burdens?|a threat|a problem|the problem|invaders|inept|incapable|crazy|hysterical|weak|too emotional|drug dealers|smelly|untrustworthy|traitors|bad (?:people|drivers)|less intelligent|ruining|destroying|taking over|stealing|the worst|unwelcome|not welcome|good for nothing|to blame|cowards|jokes?)';
const BE =
  "(?:are|is|r|be|'re|were|as) (?:all |just |nothing but |nothing more than |really |such |so |a |an |the |bunch of |like |no better than |worse than |always |basically |only |simply |fucking |literally |pure |little |mostly |truly |too )*";
const KILL =
  '(?:kill|gas|exterminate|shoot|burn|hang|murder|wipe out|get rid of|deport|eradicate|purge|slaughter|round up|lynch|bomb|cleanse|stab|rape|castrate|sterili[sz]e|eliminate|execute|annihilate|behead|drown|nuke|beat up|enslave|hunt down|stone)';
const FATE =
  '(?:should|must|ought to|need to|needs to|deserve|deserves|have to|has to|had better|can all|can|better|will) (?:all |just |to |really |be |get |go |never )*(?:killed|die|dead|gassed|shot|exterminated|deported|burn|burned|burnt|hanged?|hung|beaten|wiped out|eradicated|stoned|locked up|put (?:down|in (?:camps|cages|ovens|the (?:oven|gas))|to death)|sent (?:back|home|away)|rot|raped|suffer|lynched|purged|drowned?|castrated|sterili[sz]ed|eliminated|executed|banned from|slaughtered|enslaved|exist|been born|breed|reproduce|hell|kicked out|removed|disappear|euthani[sz]ed)';
const LESS =
  "(?:(?:should not|shouldn't|must not|do not deserve to|don't deserve to|should never|cannot|can't|don't deserve)(?: to)? (?:be (?:allowed|trusted|here|in|citizens|treated|able)|vote|exist|live|breathe|work|marry|have (?:rights|kids|children)|rights|respect|adopt|breed|teach)|belongs? in (?:the kitchen|cages?|the zoo|prison|ovens?|hell|camps|the gutter|a zoo)|(?:don't|do not|doesn't) belong|belong back|go back (?:to|home)|stay in the kitchen|make me (?:sick|want to (?:puke|vomit))|disgusts? me|are (?:taking over|ruining|destroying|invading|infesting|polluting)|ruin (?:everything|every|this|our)|back to (?:their|your|where)|only good (?:for|at)|deserve (?:no|nothing|death|it|to die|violence|pain))";

/** Old stories of who is behind everything; they name no group and mean one. */
const PLOT = anyOf(
  '(?:those|these) people are (?:all |just |nothing but |no better than )*(?:animals?|vermin|savages|parasites|rats|scum|filth|a disease|criminals|terrorists)',
  "holocaust\\b[^.!?\\n]{0,30}\\b(?:numbers|figures|maths?|exaggerat\\w*|don't add|dont add|hoax|fake|myth|overblown|propaganda|made up|story is|industry|never)|so[- ]called holocaust",
  '(?:banks?|banking|media|hollywood|press|news(?:papers)?|governments?|finance|money|wall street|everything|world|schools?|universities)\\b[^.!?\\n]{0,30}\\b(?:run|owned|controlled|bought|funded|ruled|infiltrated) by (?:[a-z]+ )?(?:the |that |one |a )?(?:same )?(?:[a-z]+ )?(?:tribe|zionists?|globalists?|elders|rothschilds?|soros|chosen (?:people|ones)|you know who|long noses|big noses|cabal|bankers with|(?:certain|small) (?:tribe|people|group|ethnic\\w*)|people with (?:small hats|those names|certain surnames)|small hats|(?:\\()+them|those people)',
  '(?:the )?(?:great replacement|white genocide|zog|zionist occupied|new world order jews|rothschilds?|soros|globalists?|zionists?|jewish lobby|gay agenda|gay lobby|trans(?:gender)? (?:agenda|lobby|cult)|lgbt\\w* (?:agenda|lobby|cult|mafia|ideology)|homosexual agenda|islami[sz]ation|eurabia|bloodlines of bankers)(?=$|[^a-z])[^.!?\\n]{0,40}\\b(?:control\\w*|own\\w*|run\\w*|pull\\w*|push\\w*|behind|happening|real|want\\w*|plan\\w*|replac\\w*|destroy\\w*|pay\\w*|paid|fund\\w*|kids|children|schools?|ruin\\w*|everywhere|down our throats?)',
  "(?:they|those people)(?:'re| are)? (?:want to |trying to |plan to )?(?:replac(?:e|ing) (?:us|whites?|white people|our (?:people|race|kind))|breed(?:ing)? us out|outbreed(?:ing)? us)|(?:protect|secure|preserve|save) (?:the |our )?(?:white race|bloodline|race|blood and soil|racial purity|pure blood of europe)|(?:six|6) million[^.!?\\n]{0,30}\\b(?:lie|hoax|exaggerat\\w+|never|didn't|made up|not enough|math)|race (?:mixing|realism|realist|traitors?)|bloodline of cain|(?:those|these) people (?:[a-z]+ ){0,3}?(?:come over here|come here|take everything|took our|stole|breed|stink|should go (?:back|home))|your lot (?:included|too|should|are all)|men in (?:dresses|wigs)|a man in a dress|there are only two genders|attack helicopter|(?:keep|get|want|kick|throw) (?:the |these |those |all )?(?:[a-z]+ )?(?:gays|queers|trans|homos|foreigners|immigrants|muslims|jews|blacks) (?:out|away|off)",
);

/** Somebody else's contempt is told of. */
const TOLD_OF =
  /\b(?:people|those|anyone|anybody|someone|whoever|racists|bigots|nazis|he|she|they) (?:who |that )?(?:say|says|said|think|thinks|thought|claim|claims|claimed|believe|believes|believed)\b|\b(?:myth|stereotype|(?:is|that'?s|it'?s) (?:so |just |very )?(?:racist|sexist|bigoted|prejudiced?)|wrong to say|i (?:don't|do not|never) (?:think|believe|say))\b/;
/** Denies a group something good, which reads like the denial of something bad. */
const UNABLE = anyOf(
  `(?:those|these) people are (?:all |just |nothing but |no better than )*(?:animals?|vermin|savages|parasites|rats|scum|filth|a disease|criminals|terrorists)|${GROUP} (?:are|is) (?:all )?(?:going to|bound for|headed for) hell|${GROUP} (?:will|should|can) (?:all )?(?:burn|rot) in hell|only good for [a-z]+ing|(?:a|an|another) (?:female|${GROUP}) (?:gm|dm|player|leader|driver|boss|mod|admin)\\b[^.!?\\n]{0,20}\\b(?:explains|figures|no wonder|typical|what did)`,
  `${GROUP} (?:all |just |really |basically )*(?:look|sound|act|smell|are)s? (?:exactly )?(?:the same|alike|like (?:monkeys|apes|rats|men in|animals))(?! (?:to (?:the|a) )?(?:rights|height|as (?:us|you|me|anyone|everyone)))`,
  `(?:refuse to|won't|wont|will not|would not|wouldn't|would never|will never|don't want to|dont want to|do not want to|not going to) (?:[a-z]+ )?(?:sit|play|date|hire|serve|work|live|shake hands|eat|speak|talk|share) (?:[a-z]+ ){0,4}?(?:with|next to|near|beside|to|for) (?:a |an |any |some |the )?(?:[a-z]+ )?${GROUP}`,
  `${GROUP} (?:just |simply |naturally |genetically |biologically |all |really |are |is |were )*(?:are not|aren't|arent|are just not|is not|isn't|are never) (?:[a-z]+ )?(?:smart|clever|intelligent|able|capable|made|built|cut out|wired|rational|logical|trustworthy|honest|clean|civili[sz]ed|human|natural|good (?:at|enough|for)|fit|real (?:men|women|people)|like us|one of us|welcome here)`,
  `(?:not (?:being |to be |trying to be )?(?:racist|sexist|homophobic|antisemitic|transphobic)|i(?:'m| am|m) (?:not|no) (?:[a-z]+ )?(?:racist|sexist|homophobe|homophobic|bigot|transphobe|nazi))[^.!?\\n]{0,4}\\bbut\\b[^.!?\\n]{0,80}`,
);

const CALLS = anyOf(
  '(?:hitler|the nazis|the klan|kkk) (?:was|were|is|did|had) (?:right|nothing wrong|a hero|great|the right idea|good)|heil hitler|sieg heil|white power|white genocide|race war|1488|14 ?\\/ ?88|finish(?:ed)? the job hitler|holocaust (?:never happened|is a (?:lie|hoax|myth)|was (?:a lie|fake|good))|ethnic cleansing is (?:good|needed)',
  `${KILL} (?:off )?${MANY}${GROUP}`,
  `${GROUP} (?:[a-z']+ ){0,5}?${FATE}`,
  `(?:the )?only good ${GROUP} is a dead`,
  `(?:death to|gas|kill) (?:all |the )?${GROUP}`,
  `(?:i(?:'ll| will| want to|'d love to)|let's|we should|we must|we need to|someone should) (?:[a-z]+ )?${KILL} ${MANY}${GROUP}`,
);
const DEHUMANISES = anyOf(
  `${GROUP} ${BE}${LOW}`,
  `${GROUP} ${LESS}`,
  `(?:like|such) ${LOW},? (?:these |those |all )*${GROUP}`,
  `(?:filthy|dirty|disgusting|stinking|subhuman|inferior|vile|fucking|goddamn|greedy|evil) (?:little |fucking )?${GROUP}`,
  `i (?:really |fucking |just |absolutely |so |truly )*(?:hate|despise|loathe|detest|can't stand|cannot stand) ${MANY}${GROUP}`,
  `${MANY}${GROUP} (?:and their|with their) (?:filthy|disgusting|dirty|evil)`,
  `(?:no|not) (?:more )?${GROUP} (?:allowed|welcome|here)|keep (?:the )?${GROUP} out|(?:don't|do not) want ${MANY}${GROUP} (?:in|near|around|here)|(?:get|kick|throw|send) ${MANY}${GROUP} (?:out|back)`,
  `go back to (?:your (?:own )?country|where you came from|africa|mexico|china|india|asia|pakistan|the (?:kitchen|jungle|zoo))`,
);
const BELITTLES = anyOf(
  `why (?:do|should|would|did|are|must) (?:we|they|you|anyone|i)(?: all| even| always| have to)* (?:let|letting|allow|tolerate|put up with|invite|hire|have|pay for|cater to) (?:[a-z]+ )?${GROUP}\\b[^.!?\\n]{0,40}\\b(?:ruin\\w*|play|in|here|near|everything|never|always|just|only)`,
  `${GROUP} (?:just |simply |only |all )*(?:haven't|have not|havent|hasn't|need to be|need a good|needs a good|should try|could be|can be|want to be) (?:met the right|found the right|cured|fixed|converted|straightened|put in their place|taught|beaten)`,
  `(?:she|he|they)(?:'s|'re| is| are) (?:an? )?${GROUP}[,;]? (?:so |of course |and )?(?:they|those people|you know how they)(?: all| are| always)+ [a-z]+|${GROUP}[,;:] (?:they |you can't |cannot |can't |count |watch |hide |lock |hold on to |mind )(?:[a-z]+ ){0,2}?(?:lie|cheat|steal|ruin|spoons|wallets?|purse|silver|doors|smell|trust|breed)|same with ${GROUP}|breed(?:ing|s)? like (?:rabbits|rats|flies|vermin)|(?:${GROUP}) (?:should|must|ought to) (?:[a-z]+ )?(?:pay (?:double|more|extra)|be (?:banned|barred|kept|registered|sterili[sz]ed|segregated|tagged|excluded|locked|removed|forbidden)|not be|know their place|stay (?:home|away|out|in the)|be seen)|${GROUP} (?:are|is) (?:the reason|to blame|brainwashed|sheep|why (?:we|i|you|this))`,
  `(?:of course|typical|trust|leave it to|just like|that'?s just like|what do you expect from|shocker,?|surprise surprise,?|classic|as usual,?) (?:a|an|the|some|another) (?:[a-z]+ )?${GROUP}\\b(?! (?:restaurant|food|place|wedding|festival|holiday|dish|shop|church|temple|film|movie|author|name|accent))`,
  `${GROUP} (?:just |simply |naturally |genetically |biologically |all |always |only |really |clearly |statistically )*(?:are|is|were|aren't|arent|isn't|isnt) (?:just |simply |naturally |genetically |biologically |all |really |inherently |by nature )*(?:not |never |less |too |simply |just )(?:[a-z]+ )?(?:smart|clever|intelligent|able|capable|made|built|cut out|wired|rational|logical|trustworthy|honest|clean|civili[sz]ed|human|normal|natural|good|fit|real|equal|funny|suited|emotional|lazy|slow|stupid|weak|sensitive|real (?:men|women)|like us|one of us|welcome)`,
  `(?:not (?:being |to be |trying to be )?(?:racist|sexist|homophobic|antisemitic|rude|that guy)|i(?:'m| am|m) (?:not|no) (?:[a-z]+ )?(?:racist|sexist|homophobe|homophobic|bigot|transphobe|nazi)|no offen[cs]e|nothing against (?:[a-z]+ )?${GROUP}|some of my best friends are ${GROUP})[^.!?\\n]{0,12}\\b(?:but|however|though)\\b[^.!?\\n]{0,80}`,
  `${GROUP} (?:[a-z']+ ){0,4}?(?:dress(?:es|ed|ing)?[ -]?up|in (?:a )?dress(?:es)?|in wigs?|pretending to be|playing (?:dress[ -]?up|pretend|victim|the victim)|who think they(?:'re| are)|confused|deluded|delusional|mentally (?:ill|unwell|disturbed)|a (?:mental illness|phase|fad|trend|cult|disease|choice|lifestyle choice|fetish|sin|abomination|death cult|plague|time bomb)|ticking (?:time )?bombs?|breed(?:ing|s)? (?:like|too|more|faster|us out)|outbreed\\w*|replac(?:e|ing) us|invad\\w+|swarm\\w*|flood(?:ing|s)? (?:in|our|the|into)|infest\\w*|overrun\\w*|living off|leech\\w*|sponge|sponging|scroung\\w*|steal(?:ing|s)? (?:our|jobs|everything|from|your)|(?:take|taking|took) (?:over|our|all (?:the|our))|(?:control|own|run|rule)s? (?:the |all (?:the )?|our )?(?:banks?|banking|media|world|governments?|money|press|news|hollywood|industry|everything|show business)|push(?:ing|es)? (?:their|it|this)|shov(?:e|ing) (?:it|their)|groom\\w*|recruit\\w*|indoctrinat\\w*|coming for (?:our|your) (?:kids|children)|(?:near|around|teach(?:ing)?|adopt(?:ing)?|touch(?:ing)?) (?:the |our |your |my )?(?:kids|children)|haggl\\w*|smell|stink|eat (?:dogs|cats|bats)|(?:can't|cant|cannot|shouldn't|shouldnt|should not|don't|dont|never) (?:be |ever |even |really )?(?:allowed|let|trusted|near|drive|lead|gm|dm|vote|integrate|assimilate|fit in|fight|play|think|behave|control themselves|belong|count|work|raise))`,
  `(?:if|when|since|because|now that|ever since) (?:you |we |they )?(?:let|allow|allowed|have|had|hire|hired|invite|invited|put) (?:[a-z]+ )?${GROUP} (?:[a-z]+ ){0,3}?(?:in|here|join|play|everything|the (?:quality|place|game|country|neighbou?rhood)|it)(?:,| |$)[^.!?\\n]{0,40}\\b(?:down ?hill|dogs|worse|ruin\\w*|trouble|lost|suffer\\w*|unsafe|stealing|fall apart|go(?:es)? (?:wrong|bad)|hell|over)`,
  `(?:world|country|place|game|table|server|hobby|street|town)\\b[^.!?\\n]{0,30}\\b(?:better|safer|cleaner|quieter|nicer) (?:off )?(?:without|if (?:there were no|it weren't for)) (?:[a-z]+ )?${GROUP}|(?:too many|full of|overrun (?:by|with)|crawling with|infested with|swarming with) (?:[a-z]+ )?${GROUP}|(?:wouldn't|would not|won't|will not|don't|refuse to|never) (?:[a-z]+ )?(?:sit|play|date|hire|serve|work|share (?:a )?(?:table|room)|live|shake hands|eat|let my (?:kids|daughter|son)) (?:[a-z]+ ){0,3}?(?:with|next to|near|beside|from|marry|date|play with) (?:[a-z]+ )?${GROUP}|${GROUP} (?:are|is) (?:what(?:'s| is) wrong with|the reason (?:this|the|our|everything|why))|(?:stick|keep|belong) (?:them|${GROUP}) (?:all )?(?:in|on) (?:a |an )?(?:island|camp|cage|boat|ghetto|zoo)`,
  `${GROUP} (?:all |always |just )?(?:smells?|stinks?|reeks?|can't|cannot|can not|don't know how to) (?:bad|(?:even )?(?:play|drive|think|do math|lead|write|fight|code|be trusted))`,
  `${GROUP} (?:all |always |just )?(?:smell|stink|reek)(?=$|[.,!?])`,
  `(?:racist|sexist|homophobic|antisemitic|hateful|transphobic) (?:things|jokes?|slurs?|speech|comments?|rants?) (?:about|against|at) ${MANY}${GROUP}`,
  `(?:all|most|these|those|every|you) ${MANY}${GROUP} ${BE}${BAD}`,
  `(?<!(?:some|few|two|three|other|many|her|his|my|our|their|the|not all|were|if) )${GROUP} ${BE}${BAD}`,
  `(?:never|don't|do not|can't|cannot|wouldn't) trust (?:a |an |any |the )?(?:[a-z]+ )?${GROUP}|(?:typical|just another) ${GROUP}|(?:like all|just like every) ${GROUP}`,
);

/** Denied, reported to be condemned, or asked about. */
const COUNTER =
  /\b(?:(?:i|we) (?:don't|do not|never|would never|won't|could never|didn't) (?:\w+ )?(?:hate|despise|loathe|think|believe|say|agree|mean|detest)|(?:is|are|was) (?:such |just |really |so )*(?:an? )?(?:horrible|awful|terrible|disgusting|vile|hateful|stupid|racist|sexist|mean|cruel|bigoted|ugly|nasty) (?:things?|lie|stereotype|idea|opinion|attitude|joke|slur|remark|comment)|(?:is|are|it's|its|that's|thats|was) (?:so |just |very |really |simply |deeply |not only |completely )*(?:wrong|racist|sexist|bigoted|homophobic|transphobic|antisemitic|islamophobic|hateful|unacceptable|not (?:ok|okay|true|acceptable|right|fair|funny|cool)|a lie|nonsense|false|disgusting to say|horrible to say|a myth|a stereotype|hate speech|despicable|vile to say|awful to say|prejudice)|(?:people|those|anyone|anybody|someone|whoever|everyone|nazis|racists|bigots|men|idiots) (?:who|that) (?:say|says|think|thinks|claim|claims|believe|believes|hate|hates|call|calls|want|wants|write)|stop (?:saying|hating|calling|telling|the hate)|how (?:dare|can) (?:you|anyone|people|he|she|they) (?:\w+ )?(?:say|claim|think|believe|call|write)|(?:hate crimes?|violence|discrimination|prejudice|hatred|bigotry|attacks?|racism) (?:against|towards?)|i (?:disagree|condemn|refuse|reject)|nobody should (?:say|think|call)|no one should (?:say|think|call)|(?:banned|reported|kicked|fired|punched) (?:\w+ )?(?:for|because)|ashamed (?:of|that)|(?:he|she|they|grandpa|grandfather|uncle|nazis?) (?:used to )?(?:believed?|thought|claimed)(?: that)?)\b/;
const REPORTED =
  /\b(?:he|she|they|someone|somebody|my (?:uncle|boss|dad|father|teacher|neighbou?r|grandpa|grandfather|coworker|colleague)|a (?:guy|man|woman|stranger|troll|user)) (?:\w+ )?(?:said|says|wrote|told|yelled|shouted|called|tweeted|posted|claimed|screamed)\b/;
const NEGATED =
  /\b(?:no \w+(?: \w+)? (?:is|are|deserves?)|aren't|isn't|are not|is not|are no|were not|weren't|are never|not all|aint|ain't|shouldn't be (?:called|treated|seen|killed|harmed|hurt)|should not be (?:called|treated|seen|killed|harmed|hurt)|should never be (?:called|treated|killed|harmed|hurt)|don't (?:deserve to (?:die|be (?:killed|hurt|treated|called))|hate|call|kill|hurt)|do not deserve to (?:die|be (?:killed|hurt|treated|called)))\b/;
const PROUD =
  /\b(?:as an? (?:proud )?(?:gay|trans|black|jewish|muslim|lesbian|bi|bisexual|queer|disabled|autistic|deaf|woman|immigrant|asian|latin[oa])\b|i(?:'m| am) (?:a |an )?(?:proud |happy )?(?:\w+ )?(?:gay|trans|queer|black|jewish|muslim|lesbian|bi|bisexual|disabled|autistic)\b|(?:my|our) (?:fellow|people|community)|(?:we|us) (?:\w+ )?(?:queers?|gays|lesbians|dykes|crips|jews|blacks|muslims|immigrants|trans|disabled|autistics?|women|bis)\b|(?:i am|i'm) (?:a |an )?(?:proud )?(?:dyke|crip|queer|fag)\b|proud (?:to be|of being))/;

/** Contempt for real groups of people, told apart from denial, counter-speech and the peoples of fiction. */
export const hateFindings: Detector = (views) =>
  sentencesOf(views.folded).flatMap((sentence) => {
    if (!GROUPS.test(sentence.text)) return hateAtYou(views, sentence);
    const at = (pattern: RegExp): Piece[] => piecesOf(sentence.text, pattern, sentence.start);
    const calls = at(CALLS);
    const low = at(DEHUMANISES);
    const unable = at(UNABLE);
    const pieces = [...calls, ...low, ...at(BELITTLES), ...at(PLOT), ...unable];
    if (pieces.length === 0) return [];
    const what = { harm: 'hate', label: 'hate' } as const;
    const isDenied = unable.length > 0 ? TOLD_OF.test(sentence.text) : isCounter(views, sentence, pieces);
    if (isDenied) return findingAt(views, pieces, { id: 'hate.counter', severity: 0, ...what });
    if (REPORTED.test(sentence.text))
      return findingAt(views, pieces, { id: 'hate.reported', severity: 1, ...what });
    const severity = calls.length > 0 ? 4 : low.length > 0 ? 3 : 2;
    return findingAt(views, pieces, { id: 'hate.group', severity, ...what });
  });

function hateAtYou(views: TextViews, sentence: Piece): Finding[] {
  const slogans = piecesOf(sentence.text, CALLS, sentence.start);
  if (slogans.length > 0 && !COUNTER.test(sentence.text))
    return findingAt(views, slogans, { id: 'hate.slogan', harm: 'hate', severity: 4, label: 'hate' });
  const plots = piecesOf(sentence.text, PLOT, sentence.start);
  if (plots.length > 0 && !COUNTER.test(sentence.text))
    return findingAt(views, plots, { id: 'hate.plot', harm: 'hate', severity: 2, label: 'hate' });
  const pieces = piecesOf(
    sentence.text,
    /\b(?:(?:go |get |belong )?(?:back )?(?:to|in) the kitchen,? (?:where|woman|[a-z]+$)|go back to the kitchen|make me a sandwich)|\bgo back to (?:your (?:own )?country|where you came from|africa|mexico|china|india|pakistan)\b|\bgo back to (?:whatever|whichever|the) (?:[a-z]+ )?(?:country|hole|desert|jungle|third world)[a-z ]{0,20}/g,
    sentence.start,
  );
  return findingAt(views, pieces, { id: 'hate.second-person', harm: 'hate', severity: 3, label: 'hate' });
}

function isCounter(views: TextViews, sentence: Piece, pieces: readonly Piece[]): boolean {
  if (COUNTER.test(sentence.text) || NEGATED.test(sentence.text)) return true;
  // Quoted in one sentence, condemned in the next.
  const isQuoted = pieces.every((piece) => isInQuotes(views, piece));
  return isQuoted && COUNTER.test(views.folded);
}

/** Whether a text speaks of real groups at all, and whether it does so to defend them or of itself. */
export function groupTalk(folded: string): { names: boolean; defends: boolean; isFantasy: boolean } {
  const isFantasy = FANTASY.test(folded);
  return {
    names: GROUPS.test(folded) && !(isFantasy && !NATIONS.test(folded)),
    defends: COUNTER.test(folded) || PROUD.test(folded) || NEGATED.test(folded),
    isFantasy,
  };
}
