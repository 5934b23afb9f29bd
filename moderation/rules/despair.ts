import type { Detector } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { isInQuotes, speechOf, type Sentence } from '../text/speech.ts';
import { isFigureOfSpeech } from './self-harm.ts';

// Despair that never says the word: the wish not to be, the means at hand, a leave-taking. One sure sign is enough, or
// two of different kinds that are not sure. It leads to a person who asks, never to a reproach.

const I = "(?:i|i'?m|im|i am|i'?ve|i have|i'?ll|i will|i'?d|id)";
const GAP = '[^.!?\\n]{0,30}?';

/** Each enough by itself. */
const SURE = anyOf(
  "i cut again|(?:no|any|a) reason to (?:[a-z]+ )?(?:keep (?:breathing|living|going)|stay alive|live|get up any ?more|wake up)|(?:no|any|a|the) way out(?=$|[.!])(?<=(?:don't|dont|do not|cannot|can't|cant|no longer) (?:see|find|know) (?:a|any|the) way out)",
  "(?:don't|do not|dont) (?:even |please )?(?:try to |bother to )?(?:stop|save|rescue|talk me out|look for|come looking for|miss|mourn|cry for) me(?! from| if| when we)|tak(?:e|ing) (?:all|every one) (?:of )?(?:my|the|these) (?:meds|medication|pills|tablets)|i(?:'?m| am|'?ve been| have been| have always been)? (?:such |just |only )?a burden (?:to|on|for) (?:every|my|you|people|them|all)|(?:scratch|pick|claw|dig|bite|hit|punch|carv)\\w* (?:at )?(?:my (?:own )?(?:arms?|legs?|skin|thighs?|wrists?|head|face)|myself)\\b[^.!?\\n]{0,30}\\b(?:bleed|blood|helps?|calm\\w*|release|relief|feel something|deserve|stop the|until|till)",
  "(?:would|might|may)(?: not|n't|nt) (?:still |even )?be (?:here|alive|around)(?: any ?more| today| now| if it)?(?=$|[.,!])|what(?:'s| is|s)? (?:even )?(?:there )?left (?:for me|to live|in (?:my|this) life)|(?:found|saved|stopped|revived|caught|pulled) me (?:just )?(?:in time|back from the|off the (?:bridge|ledge|roof|tracks))|(?:looked up|googled|searched|researched|checked|measured|worked out|been reading|read up)\\b[^.!?\\n]{0,16}\\b(?:how (?:high|many|much|long|deep|tall|to|fast|far)|which|what|where|about)\\b[^.!?\\n]{0,30}\\b(?:car ?park|bridge|pills|tablets|roof|trains?|overdos\\w*|fatal|lethal|painless(?:ly)?|fall|drop|rope|knot|noose|paracetamol|bleed|it takes to die|die|hanging|methods)|(?:go to |fall a)?sleep\\b[^.!?\\n]{0,12}\\b(?:that (?:would be|'d be|was) it|that's it|never|be done|not have to)|(?:i|i really|i just) (?:don't|dont|do not|never) (?:even )?matter(?:ed)?(?! (?:what|how|which|if))|(?:not|never) (?:being alive|existing|being here any ?more|having been born)|(?:hid|hides|hidden|locked (?:up|away)|took away|confiscated|locks) (?:all )?(?:of )?(?:the|my) (?:knives|pills|meds|blades|razors?|scissors|medication|belts|tablets)|suicidal(?! (?:plan|mission|charge|run|idea|attack|dwarf|tactic|move|build|npc|character|bravery|rush|goblin|lemming)\\w*)|(?:almost|nearly|so close to|came close to) (?:did it|jump(?:ed|ing)|went through with|do(?:ing)? it|end(?:ed|ing) (?:it|things))|(?:don't|dont|not) (?:deserve|want|belong)(?: to be)? (?:in this world|on this (?:earth|planet)|to (?:live|breathe|be here))|(?:won't|wont|never) (?:make it|see|reach|live|last) (?:to|till|until|past) (?:my (?:birthday|next)|christmas|spring|summer|thirty|twenty|[0-9]+|the weekend|new year|next (?:year|month|week))(?= |$|[.,!])",
  `(?:won't|wont|will not|not going to|not gonna|don't think ${I}|dont think ${I}|doubt ${I}) (?:still |even )?(?:be |gonna be |going to be |will be |ll be )?(?:around|here|alive|there|with you(?: all)?|breathing)\\b${GAP}\\b(?:much longer|any ?more|any longer|ever again|for long|or any|by (?:christmas|spring|summer|morning|then|tomorrow)|after (?:tonight|this|today)|to see|come (?:christmas|spring|summer|monday|morning))`,
  `(?:won't|wont|will not|not going to|not gonna) (?:be|have to be|bother|trouble|burden)\\b${GAP}\\b(?:problem|burden|bother|trouble|nuisance|weight|disappointment|you|anyone|anybody)\\b${GAP}\\b(?:much longer|any ?more|any longer|soon|ever again|for long)`,
  `(?:when|after|once|if|if only) (?:${I}|i was|i were|i am) (?:were |was |am |just |simply |suddenly |really )?(?:gone|dead|not (?:here|around|alive)|disappear(?:ed)?|vanish(?:ed)?|no longer (?:here|around|alive)|died)(?! (?:in (?:the )?(?:game|session)|for the weekend|on (?:holiday|vacation)|from the (?:server|session|table)|next|tomorrow|this|again|at|to|:)\\b)`,
  `(?:better|happier|easier)(?: off)? (?:${GAP})(?:without me|if ${I}|when ${I}|once ${I}|with me (?:gone|dead))(?! (?:roll|play|cast|heal|go first|attack)\\w*)`,
  "(?:don't|dont|do not|didn't|never|not|doesn't) (?:want(?:ed)? to|wanna|have to|need to|hope to) (?:ever )?(?:wake up|be alive|be here any ?more|exist|live(?=$|[.,!]| any| like this| any ?more)|see (?:tomorrow|the morning))|(?:wish|wishing|hope|hoping|hoped|pray) (?:that )?i (?:just )?(?:don't|dont|won't|wont|didn't|didnt|wouldn't|never|hadn't|could (?:just )?(?:not|stop|sleep)) (?:wake(?: up)?|woken|exist(?:ing)?|been born|forever|and never)|(?:stop|stopped|not) existing|cease to exist|sleep (?:and|forever)(?: and)? ?(?:never|not|forever) ?wak\\w*|go to sleep forever|never wake up",
  `(?:think|thinking|thought|thoughts|imagin\\w*|daydream\\w*|wonder\\w*|tempted|fantasi[sz]\\w*|urge|considered|considering|picture|pictured|picturing|wanted|want)\\b${GAP}\\b(?:driv(?:e|ing)|steer(?:ing)?|walk(?:ing)?|step(?:ping)?|jump(?:ing)?|swerv(?:e|ing)|run(?:ning)?|throw(?:ing)? myself|swim(?:ming)? out)\\b${GAP}\\b(?:(?:into|in front of|off|under|onto) (?:(?:a|an|the|my|some|oncoming) )*(?:tree|traffic|wall|bridge|train|tracks?|sea|river|roof|lorry|truck|bus|car|cars|balcony|cliff|platform|building|ocean|lake|motorway|highway)|and not come back)`,
  `(?:count(?:ed|ing)?|sav(?:ed|ing)(?: up)?|stash(?:ed|ing)?|stockpil\\w+|hoard\\w*|lined up|collect(?:ed|ing)|swallow\\w*|took|taken|take|staring at|stare at|looking at|holding|got|have|bought|enough|keep|kept)\\b${GAP}\\b(?:all (?:of )?(?:the|my|her|his) (?:pills|tablets|meds|medication)|(?:my|the|these|those|enough|mum's|mom's|dad's|too many|whole bottle of|bottle of|box of|handful of|pack of|packet of|of) (?:[a-z]+ )?(?:pills|tablets|painkillers|paracetamol|sleeping (?:pills|tablets)|antidepressants|ibuprofen|tylenol|opioids|insulin|razor ?blades?|noose))(?! (?:for (?:my|the) (?:back|headache|cold|cat|dog|allerg\\w*|migraine|knee|flu|fever)|as prescribed|from the pharmacy|on the (?:map|board)|with (?:breakfast|dinner|food)))`,
  "(?:^|i |i'?ve |ive |been |started |back to |just |again )(?:cut|cutting|burn(?:ed|t|ing)?|hurt|hurting|scratch(?:ed|ing)?|starv(?:ed|ing)) (?:myself|my (?:own )?(?:arms?|legs?|wrists?|thighs?|skin))\\b(?! (?:on|off|while|when|with (?:a|the) (?:knife|paper|pan|can|cheese)|shaving|chopping|cooking|slack|some|a|by accident|accidentally|opening|out|laughing|a slice|for)\\b)|(?:fresh|new|more) (?:cuts|scars|burns) on my (?:arms?|legs?|wrists?|thighs?)|(?:relapsed|clean from|days clean of|months clean of|stopped) (?:self[- ]?harm\\w*|cutting)",
  "(?:point|reason|use|sense|worth) (?:of|in|to|for)? ?(?:even )?(?:being alive|living|liv(?:e|ing) (?:any ?more|on|like this)|life|existing|going on living|staying alive|stay alive|keep living|waking up|my existence|being here any ?more)(?! in (?:the|this) (?:village|town|tower|swamp))|(?:nothing|no reason|not much|little|anything|something)(?: left)? to live for|(?:don't|dont|can't|cant|cannot) (?:go on|keep going|live) (?:like this|living|with this|any ?more)(?! with (?:these|this) (?:dice|rolls?|wifi))",
  `(?:tried|attempt(?:ed)?|planned|planning|decided|ready|going|plan|want|wanted|wanting|trying|thinking about|thought about|thoughts of|meant) (?:to |of |on |about )?(?:end(?:ing)? (?:it(?! (?:here|there|with|on|by|early|quickly|soon))|everything|things|myself|my life|the pain)|tak(?:e|ing) my (?:own )?life|off(?:ing)? myself|do(?:ing)? something stupid to myself|disappear(?:ing)? for good|check(?:ing)? out (?:early|for good|permanently)|kms)|\\bkms\\b|(?:my|an|another|last|first|failed) (?:suicide )?attempt (?:on my life|last|two|in hospital)|(?:put|had) (?:a|the) (?:gun|knife|blade|belt|rope) (?:to|against|around|round|on) my (?:own )?(?:head|neck|throat|wrists?|temple|mouth)|(?:stood|standing|sat|sitting|went|been) (?:up )?(?:on|at|by) the (?:[a-z]+ )?(?:bridge|roof|ledge|edge|tracks|platform|railing|balcony|cliff)\\b${GAP}\\b(?:jump|thinking|thought|again|an hour|hours|look(?:ed|ing) down|long time|last night)|(?:note|letters?|goodbyes?) (?:is|are|to my (?:mum|mom|family|parents))\\b${GAP}\\b(?:written|ready|done|drawer)|(?:wrote|written|writing|left) (?:my|a|the) (?:(?:suicide|goodbye|farewell|last) )(?:note|letter)s?|this is (?:my )?(?:goodbye|the last (?:time|message)) (?:forever|from me|everyone|i(?:'ll| will) ever|you(?:'ll| will) (?:ever )?(?:hear|see))`,
  `${I} (?:just |really |so |kinda )?(?:don't|dont|do not) (?:feel|think) (?:like )?(?:i (?:should|deserve to|want to) )?(?:be(?:ing)? alive|exist(?:ing)?|living|live|liv\\w+ any ?more)|(?:feel|feels|felt) like (?:i(?:'m| am)? )?(?:dying|giving up on (?:life|everything)|nothing (?:will|is) ever)|life (?:isn't|isnt|is not) (?:for me|worth)|hate (?:being alive|waking up|that i(?:'m| am)? (?:alive|woke up|exist|survived))|(?:wish|should) i(?:'d)? (?:had )?(?:died|have died|never (?:been )?(?:born|survived))`,
);

