import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { isInQuotes, speechOf, type Sentence } from '../text/speech.ts';

/** Somebody tells of wanting to hurt themselves. */
const DISCLOSURE = anyOf(
  "lost (?:the|my|all) will to live|(?:my )?life is (?:pointless|meaningless|hopeless|over|not worth)(?! (?:for|in) (?:my|the) (?:character|game))|i(?:'d| would) (?:be )?better off dead|i should (?:just |really )?be dead",
  "(?:don't|do not|dont|can't|cannot|no longer) see (?:the|a|any) (?:point|reason|use)(?: in| to| of)?(?: my)? (?:living|life|going on|being alive|live|being here|existing|continuing)|what(?:'s| is) the point (?:of|in) (?:living|being alive|going on|my life)|if any(?:one|body) would (?:even |really )?(?:care|notice|miss me|cry)|would any(?:one|body) (?:even )?(?:care|notice|miss me) if i|(?:go to sleep|fall asleep) and (?:never|not) wake up|i(?:'ve| have)? (?:bought|got|have) (?:the|a|my) (?:rope|pills|razor)(?: ready)?|(?:i )?want (?:it all|everything|the pain) to (?:end|stop|be over)|i(?:'m| am) (?:a burden|going to do it tonight|done with life|tired of (?:living|being alive|life))|i hate being alive|life (?:is not|isn't) worth (?:it|living)|(?:wish|wished) i (?:had never|was never|were never|wasn't) (?:been )?(?:born|alive)",
  "(?<!don't |do not |didn't |never )(?:i|i've|i'm|im) (?:[a-z']+ ){0,6}?(?:want(?:ed)? to|wanna|going to|gonna|wish i could|wish i was|wish i were|thinking (?:about|of)|think (?:about|of)|thought (?:about|of)|plan(?:ned|ning)? to|plan on|considering|considered|feel like|ready to|might|should|could|tried to|need to|will|might just) (?:[a-z]+ ){0,2}?(?:die|dying|dead|kill(?:ing)? myself|end(?:ing)? (?:it all|my life|it|things|myself)|suicide|hurt(?:ing)? myself|cut(?:ting)? (?:myself|again|my (?:arms?|wrists?))|hang(?:ing)? myself|overdos(?:e|ing)|starv(?:e|ing) myself|self[- ]?harm(?:ing)?|disappear(?:ing)? (?:for good|forever)|not (?:be alive|exist|wake up)|never wak(?:e|ing) up|jump(?:ing)? (?:off|in front)|shoot(?:ing)? myself|unaliv(?:e|ing) myself|slit(?:ting)? my)",
  "i(?:'m| am|'ve been| have been| feel| was| get)? (?:so |really |very |kind of |a bit |feeling )?suicid(?:al|e)",
  "i(?:'ve| have)? ?(?:been |started |keep |still )+(?:cutting|self[- ]?harming|hurting myself|burning myself|starving myself|overdosing)|i (?:cut|burn|hurt|self[- ]?harm) myself|i self[- ]?harm",
  "(?<!don't |do not |won't |wouldn't |never )(?:kill(?:ing)?|hang(?:ing)?|shoot(?:ing)?|harm(?:ing)?|unalive) myself|thinking (?:about|of) (?:overdosing|suicide|ending it)|tak(?:e|ing) my own life|end(?:ing)? my (?:own )?life",
  "i (?:don't|do not|dont|no longer) (?:really )?(?:want to|wanna|wish to) (?:live|be alive|exist|be here|wake up|keep living|go on)(?: any ?more| tomorrow)?(?! (?:in|with|at|near|on|for (?:this|the)))",
  "(?:i have|i've|there is|there's|i see|i've got) (?:no|nothing|no more) (?:left )?(?:reason|point)? ?(?:to|in|for) (?:live|living|go on|going on|keep living) ?(?:for)?|nothing (?:left )?to live for",
  "(?:everyone|everybody|the world|you(?:'d| would)? all|my family|they(?:'d| would)?|you|people) (?:[a-z']+ ){0,3}better off (?:without me|if i)|(?:nobody|no one|no-one) (?:would|will|'d) (?:even )?(?:miss|notice|care) (?:me|if i (?:died|die|was gone|were gone|disappeared|killed))",
  "i (?:just )?took (?:all|an? (?:bunch|lot|handful|overdose|(?:whole|entire) (?:bottle|pack|box|strip))|too many|the whole)(?: of)? (?:my |the |these )?(?:bottle|pills|tablets|meds|medication)|wrote (?:a|my) (?:suicide|goodbye) (?:note|letter)|this is (?:my )?goodbye[a-z ]{0,20}forever|i won't be (?:here|around|alive) (?:tomorrow|any ?more|much longer)",
  "i (?:can't|cannot|cant|can not) (?:do this|go on|take (?:this|it)|keep going|live)(?: like this)? (?:any ?more|any longer)",
);
/** Nobody means this. */
const FIGURATIVE =
  /\b(?:(?:omg|oh my god|ugh|lol|literally|embarrass\w*|mortif\w*|cringe\w*|awkward|facepalm)[^.!?\n]{0,40}\b(?:want(?:ed)? to|wanna|could|gonna|going to) die|(?:want(?:ed)? to|wanna|could have|could) die[^.!?\n]{0,30}\b(?:embarrass\w*|so awkward|mortif\w*|cringe\w*|called (?:the|my|her|him|our) \w+ (?:mum|mom|dad))|hang (?:a|an|the|my|your|some|up|out|this|these|those|that) (?:[a-z]+ )?(?:door|picture|frame|shelf|shelves|curtains?|coat|poster|mirror|tv|wallpaper|lights?|laundry|washing|painting|hammock|wreath|clothes)s?|my eyes|eyes hurt|headache|same time next|see you next|(?:dying|die|died|dead) (?:of|from|with|laughing|over) ?(?:laugh\w*|boredom|embarrassment|cringe|curiosity|hunger|the (?:cold|heat|cringe)|happiness|joy|shame|cuteness|thirst)|dying laughing|die laughing|die (?:on this hill|happy|a happy|trying|a hero|in (?:game|battle|combat|the game|character))|to die for|kill me now|(?:boss|dungeon|puzzle|homework|exam|meeting|level|mondays?|cringe|pun|joke|rolls?|dice|traffic|spreadsheet)s? (?:\w+ ){0,3}(?:makes?|made|making) me want to|my (?:character|pc|wizard|rogue|bard|paladin|cleric|ranger|fighter|knight|hero\w*|elf|dwarf|vampire) (?:\w+ ){0,4}(?:die|kill|dead|suicid\w*|sacrific\w*)|i(?:'d| would) (?:rather|sooner) (?:die|hurt|kill)|die (?:again|first|next (?:round|turn)|in one hit|to (?:the|a|that) (?:boss|dragon|trap|goblin\w*))|(?:ending|end) (?:it|things) (?:here|there|with|for (?:today|tonight))|cut myself (?:a |some |on |shaving|while|off|another|chopping|cooking|slack))\b/;
const NOT_MEANT =
  /\b(?:not|never|no longer|n't) (?:\w+ )?(?:suicidal|going to (?:kill|hurt) myself|(?:kill|hurt|harm|hang) myself)|\b(?:lol|lmao\w*|rofl|haha\w*|jk|just kidding|face with tears of joy)\b/;

/** Somebody is told to hurt themselves. */
const URGING = anyOf(
  "(?:swallow|take|neck|down|eat|finish) (?:the|a|that) (?:whole|entire|full) (?:bottle|box|pack|packet)(?: of (?:pills|tablets|bleach|paracetamol))?(?= next time| tonight| already|$|[.,!])|(?:you|u) should(?:'ve| have|a)? (?:succeeded|finished (?:it|the job)|gone through with it|cut deeper|died|stayed dead|used a (?:gun|rope|longer))|(?:dont|don't|do not) deserve to (?:be alive|live|breathe|exist|wake)|(?:cry|come|go) (?:at|to) (?:your|ur) funeral|(?:dance|piss|spit|party) (?:on|at) (?:your|ur) (?:grave|funeral)|(?:put|end) (?:you|u|yourself) out of (?:your|ur|our) misery",
  "(?:take|go for|try|have) a (?:long |nice |little )?(?:walk|step|swim|dive|stroll|leap|jump|nap|bath) (?:[a-z]+ ){0,3}?(?:off (?:a|the) (?:[a-z]+ )?(?:building|bridge|roof|cliff|pier|balcony|skyscraper)|with (?:a|the|your) (?:toaster|anchor|bricks|rocks)|in (?:front of|traffic)|into traffic|on the (?:motorway|train tracks|railway|highway)|and never (?:wake|come))|(?:rope|pills|bleach|razor ?blades?|bridges?|trains?|gravity|a toaster bath|the bridge|the tracks|the noose)(?:'s| is| are)? (?:[a-z]+ )?(?:cheap|free|waiting|right there|over there|always an option|calling|an option|your friend|that way|undefeated)(?! (?:for|in|at) the (?:party|shop|dungeon))|(?:have you (?:considered|tried|thought about)|you (?:could|might|should) (?:always )?(?:try|consider|think about)|try|consider) (?:suicide|dying|not (?:existing|being alive|breathing|living)|killing yourself|ending it|a noose|stopping (?:breathing|existing))|(?:stop|quit|cease) (?:breathing|existing|living|being alive|wasting (?:our |the )?(?:oxygen|air))|(?:kermit sewer ?slide|sewer ?slide|commit (?:sudoku|toaster bath|die)|log off (?:life|permanently|of life)|uninstall (?:life|yourself)|alt ?f4 (?:life|yourself|irl)|delete yourself|remove yourself from (?:the gene pool|this (?:world|earth|planet))|go (?:sleep|lie) (?:down )?(?:in|on) (?:traffic|the (?:road|tracks|motorway|train tracks)))|next time,? (?:cut|go|slice) (?:deeper|longways|lengthwise|down the road)|(?:cut|go) deeper(?= next| this|$|[.,!])|(?:nobody|no one) would (?:[a-z]+ )?(?:notice|mind|cry|care|stop you)(?: if (?:you|u))?(?=$|[.,!?]|,? (?:so|just|do|if you))(?<!i )",
  "(?:you|u)(?:'d| would|'re| are)? (?:be )?better off dead",
  "(?:you|u) should (?:just |really )?end (?:it|things)(?: all)?(?: already| now)?(?=$|[.,!?])|why (?:are|r) (?:you|u) (?:still|even) (?:alive|breathing)|do (?:us|everyone|everybody|me|the world|yourself) (?:all )?a favou?r(?:,| and)? (?:[a-z]+ )?(?:die|kill|hang|disappear|end)|hope (?:you|u) (?:die|don't wake up|never wake up|kill yourself)",
  'killyourself|killurself|hangyourself|kys|k y s|k\\.y\\.s\\.?|(?:kill|hang|shoot|neck|off|end) {1,4}(?:your|ur|yo) {0,3}sel(?:f|ves)|go {1,4}(?:and {1,4})?die|kill urself|kill yaself|hang (?:your|ur) ?self|neck (?:your|ur) ?self|shoot (?:your|ur) ?self|off (?:your|ur) ?self|unalive (?:your|ur) ?self|end (?:your|ur) ?(?:own )?(?:self|life|pathetic life|miserable life)|rope (?:your|ur) ?self|drown (?:your|ur) ?self|cut (?:your|ur) (?:own )?(?:wrists|throat)|slit (?:your|ur) (?:own )?(?:wrists|throat)|take your own life',
  "(?:(?:please |pls |just )?go(?: and)?|just|please|pls|why don't you|hurry up and|do (?:us|everyone|me) (?:all )?a favou?r and|hope you|hope u) (?:just |go |please |all |fucking |already )?(?:die|jump off (?:a|the nearest) (?:bridge|cliff|building|roof)|drink bleach|jump in front of|commit suicide|kill yo|overdose|starve (?:yourself|to death)|eat a bullet|play in traffic)(?: already| in a (?:fire|hole|ditch))?",
  'jump off (?:a|the nearest) (?:bridge|cliff|building|roof)(?=,| and die|$|[.!])|drink bleach|eat a bullet|die in a (?:fire|hole|ditch)|(?:you|u) (?:should|need to|deserve to|ought to) (?:just |really )?(?:die|kill|hang|commit|not (?:exist|be alive)|cut yourself|be dead)',
  "(?:world|everyone|everybody|we|they|team|group|server) (?:[a-z']+ ){0,3}(?:better|happier) (?:off )?(?:without (?:you|u)|if (?:you|u) (?:died|were dead|killed|weren't))|(?:nobody|no one|no-one) (?:would|will|'d) (?:even )?(?:miss|care if) (?:you|u)|(?:you|u) (?:don't|do not) deserve to (?:live|exist|breathe)",
);
const NOT_URGING =
  /\b(?:in (?:this|the|my|that) (?:dungeon|campaign|game|fight|trap|tomb|next (?:fight|room|session))|says the (?:evil )?(?:gm|dm)|(?:don't|do not|dont|please don't|never|not|nobody should|stop telling|telling (?:people|someone|somebody|anyone|others|me|him|her) to|told (?:me|him|her|them|us|someone) to|says? to|saying|called|wrote|typed|said|who say|ban(?:ned)? for) (?:\w+ ){0,4}(?:kill|kys|die|hang|jump|end)|is (?:not (?:ok|okay|acceptable|funny)|unacceptable|bannable|against the rules|never ok\w*)|feather ?fall|featherfall|fly spell|hitting the brakes|over (?:this|it)\b)/;

/** A way to do it. */
const METHOD =
  /\b(?:how many (?:\w+ )?(?:pills?|tablets|paracetamol|tylenol|sleeping pills|mg|milligrams)\b[^.!?\n]{0,40}\b(?:die|kill|overdose|hang|fatal|lethal)|(?:how (?:do i|to|can i)|best way to|painless(?:ly)? (?:way|ways|method)?|easiest way to|ways to|methods? (?:of|to|for)) (?:\w+ ){0,3}(?:kill (?:my|your|one)sel\w*|commit suicide|suicide|hang (?:my|your|one)self|end my life|end it all|cut (?:my|your)self|overdose|self[- ]?harm)|(?:pro[- ]?ana|thinspo|hide (?:my|your|the) (?:cuts|scars|cutting)))\b/g;

/** Shown in a story: told of, done, and in detail. */
const SHOWN = anyOf(
  'suicid(?:e|al)|self[- ]?harm(?:ed|ing)?|(?:took|take|takes|taking|ended|ending|end) (?:his|her|their) own li(?:fe|ves)|(?:ended|ending) (?:his|her|their) life|(?:killed?|kills|killing|hanged|hangs|hung|drowned|drowns|shot|shoots|poisoned|cut|cuts) (?:himself|herself|themselves|myself)(?! (?:off|short|down|free|a |loose|in (?:the )?(?:foot|work)))|(?:threw|throws|flung|hurled) (?:himself|herself|myself) (?:off|from|over)|(?:jumped|leapt|stepped|jumps|leaps) (?:to (?:his|her) death|off the (?:ledge|bridge|tower|cliff) to)|(?:slit|slits|cut|cuts) (?:his|her|my) (?:own )?(?:wrists?|arms|veins)|overdosed?|noose (?:around|about) (?:his|her|my) own|fell on (?:his|her) own sword|wanted to die|kill (?:yourself|myself)|end my life',
);
const DETAIL = anyOf(
  '(?:open(?:ed|s|ing)?|slic(?:ed|es|ing|e)|carv(?:ed|es|ing|e)|slash(?:ed|es|ing)?|slit(?:s|ting)?|cut(?:s|ting)?|drew (?:the|a) [a-z]+ (?:across|along|down|over)|ran (?:the|a) [a-z]+ (?:across|along|down|over)) (?:up |open |into |along |across |at )?(?:her|his|my|their|both|both her|both his) (?:own )?(?:wrists?|veins?|forearms?|inner arms?|arms lengthwise|thighs? in rows)|lengthwise[^.!?\\n]{0,40}(?:wrists?|veins?|arm)|(?:wrists?|veins?|arm)[^.!?\\n]{0,40}lengthwise',
  '(?:razor|blade|knife)[^.!?\\n]{0,40}(?:wrists?|forearm|veins?|her arm|his arm)|(?:slit|cut)[^.!?\\n]{0,20}wrists?[^.!?\\n]{0,60}(?:deeper|blood|vein)|(?:counted|swallow\\w*|took|emptied)[^.!?\\n]{0,60}(?:pills|tablets)[^.!?\\n]{0,80}(?:handful|die|sleep|bottle|swallow\\w*|end|vodka)|handful of pills',
);
const HANGING = anyOf(
  '(?:tied|knotted|tightened|looped)[^.!?\\n]{0,30}(?:noose|rope)[^.!?\\n]{0,60}(?:beam|rafter|neck|chair|stool)|kicked (?:away )?the (?:chair|stool)',
);

/** Disclosure, urging, and self-harm as a story shows it. */
export const selfHarmFindings: Detector = (views, request) => {
  const isStory = !['talk', 'name', 'title'].includes(request.channel);
  return [
    ...speechOf(views, request).flatMap((sentence) => [
      ...disclosure(views, sentence),
      ...urging(views, sentence),
      ...method(views, sentence),
    ]),
    ...(isStory ? depiction(views) : []),
  ];
};

function disclosure(views: TextViews, sentence: Sentence): Finding[] {
  const pieces = piecesOf(sentence.text, DISCLOSURE, sentence.start).filter(
    (piece) => !isInQuotes(views, piece),
  );
  if (pieces.length === 0 || isFigurative(sentence)) return [];
  const isOwn = sentence.isReal || sentence.hasReality;
  const id = isOwn ? 'self-harm.disclosure' : 'self-harm.first-person';
  return findingAt(views, pieces, { id, harm: 'self_harm', severity: isOwn ? 3 : 2, label: 'self_harm' });
}

/** Whether a text only plays with such words. */
export function isFigureOfSpeech(folded: string): boolean {
  return FIGURATIVE.test(folded);
}

function isFigurative(sentence: Sentence): boolean {
  return (
    FIGURATIVE.test(sentence.text) ||
    (!sentence.isEarnest && (NOT_MEANT.test(sentence.text) || sentence.isJoke))
  );
}

function urging(views: TextViews, sentence: Sentence): Finding[] {
  const pieces = piecesOf(sentence.text, URGING, sentence.start);
  if (pieces.length === 0 || NOT_URGING.test(sentence.text)) return [];
  const isAtPerson = pieces.some((piece) => isAimed(sentence, isInQuotes(views, piece), piece));
  if (isAtPerson)
    return findingAt(views, pieces, {
      id: 'self-harm.urging',
      harm: 'self_harm',
      severity: 4,
      label: 'self_harm',
    });
  return findingAt(views, pieces, {
    id: 'self-harm.told',
    harm: 'self_harm',
    severity: 2,
    label: 'self_harm',
  });
}

/** At a person: real speech outside quotes, or a name of the table, or the chat's own short form outside dialogue. */
function isAimed(sentence: Sentence, isQuoted: boolean, piece: Piece): boolean {
  if (sentence.namesPlayer || sentence.hasReality) return true;
  if (isQuoted || sentence.namesCast) return false;
  return sentence.isReal || /^k ?y ?s/.test(piece.text);
}

function method(views: TextViews, sentence: Sentence): Finding[] {
  const pieces = piecesOf(sentence.text, METHOD, sentence.start);
  const isOwn = /\b(?:i|my|myself|me)\b/.test(sentence.text) && sentence.isReal;
  return findingAt(views, pieces, {
    id: isOwn ? 'self-harm.disclosure.method' : 'self-harm.method',
    harm: 'self_harm',
    severity: 4,
    label: 'self_harm',
  });
}

function depiction(views: TextViews): Finding[] {
  const shown = piecesOf(views.folded, SHOWN);
  const isOwn = shown.length > 0 || /\b(?:her|his|my) own\b|\bherself\b|\bhimself\b/.test(views.folded);
  const detail = [...piecesOf(views.folded, DETAIL), ...(isOwn ? piecesOf(views.folded, HANGING) : [])];
  const what = { harm: 'self_harm', label: 'self_harm' } as const;
  if (detail.length > 0)
    return findingAt(views, [...detail, ...shown], { id: 'self-harm.detail', severity: 3, ...what });
  return findingAt(views, shown, { id: 'self-harm.shown', severity: 2, ...what });
}
