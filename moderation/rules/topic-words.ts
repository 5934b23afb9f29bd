/*
 * What belongs to topics that tables often name: words that stand for the topic, as patterns over folded text.
 * Plurals and verb endings are added by the matcher; a word that means much else is left out.
 */
const LISTS: Readonly<Record<string, string>> = {
  'spider':
    'eight (?:[a-z]+ )?(?:legs|eyes); egg sacs?; (?:spun|spinning|wrapped|wound) (?:[a-z]+ ){0,4}silk; cobwebs?; spider; tarantula; arachnid; arachnophobia; black widow; eight-legged; eight legs; spiderling; widow spider; orb-?weaver; scuttling legs; egg sacs?',
  'snake':
    'snake; serpent; viper; cobra; python; adder; rattlesnake; anaconda; asp; boa constrictor; slither; scaled coils',
  'insect':
    'insect; bug; beetle; cockroach; roach; maggot; centipede; millipede; wasp; hornet; locust; larva; larvae; swarm of flies; ants; grub; lice; leech; worm; mantis; moth',
  'rat': 'rat; rats; rodent; mice; vermin swarm',
  'blood':
    'blood; bloody; bleed; bled; gore; gory; entrails; guts; viscera; intestines; disembowel; eviscerate; dismember; hemorrhage; decapitate; severed',
  'torture':
    'torture; torturer; (?:pulled?|tore|ripped|took|prised|plucked)(?: out| off)? (?:his|her|their|the) (?:[a-z]+ )?(?:fingernails?|nails|toenails|teeth|fingers) (?:out |off )?(?:one|until|with|slowly|again); (?:one|finger|nail|tooth) (?:by|after) (?:one|the other|finger|nail|tooth|another)[^.]{0,30}(?:until|talk|spoke|confess|scream); make (?:him|her|them) talk; until (?:he|she|they) (?:talked|confessed|broke); strapped to the (?:chair|table|rack); hung (?:him|her) by the wrists; held (?:his|her) (?:head|face|hand) (?:under|in|over|to) the (?:water|bucket|flame|coals|fire|stove); thumbscrew; waterboard; flay; the rack; iron maiden; interrogat(?:e|ed|ion) (?:with|under); branding iron; hot iron; pull(?:ed)? out (?:his|her|their) fingernails; fingernails? (?:were |was )?(?:ripped|pulled|torn); flog; whip(?:ped)? (?:him|her) (?:until|bloody); electrocute; pliers; tormentor',
  'sexual violence':
    'rape; rapist; molest; (?:took|taking|take) turns (?:with|on|at) (?:her|him|them|the)|(?:dragged|hauled|carried|pulled) the (?:women|girls|woman|girl|maids?|wives|nuns)[^.!?]{0,40} (?:and took turns|one (?:by one|after)|laughing|by the hair); did not ask (?:her )?leave; would not take no; (?:she|he) said no[^.]{0,40}(?:did not stop|kept|anyway|went on); held (?:her|him) down and; wedding night by force; sexual assault; sexually assault(?:ed|s)?; sexual abuse; sexual violence; forced (?:himself|herself|themselves) (?:on|upon|into); grope; violated (?:her|him); ravish; had (?:his|her) way with; against (?:her|his) will; non-?consensual; incest; tore (?:off )?(?:her|his) (?:dress|clothes|bodice); pinned (?:her|him) (?:to the bed|down and)',
  'sex':
    'sex; sexual; sexually; make love; made love; making love; intercourse; orgasm; nude; naked; erotic; seduce; lust; fuck (?:her|him|me); slept together; bedded; undress; moan; brothel; porn',
  'child harm':
    "(?:hurt|harm|kill|beat|hit|struck|slap|murder|torture|abuse|drown|burn|starve|stab|strangle|whip|sacrifice|attack|slaughter|butcher|throttle|kick)(?:s|ed|ing|t)? (?:\\w+ ){0,3}?(?:child(?:ren)?|kids?|baby|babies|infants?|toddlers?|boys?|girls?|orphans?|newborns?|younglings?); (?:child(?:ren)?|kids?|baby|babies|infants?|toddlers?|orphans?|newborns?|little (?:boy|girl)|boy|girl|daughter|son)(?:'s)? (?:\\w+ ){0,5}?(?:dead|died|dies|killed|murdered|beaten|drowned|corpses?|body|bled|bleeding|burned|bruise[ds]?|screamed|starved|butchered|slaughtered|tortured|whipped|stabbed|sacrificed); child (?:abuse|death|murder|soldiers?|sacrifice|harm|labou?r); infanticide; dead (?:child(?:ren)?|baby|babies|kids?|infants?); bruise[sd]? on the (?:child|boy|girl)",
  'child': 'child; children; kid; baby; babies; toddler; infant; orphan',
  'animal harm':
    "(?:hurt|harm|kill|beat|hit|struck|kick|torture|abuse|drown|burn|starve|stab|strangle|whip|sacrifice|skin|shot|shoot|slaughter|butcher|slit|cut|gut|poison)(?:s|ed|ing|ned|ting|t)? (?:\\w+ ){0,3}?(?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|ponies|pony|animals?|wolf|wolves|deer|rabbits?|birds?|foal|hound|hounds|mare|lamb|pets?|cow|cows|goat|goats|fox|owl); (?:dogs?|cats?|pupp(?:y|ies)|kittens?|horses?|pony|animals?|rabbits?|hounds?|mare|foal|lamb|pet|owl|fox)(?:'s)? (?:\\w+ ){0,5}?(?:dead|died|dies|killed|beaten|drowned|corpse|carcass|bled|bleeding|whimper\\w*|yelp\\w*|skinned|butchered|starved|whipped|shot|slaughtered); animal (?:cruelty|abuse|death|harm|sacrifice); dog ?fight(?:s|ing)?; bear[- ]baiting; dead (?:dog|cat|puppy|kitten|horse|animal)s?",
  'suicide':
    'suicide; suicidal; kill (?:him|her|my|your|them)sel(?:f|ves); killed (?:him|her|my|your|them)sel(?:f|ves); (?:took|taking|take|end|ended|ending) (?:his|her|their|my|your) own life; (?:end|ended|ending) (?:his|her|their|my|it all)(?: own)? life; hang(?:ed)? (?:him|her|my|them)sel(?:f|ves); slit (?:his|her|my|their) (?:own )?wrists?; noose; overdose; (?:threw|flung|hurled) (?:him|her|my|them)sel(?:f|ves) (?:off|from|over|under|in front); (?:jumped|leapt|stepped) (?:off|from) the (?:bridge|roof|ledge|cliff|tower); jump(?:ed)? to (?:his|her|their) death',
  'self harm':
    'self[- ]?harm; cut (?:him|her|my|them)sel(?:f|ves); cutting (?:him|her|my|them)sel(?:f|ves); hurt(?:ing)? (?:him|her|my|them)sel(?:f|ves); cut (?:his|her|my|their) (?:own )?(?:arms?|wrists?|thighs?|skin); razor; burn(?:ed|ing)? (?:him|her|my|them)sel(?:f|ves)',
  'slavery':
    'slave; slavery; enslave; slaver; slave trade; shackle; manacle; bondage; in chains; auction block; indentured; human trafficking; chattel; sold (?:\\w+ ){0,3}to the highest bidder; overseer; plantation; thrall',
  'body horror':
    'body horror; mutate; mutation; (?:skin|flesh) (?:\\w+ )?(?:melt|slough|bubbl|split|peel|ripple|crawl|writhe|burst|fused?)\\w*; bones? (?:\\w+ )?(?:twist|reshap|snap|crack|crunch|lengthen|burst)\\w*; beneath (?:his|her|the|my|their) skin; under (?:his|her|my|their) skin; parasite; burst from (?:his|her|the|its) (?:chest|belly|stomach|skin); extra (?:eyes|limbs|mouths?|teeth|fingers); eyes? (?:opened|grew|sprouted|blinked) (?:on|in|from|across); teeth (?:grew|sprouted|fell|erupted); tentacles? (?:burst|grew|sprouted|erupted); tumou?r; tumou?rs; grotesque(?:ly)? (?:transform|change|shape)\\w*',
  'dentist':
    'dentist; dental; drill(?:ed|ing)? (?:\\w+ ){0,3}(?:tooth|teeth|molar); root canal; teeth; tooth; molar',
  'needle':
    'needle; syringe; injection; inject; hypodermic; blood draw; vaccinat(?:e|ed|ion); iv drip; lancet; drew (?:his|her|my) blood; puncture',
  'hospital':
    'hospital; surgery; surgeon; scalpel; operating (?:table|theat(?:er|re)|room); chemotherapy; intensive care; medical procedure; amputat(?:e|ed|ion)',
  'drowning':
    'drown; underwater (?:and )?(?:could|unable|gasping); water (?:\\w+ )?(?:fill|flood|pour|rush|enter)\\w* (?:his|her|my|their|your) (?:lungs?|mouth|nose|throat); lungs? (?:\\w+ )?(?:fill(?:ed|ing)? with|full of|burning for|took in) (?:\\w+ )?(?:water|sea|air); held (?:\\w+ )?under (?:the )?(?:water|surface|waves); head (?:\\w+ )?(?:under|beneath|below) (?:the )?(?:water|surface|waves); sank beneath the (?:waves|water|surface); went under; (?:gulp|swallow|inhal|breath)\\w* (?:\\w+ )?(?:water|seawater|brine); could not reach the surface; dragged (?:\\w+ )?under',
  'clown':
    '(?:red|painted) nose; white (?:face )?paint; greasepaint; painted smile; clown; jester; harlequin; pierrot; red nose; painted (?:smile|grin); greasepaint; circus makeup; white face paint',
  'doll': 'doll; puppet; mannequin; marionette; ventriloquist; porcelain face',
  'pregnancy loss':
    'miscarry; miscarriage; miscarried; stillborn; stillbirth; lost the (?:baby|child|pregnancy); losing the (?:baby|child|pregnancy); lost (?:her|their|our|my) (?:unborn )?(?:baby|child); abort; abortion; unborn (?:child|baby); empty cradle; (?:no|without a) heartbeat; ectopic',
  'pregnancy':
    'pregnant; pregnancy; childbirth; labou?r pains; midwife; gave birth; giving birth; with child; unborn; contractions; miscarriage; swollen belly',
  'racism':
    'racism; racist; racial; racial slur; slur; ethnic cleansing; genocide; white supremac(?:y|ist); segregat(?:e|ed|ion); lynch; your kind; half-?breed; mud-?blood; go back (?:to )?where you came from; inferior race; pure ?blood; xenophob(?:ia|ic); bigot; bigotry',
  'homophobia':
    'homophobia; homophobic; transphobia; transphobic; conversion therapy; gay bashing; deadnam(?:e|ed|ing); queer bashing; misgender',
  'sexism':
    "sexism; sexist; misogyny; misogynist(?:ic)?; catcall; a woman's place; know (?:her|your) place, woman",
  'drug':
    'found (?:the|a) vein; tied off (?:his|her|my) arm; needle in (?:his|her|my) arm; cooked (?:it|the [a-z]+) (?:up )?(?:in|on) (?:a|the) spoon; shot up; chased the dragon; snort(?:ed|ing|s)?; white powder up; drug; cocaine; heroin; opium; meth; addict; addiction; overdose; syringe; junkie; narcotic; opioid; morphine; laudanum; marijuana; cannabis; lsd; ecstasy pills; snort; high on; dealer; withdrawal; dream-?dust; stoned; pusher; needle in (?:his|her) arm',
  'alcohol':
    'alcohol; alcoholic; alcoholism; drunk; drunken; whisk(?:e)?y; beer; ale; wine; rum; vodka; hangover; booze; intoxicated; binge drink(?:ing)?; tavern',
  'abduction':
    'abduct; abduction; kidnap; kidnapper; hostage; ransom; snatched (?:\\w+ ){0,2}(?:from|off); dragged (?:\\w+ ){0,2}into (?:the|a) (?:van|carriage|wagon|car|cart); held captive; captive; taken against (?:his|her|their) will; bound and gagged; sack over (?:his|her|their|my) head; chloroform',
  'claustrophobia':
    'claustrophobia; claustrophobic; buried alive; trapped (?:in|inside|under|beneath) (?:the |a )?(?:\\w+ )?(?:box|coffin|tunnel|rubble|crawl ?space|shaft|cave|closet|trunk|rocks?|earth|dark); walls? (?:\\w+ )?(?:clos(?:e|ed|ing) in|press(?:ed|ing)? (?:in|against|closer)|narrow(?:ed|ing)?); too (?:narrow|tight|small) to (?:turn|move|breathe|crawl|sit); could (?:not|barely|hardly) (?:turn|move|breathe|lift); coffin lid; cramped; crawl ?space; squeezed? through; confined space; entombed; sealed (?:\\w+ )?(?:in|inside|tomb|coffin)',
  'cannibalism':
    'cannibal; cannibalism; human flesh; man-?eater; (?:ate|eat|eating|devour(?:ed)?|feast(?:ed)? on|roasted|cooked) (?:\\w+ ){0,3}(?:human|people|man|men|woman|corpses?|crew(?:mates?)?|flesh of); long pig; people-?meat',
  'eye trauma':
    'eye (?:trauma|injury|gore|horror); eyeball; eye socket; gouge; (?:stab|pierc|pluck|popp|burst|cut|sliced?|poke|pull|tear|tore|torn|blind)\\w* (?:\\w+ ){0,4}eyes?; eyes? (?:\\w+ ){0,3}(?:gouged|popped|burst|plucked|pierced|torn|ruptured|put out)',
  'domestic violence':
    "domestic (?:violence|abuse); abusive (?:husband|wife|partner|relationship|father|mother|boyfriend|girlfriend|marriage|home|parent); (?:beat|beats|hit|hits|struck|slapped|punched) (?:his|her|the) (?:wife|husband|girlfriend|boyfriend|partner|spouse); (?:husband|wife|boyfriend|girlfriend|partner|father)(?:'s)? (?:\\w+ ){0,3}(?:fists?|beat|hit her|hit him|slapped|struck her|struck him); wife-?beater; battered (?:wife|woman|spouse); walked into a door",
  'mind control':
    'mind control; charm spell; dominat(?:e|ed|ion) (?:person|spell|his|her|mind); hypnoti[sz]e; brainwash; possess(?:ed|ion); bent (?:his|her|their) will; puppet of; no longer control(?:led)? (?:his|her|their|my) (?:body|limbs|hands); enthrall; compelled (?:him|her|them|me)',
  'eating disorder':
    'eating disorder; anorexi(?:a|c); bulimi(?:a|c); starve (?:him|her|my|them)sel(?:f|ves); starving (?:him|her|my|them)sel(?:f|ves); purg(?:e|ed|ing); binge; calorie; thinspo; too fat to',
  'cancer':
    'cancer; tumou?r; chemo; chemotherapy; oncolog(?:y|ist); metastas\\w+; terminal illness; leukemia; malignant',
  'gun':
    'gun; pistol; rifle; shotgun; revolver; firearm; bullet; musket; shooter; gunshot; gunfire; school shooting; mass shooting',
  'fire': 'fire; burn; burnt; flame; blaze; inferno; arson; ablaze',
  'religion':
    'religion; church; jesus; christ; bible; allah; quran; koran; mohammed; prophet muhammad; synagogue; mosque; crucifix; the pope',
  'war': 'war; battlefield; artillery; trench; shelling; bombard; airstrike; war crime',
  'death': 'death; die; died; dying; dead; corpse; funeral; graveyard; grave',
  'vomit':
    'vomit; puke; throw up; threw up; throwing up; retch; bile; emptied (?:his|her|my|their) stomach; regurgitat(?:e|ed); sick all over; hurl(?:ed)? (?:his|her|their|my) (?:lunch|dinner|breakfast); spewed?',
  'height':
    'heights; acrophobia; vertigo; dizzying drop; sheer drop; precipice; ledge; edge of the (?:cliff|roof|tower)',
  'politics':
    'politic(?:s|al|ian); election; president; republican; democrat; trump; biden; brexit; vote for',
  'pandemic':
    'pandemic; covid; corona ?virus; quarantine; lockdown; plague; epidemic; virus outbreak; vaccine',
  'gambling':
    'gambl(?:e|ed|ing|er); casino; poker; roulette; betting; wager; slot machine; dice game; blackjack',
  'bullying': 'bully; bullied; bullying; taunt; mocked (?:him|her|them); hazing; humiliat(?:e|ed|ion)',
  'profanity': 'fuck; shit; cunt; bastard; bitch; asshole; goddamn',
  'zombie': 'zombie; undead; walking dead; shambling corpse; reanimated',
  'ghost': 'ghost; spirit; haunt; phantom; spectre; specter; apparition; poltergeist; wraith',
  'vampire': 'vampire; bloodsucker; nosferatu; fangs in (?:his|her) neck',
  'demon': 'demon; devil; satan; lucifer; possession; exorcis(?:m|t)',
};