/** Kinds of signs that are not sure by themselves. */
const HINTS: readonly RegExp[] = [
  anyOf(
    "(?:all|just|it's|its|everything's?|everything is) (?:just |all |getting |become )*too much|of (?:everything|life)(?=$|[.!])|(?:tired|sick|exhausted|weary|done) (?:of|with|from) (?:everything|it all|all of it|life|living|being (?:me|alive|strong|here)|fighting|trying|pretending|existing|this life|people)(?! (?:in|about|on) (?:this|the))|had enough(?: of (?:life|everything|it all|living|this world|pretending))?(?=$|[.,!])|so tired(?=$|[.,!]| (?:all the time|of everything))|no energy (?:left )?(?:for|to)|(?:can't|cant|cannot|can not) (?:do (?:this|it)|go on|take (?:it|this|much more)|cope|keep (?:going|doing this|pretending)|carry on|handle (?:it|life|this)|face (?:it|another day|tomorrow))(?: any ?more| any longer| much longer)?(?=$|[.,!;?])|giv(?:e|ing|en) up on (?:everything|life|myself)",
  ),
  anyOf(
    'i (?:just )?want out|not sure (?:i.?m|i am) (?:glad|happy|grateful)|(?:just |really |only )?(?:want|need|wish|wanted|waiting for) (?:it|everything|this|things|the (?:pain|noise|thoughts|voices)) (?:all )?(?:to |would )?(?:just )?(?:stop|end|be over|be quiet|go quiet|go away)|make it (?:all )?(?:stop|end)|all over soon|be over soon|it ends (?:tonight|soon)|disappear(?:ed)?|vanish|not be here|be gone',
  ),
  anyOf(
    "so (?:numb|empty|hopeless|worthless|alone|lonely|broken|low)|(?:feel|feeling|am|i'm|im) (?:so |just |completely |totally )?(?:numb|empty|hopeless|worthless|broken|trapped|a burden|like a burden|nothing|invisible|unlovable|like nothing)|no (?:way out|hope|future)|(?:hate|can't stand|disgusted with) (?:myself|my life|being me)|nothing (?:matters|left|helps|makes sense) ?(?:any ?more)?|dark(?:est)? (?:place|thoughts)|rock bottom|cry(?:ing)? (?:every night|myself to sleep)|crying all|not ok(?:ay)?(?=$|[.,!])|drowning",
  ),
  anyOf(
    "(?:nobody|no ?-?one|anyone|anybody|any of you|you|they|people|everyone|everybody) (?:would|will|'d|'ll|d)? ?(?:even |really |actually )?(?:notice|care|miss|cry|come to my funeral|find me|be (?:sad|relieved|happier|better))|just (?:a|in the) (?:burden|waste|mistake|way)|in everyone's way|ruin everything i touch|no ?-?one (?:cares|loves me|needs me)|burden (?:to|on)",
  ),
  anyOf(
    "(?:said|say|saying|came to say) (?:my )?good ?byes?|(?:you|someone|who wants|anyone) (?:can|could|want)?s? ?(?:have|keep|take|wants?) my (?:dice|books|things|stuff|minis|miniatures|account|cat|dog)|(?:gave|given|giving) (?:away|him|her|them) (?:all )?my (?:dice|books|things|stuff|minis)|(?:look after|take care of|feed|be (?:good|kind) to) (?:my|each other|the|yourselves|him|her)\\b[^.!?\\n]{0,30}|thank(?:s| you)(?: all)? for everything|(?:it was|it's been) (?:nice|good|an honou?r) (?:knowing|playing with) (?:you|u)|one last (?:time|game|session|message)|last (?:message|post|session|time you)|forgive me|tell (?:my (?:mum|mom|kids|sister|brother|wife|husband|family)|them|her|him) (?:that )?i (?:love|loved|am sorry|'m sorry)|sorry for (?:everything|being)|after\\.$",
  ),
  anyOf(
    'pills|tablets|rope|razor|blades?|noose|bridge|tracks|rooftop|overdose|bleed|scars|attempt|hospital(?:ised|ized)?|psych ward|hotline|helpline|crisis line|therapist|meds|antidepressants|diagnos\\w+|the bath|my wrists|drunk|drinking',
  ),
];
const FIRST =
  /\b(?:(?:does|do|has|did) (?:anyone|anybody|you|any of you)(?: else| guys)? (?:ever|also|just|sometimes|think|feel|wonder|get)|i|i'm|im|i've|ive|i'll|i'd|my|me|myself)\b/;
