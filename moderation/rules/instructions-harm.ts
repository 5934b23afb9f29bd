import type { Detector } from '../findings.ts';
import { anyOf, findingAt, piecesOf } from '../text/matching.ts';

const GOODS =
  '(?:pipe ?bombs?|nail bombs?|car bombs?|dirty bombs?|bombs?|explosives?|explosive devices?|ieds?|detonators?|grenades?|molotovs?(?: cocktails?)?|napalm|thermite|nitroglycerin|tnt|c-?4|semtex|gunpowder bomb|meth|methamphetamine|crystal meth|crack(?: cocaine)?|cocaine|heroin|fentanyl|mdma|ecstasy|lsd|ghb|chloroform|date[- ]rape drugs?|roofies|krokodil|ricin|sarin|vx|nerve (?:agent|gas)|mustard gas|chlorine gas|phosgene|poison gas|tear gas|cyanide|anthrax|botulinum(?: toxin)?|bio-?weapons?|chemical weapons?|biological weapons?|ghost guns?|untraceable guns?|3d[- ]printed (?:guns?|pistols?)|silencers?|suppressors?|full(?:y)?[- ]auto(?:matic)?|ransomware|malware|keyloggers?|computer virus(?:es)?|botnets?|phishing (?:sites?|pages?|emails?|kits?)|card skimmers?|counterfeit (?:money|bills)|fake (?:ids?|passports?))';
const GOODS_WORDS = anyOf(GOODS);
const MAKE =
  '(?:make|making|build|building|cook|cooking|synthesi[sz]e|synthesi[sz]ing|synthesis of|produce|producing|assemble|assembling|manufacture|manufacturing|brew|extract|extracting|prepare|preparing|create|creating|construct|constructing|mix|mixing|purify|isolate|get|obtain|buy|smuggle|print|write|deploy|weaponi[sz]e)';
const ASKS =
  /\bhow (?:do|does|to|can|could|would|should|did|one|exactly|he|she|they|i|you|we|a person)\b|\bstep[- ]by[- ]step\b|\bsteps?\b|\brecipes?\b|\binstructions?\b|\bingredients?\b|\btutorial\b|\bguide\b|\bteach (?:me|us)\b|\btell (?:me|us) (?:how|what)\b|\bexplain\b|\bin detail\b|\bexact(?:ly)?\b|\bat home\b|\bhome-?made\b|\bneed(?:ed)? to\b|\bwhat (?:chemicals|do i need|materials)\b/;
const AMOUNT =
  /\b\d+(?:[.,]\d+)? ?(?:g|mg|kg|grams?|milligrams?|kilos?|ml|l|lit(?:er|re)s?|oz|ounces?|cups?|tablespoons?|tbsp|teaspoons?|tsp|pounds?|lbs?|parts?|percent|%|degrees|minutes|hours|volts)\b|\b\d+ ?(?:°|%)/g;
const CHEMICAL = anyOf(
  'ammonium nitrate|potassium (?:nitrate|chlorate|permanganate|cyanide)|sodium (?:cyanide|azide|chlorate|hydroxide)|hydrogen peroxide|nitric acid|sulph?uric acid|hydrochloric acid|acetone(?: peroxide)?|tatp|hmtd|petn|rdx|pseudoephedrine|ephedrine|red phosphorus|iodine crystals|lithium (?:strips|batter\\w+)|anhydrous ammonia|lye|fuel oil|diesel|gasoline|petrol|styrofoam|alumini?um powder|iron oxide|castor (?:beans?|seeds?)|bleach|ammonia|drain cleaner|nitromethane|glycerine?|black powder|gunpowder|saltpet(?:er|re)|sulph?ur|charcoal powder|methylamine|safrole|ergot(?:amine)?|acetic anhydride|organophosphates?|apple seeds|rosary peas?|digitalis|antifreeze|ball bearings|blasting caps?|pvc pipe|steel pipe|fuse wire|egg timer',
);
const PROCEED =
  /\b(?:mix(?:ed|ing)?|add(?:ed|ing)?|combine[sd]?|heat(?:ed|ing)?|stir(?:red)?|dissolve[sd]?|filter(?:ed)?|pack(?:ed)?|pour(?:ed)?|distil\w*|evaporate[sd]?|crystalli[sz]\w+|soak(?:ed)?|grind|ground|boil(?:ed)?|wire[sd]?|attach(?:ed)?|drill(?:ed)?|seal(?:ed)?|cook(?:ed|ing)?|react(?:ed)?|ignite[sd]?|first|then|finally|step \d)\b/g;