/** The words and patterns of a topic; none for a topic that is not known. */
export function wordsOfTopic(topic: string): string[] {
  return LISTS[topic]?.split('; ') ?? [];
}

/** Other ways in which tables name these topics, as patterns over the folded topic; the first that fits counts. */
export const TOPIC_NAMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/spider|arachn/, ['spider']],
  [/snake|serpent|ophidio/, ['snake']],
  [/sexual (?:violence|assault|abuse)|rape|non-?con|molest|incest/, ['sexual violence']],
  [
    /(?:child|kid|children|bab(?:y|ies)|infant|minor)s?\b.*(?:harm|hurt|abus|death|dy|kill|violen|danger|cruel|suffer|endanger|tortur|murder|dead|injur|peril|neglect)|(?:harm|hurt|abus|death|kill|violen|cruel|tortur|murder|dead|dying|suffer|injur)\w*\b.*(?:child|kid|children|bab(?:y|ies)|infant)|infanticide/,
    ['child harm'],
  ],
  [
    /(?:animal|pet|dog|cat|horse|puppy|kitten|creature)s?\b.*(?:harm|hurt|abus|death|dy|kill|violen|cruel|suffer|tortur|dead|injur|sacrific)|(?:harm|hurt|abus|death|kill|violen|cruel|tortur|dead|dying|suffer|injur)\w*\b.*(?:animal|pet|dog|cat|horse|pupp|kitten)/,
    ['animal harm'],
  ],
  [/self[- ]?(?:harm|injur|mutilat)|cutting/, ['self harm', 'suicide']],
  [/suicid/, ['suicide']],
  [/insect|bugs?\b|entomo|cockroach|maggot|creepy[- ]crawl|wasp|worm|leech/, ['insect']],
  [/\brats?\b|rodent|mice|mouse/, ['rat']],
  [/tortur/, ['torture']],
  [/slave|human traffick|bondage/, ['slavery']],
  [/body[- ]?horror|mutation|transformation horror/, ['body horror']],
  [
    /eye (?:trauma|injur|gore|horror|stuff)|eyes? (?:being )?(?:gouged|hurt|stabbed)|injur\w+ to (?:the )?eyes?|eyeball/,
    ['eye trauma'],
  ],
  [/blood|gore|gory|guts|entrail|dismember|mutilat/, ['blood']],
  [/dentist|dental|teeth|tooth/, ['dentist']],
  [/needle|syringe|injection|trypano/, ['needle']],
  [/hospital|surgery|medical/, ['hospital', 'needle']],
  [/drown|thalasso|underwater death/, ['drowning']],
  [/clown|coulro/, ['clown']],
  [/doll|puppet|mannequin/, ['doll']],
  [
    /pregnancy loss|miscarr|stillb|abortion|losing (?:a|the) (?:baby|pregnancy)|loss of (?:a|the|an unborn) (?:baby|child|pregnancy)|infant loss/,
    ['pregnancy loss'],
  ],
  [/pregnan|childbirth/, ['pregnancy', 'pregnancy loss']],
  [/racis|racial|ethnic cleansing|genocide|xenophob/, ['racism']],
  [/homophob|transphob|queerphob/, ['homophobia']],
  [/sexis|misogyn/, ['sexism']],
  [/drug|addict|substance|narcotic/, ['drug']],
  [/alcohol|drunk|drinking/, ['alcohol']],
  [/abduct|kidnap|hostage|captiv/, ['abduction']],
  [
    /claustro|buried alive|enclosed space|confined space|tight space|small space|being trapped/,
    ['claustrophobia'],
  ],
  [/cannibal|eating (?:people|humans|human flesh)/, ['cannibalism']],
  [
    /domestic (?:violence|abuse)|spousal|partner (?:violence|abuse)|abusive relationship/,
    ['domestic violence'],
  ],
  [/mind[- ]control|brainwash|loss of (?:agency|control)|possession/, ['mind control']],
  [/eating disorder|anorex|bulimi/, ['eating disorder']],
  [/cancer|chemo|terminal illness/, ['cancer']],
  [/\bguns?\b|firearm|shooting/, ['gun']],
  [/vomit|emeto|puk/, ['vomit']],
  [/\bheights?\b|acrophob/, ['height']],
  [/politic/, ['politics']],
  [/pandemic|covid|epidemic|plague/, ['pandemic']],
  [/gambl/, ['gambling']],
  [/bully/, ['bullying']],
  [/swear|profan|curs(?:e|ing) words/, ['profanity']],
  [/\bsex(?:ual)?\b|erotic|nudity|intimacy/, ['sex', 'sexual violence']],
  [/\breligio/, ['religion']],
  [/zombie|undead/, ['zombie']],
  [/ghost|haunt/, ['ghost']],
  [/vampire/, ['vampire']],
  [/demon|devil|satan|exorc/, ['demon']],
];