/** The sentence has no subject of its own, and no other one. */
const ELLIPTIC =
  /^\W*(?:so |just |honestly |tbh |guess |really |and |feeling |been |being |getting )*(?:suicidal|they found|wish|tired|done|sick|exhausted|its all|it's all|want|wanna|don't want|dont want|cut|can't|cant|wish|hate|feel|feeling|hoping|thinking|keep|kept|no point|no reason|nothing|nobody|no one|what(?:'s| is) (?:even )?the point|not worth|might as well|counted|took|relapsed|tried|kms)\b/;
const ABOUT_PLAY =
  /\b(?:character|pc|npc|paladin|wizard|rogue|bard|cleric|barbarian|druid|warlock|fighter|ranger|hero|villain|goblins?|dragon|boss|party|dungeon|spell|healer|hit points|campaign|quest|holiday|vacation|wedding|next (?:week|weekend|saturday|sunday|friday|month)|back (?:in|on|by|at) [a-z0-9]+|work(?:ing)? (?:late|shift)|shift|exam|dice|server is|wi-?fi|laptop|pc)\b/;
const QUOTED =
  /\b(?:(?:he|she|they) (?:said|says|sings|wrote)|lyrics?|song|quote|movie|film|novel|episode)\b/;
const TOLD_OFF =
  /\b(?:laugh\w*|lol|lmao|haha\w*|(?:he|she|they) (?:said|says|sings|wrote)|lyrics?|song|quote|movie|film|novel|episode|jk|kidding|face with tears of joy)\b/;