const OTHER = anyOf(
  'how (?:much|many) (?:[a-z]+ ){0,3}?(?:poison|arsenic|antifreeze|insulin|cyanide|bleach|eye ?drops|thallium|strychnine|nicotine|digoxin|potassium|fentanyl|morphine|sleeping (?:pills|tablets))\\b[^.!?\\n]{0,60}\\b(?:kill|notice[sd]?|taste[sd]?|tea|drink|food|coffee|soup|him|her|someone|man|woman|person|wife|husband|boss|detect\\w*|traced?)',
  '(?:auto ?sear|lightning link|solvent trap|drop-?in sear|glock switch|80 ?% lower|third pin hole)[^.!?\\n]{0,120}\\b(?:full|rifle|gun|auto|baffles?|suppressor|drill\\w*|fit|mill)',
  "(?:where (?:can|do|could|to)|what is the|how (?:do|can|to|would|could|should)|best way|ways|teach me|steps|instructions|guide)[^.!?\\n]{0,40}(?:(?:eat|drink|swallow) (?:rat )?poison|(?:stab|strangle|choke|hurt|attack|suffocate|drown) (?:someone|somebody|a person|people|my (?:wife|husband|boss|roommate|neighbou?r|ex))|(?:get|buy) (?:a |an )?(?:guns?|firearm|weapon)s? (?:without|illegally)|poison (?:someone|somebody|my|a person|people|the water|him|her)|kill (?:someone|somebody|my (?:wife|husband|boss|neighbou?r|parents|roommate)|a person|people) (?:without|and get away|undetected|irl)?|get away with murder|dispose of a (?:body|corpse)|hide a (?:body|corpse)|hack (?:into )?(?:someone|somebody|my|his|her|a (?:bank|phone|facebook|instagram|account|school|hospital))[a-z' ]*|steal (?:a car|credit cards?|someone's identity|identities)|hot-?wire a|make (?:someone|her|him|a girl) (?:pass out|unconscious)|drug (?:someone|a girl|her|him|somebody)|shoot up (?:a|my) school|buy (?:a gun|guns|weapons|drugs) (?:without|illegally|on the)|bypass (?:a )?background check|stalk (?:someone|her|him|my)|track (?:someone|her|him)'?s? (?:phone|location)|launder money|evade the police|kidnap (?:someone|a|my|her|him))",
);
/** Bombs that go off in no street, and workshops of fiction. */
const HARMLESS =
  /\b(?:bath|cherry|photo|smoke|stink|seed|glitter|f|truth|love|logic|zip|time|yarn|hot chocolate|cocoa|jager|snow|paint|dung|dye) ?-?bombs?\b|\bphotobomb\w*|\bbombs? (?:cake|dessert|emoji|disposal|squad|shelter)\b|\bcrack (?:a|an|the|open|my|this|your|his|her|eggs?|jokes?|team|addict)\b|\bsuppressor (?:gene|cell)|\b(?:among us|gta|hitman|clue|cluedo|werewolf game|video ?games?|sims|rimworld|elden ring|dark souls|crusader kings|d&d|dnd|minecraft|fallout|terraria|factorio|stardew|dwarf fortress|baldur's gate|skyrim|gloomhaven|catan)\b|\bhistory of\b|\bdiscovered\b|\b(?:potions?|elixirs?|alchem\w+|mandrake|dragon(?:'s)? (?:blood|fire|bile|scale)|unicorn\w*|moonlight|wyvern\w*|basilisk|phoenix|troll (?:sweat|blood)|mana|runes?|goblin (?:bomb|fire)|fire ?bombs? spell|artificer|dm|saving throw|d6|proficiency)\b/;
/** Told to be prevented or recognised. */
const SAFE =
  /\b(?:prevent|avoid|detect|recogni[sz]e|protect|defend|remove|survive|antidote|first aid|safely dispose|stop|never mix|don't mix|do not mix|should not be mixed|dangerous to mix|disarm|defuse|against)\b/;

/** Something that is made, or how to make it. */
const MAKING = new RegExp(
  `\\b${MAKE}\\b[^.!?\\n]{0,50}?\\b${GOODS}\\b|\\b${GOODS}\\b[^.!?\\n]{0,20}\\b(?:recipe|synthesis|instructions|tutorial)\\b|\\b(?:recipe|instructions|ingredients|formula|steps) (?:for|of|to)\\b[^.!?\\n]{0,30}\\b${GOODS}\\b`,
  'g',
);

/** Real instructions for doing harm: what is made, and how, with amounts, steps or real chemicals. */
export const instructionsFindings: Detector = (views) => {
  const { folded } = views;
  const goods = piecesOf(folded, GOODS_WORDS);
  const made = piecesOf(folded, MAKING);
  const chemicals = piecesOf(folded, CHEMICAL);
  const kinds = new Set(chemicals.map(({ text }) => text)).size;
  const amounts = piecesOf(folded, AMOUNT).length;
  const steps = piecesOf(folded, PROCEED).length;
  const isHarmless =
    HARMLESS.test(folded) && kinds < 2 && !/\breal\b|\bexact (?:measures|amounts|quantities)\b/.test(folded);
  const what = { harm: 'instructions_harm', label: 'instructions' } as const;
  const other = piecesOf(folded, OTHER);
  if (!isHarmless && !SAFE.test(folded)) {
    const asked = made.length > 0 && (ASKS.test(folded) || amounts > 0 || kinds >= 1);
    if (asked)
      return findingAt(views, [...made, ...chemicals], { id: 'instructions.goods', severity: 3, ...what });
    const told = kinds >= 2 && steps >= 2 && (amounts >= 1 || goods.length > 0);
    if (told) return findingAt(views, chemicals, { id: 'instructions.recipe', severity: 3, ...what });
  }
  return isHarmless || SAFE.test(folded)
    ? []
    : findingAt(views, other, { id: 'instructions.deed', severity: 3, ...what });
};