/** A person at the table who seems to be at their end; only in real speech, and never where the game is spoken of. */
export const despairFindings: Detector = (views, request) => {
  if (isFigureOfSpeech(views.folded)) return [];
  const said = speechOf(views, request).filter(
    (sentence) => (sentence.isReal || sentence.hasReality) && !isAboutPlay(sentence),
  );
  const own = (sentence: Sentence, pattern: RegExp): Piece[] =>
    piecesOf(sentence.text, pattern, sentence.start).filter((piece) => !isInQuotes(views, piece));
  const mine = said.filter((sentence) => FIRST.test(sentence.text) || ELLIPTIC.test(sentence.text));
  const what = { harm: 'self_harm', label: 'self_harm' } as const;
  const sure = mine.flatMap((sentence) => own(sentence, SURE));
  if (sure.length > 0 && !QUOTED.test(views.folded))
    return findingAt(views, sure, { id: 'self-harm.disclosure.despair', severity: 3, ...what });
  if (mine.length === 0 || TOLD_OFF.test(views.folded)) return [];
  const kinds = HINTS.map((hint) => said.flatMap((sentence) => own(sentence, hint))).filter(
    (kind) => kind.length > 0,
  );
  if (kinds.length >= 2)
    return findingAt(views, kinds.flat(), { id: 'self-harm.disclosure.despair', severity: 3, ...what });
  return findingAt(views, kinds.flat(), { id: 'self-harm.hint', severity: 0, ...what });
};

function isAboutPlay(sentence: Sentence): boolean {
  return sentence.namesCast || ABOUT_PLAY.test(sentence.text);
}
