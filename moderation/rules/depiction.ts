import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';

// How graphic violence and sex are, whoever shows them: severities that ratings are laid over.

const BLOOD = anyOf(
  '(?:pools?|sprays?|fountains?|rivers?|streams?|spurts?|gouts?|jets?|arcs?) of (?:\\w+ )?blood|blood (?:\\w+ )?(?:spray|spurt|gush|pour|pool|splatter|spatter|drip|run|ran|stream|fountain|soak|bubbl|well)(?:s|ed|ing|led|ling)?|blood-?(?:soaked|drenched|spattered|slick)|(?:soaked|drenched|covered|slick|bathed|splattered|spattered) (?:in|with) (?:\\w+ )?blood|coughed (?:up )?blood|spat blood',
  "(?:be)?headed (?:him|her|them|the)|decapitat\\w+|(?:slit|cut|slash|slashed|opened|slits) (?:his|her|their|the [a-z]+'s) throat|(?:cut|chop|hack|lop|strike|struck|hew|hewed|sliced|took) (?:\\w+ )?off (?:his|her|their|its|the [a-z]+'s) (?:head|arms?|hands?|legs?|fingers?|ears?)|(?:run|ran) (?:him|her) through|stabbed (?:him|her|them) (?:again|over|repeatedly)|burned alive|burnt alive|beaten to death|strangled (?:him|her)|tortur(?:e[sd]?|ing)(?! (?:nobody|no one|logic|metaphor))",
);
const INJURY = anyOf(
  'severed (?:head|hand|arm|leg|limb|finger|ear|neck|artery|tongue)s?|impal\\w+|maggots?|rotting (?:flesh|corpses?|bodies)|(?:skull|ribs|bones?|spine|jaw|femur) (?:\\w+ )?(?:crushed|shattered|cracked|splintered|snapped|caved|split|collapsed)|(?:crushed|shattered|split|cracked|caved in) (?:his|her|the|its|their) (?:\\w+ )?(?:skull|ribs|spine|face|jaw)|gouged?|gouging|charred (?:flesh|skin|bodies|corpses?)|(?:ripped|tore|torn|tears|rips|hacked|sawed|chewed) (?:off )?(?:his|her|its|their|the) (?:\\w+ )?(?:arms?|legs?|limbs?|heads?|throat|flesh|tongue|ears?|fingers?|jaw|face)(?: off| out| away)?|mutilat\\w+|scalped|burning flesh|melting (?:flesh|skin|face)|flesh (?:\\w+ )?(?:tore|ripped|peeled|melted|sloughed|burned|bubbled|parted)|gaping wound|blood and bone|bone (?:jutted|protruded|poked|splinter\\w*)|fingernails? (?:\\w+ )?(?:pulled|ripped|torn|off|out)|teeth (?:\\w+ )?(?:pulled|ripped|smashed) out|crucif\\w+|drawn and quartered',
);
const GORE = anyOf(
  '(?:(?:his|her|their|the) brains(?= (?:from|on|onto|over|out|off|all)|[.,])|brains) (?:from|out of|onto|over|all over) (?:the|his|her)|entrails|intestines?|bowels|viscera|disembowel\\w*|eviscerat\\w+|(?:his|her|its|their|the|spilled|steaming|hot) guts|guts (?:\\w+ )?(?:spill|slid|fell|out|poured|hung|burst)\\w*|brains? (?:\\w+ )?(?:splatter|spatter|spill|ooz|leak|burst|matter|spray)\\w*|brain matter|(?:gr[ea]y|bits of|pieces of|chunks of) brains?|skull (?:burst|exploded)|dismember\\w*|eyeballs?|eye sockets?|(?:eye|eyes) (?:\\w+ )?(?:popped|burst|gouged|dangled|hung|out of)|gouged? out (?:his|her|their|its)|flay(?:ed|s|ing)?|skinn(?:ed|ing) (?:him|her|them|alive)|(?:peel(?:ed|s|ing)?|stripp?(?:ed|ing)?) (?:back |off |away )?(?:the |his |her |its )?(?:skin|flesh)|(?:skin|flesh) (?:\\w+ )?(?:peeled|flayed) (?:off|away|back|from)|saw(?:ed|ing|n|s)? through (?:\\w+ )?(?:bone|flesh|neck|leg|arm|tendon)|chunks? of (?:\\w+ )?(?:flesh|meat|brain|bone|skull)|ribs? (?:\\w+ )?(?:pried|cracked|torn|pulled) (?:open|apart)|organs (?:\\w+ )?(?:spill|slid|fell|out|hung)\\w*|gore|gory|guts and (?:brains|blood|gore)|ropes of (?:\\w+ )?(?:gut|bowels?|intestines?)|ground (?:his|her) (?:bones|face)|(?:heart|lungs?|liver|spine|tongue) (?:\\w+ )?(?:torn|ripped|cut|carved|pulled) (?:from|out)|(?:tore|ripped|cut|carved|pulled) (?:out )?(?:his|her|the|its|their) (?:still[- ]beating |beating )?(?:heart|lungs|liver|spine|tongue|eyes?)|cannibal\\w*|ate (?:his|her) (?:flesh|heart|face)|blood and (?:guts|brains)|gurgl(?:ed|ing) (?:\\w+ )?blood',
);
const CRUELTY =
  /\b(?:slowly|inch by inch|one by one|for hours|begg(?:ed|ing)|screams?|screamed|screaming|savou?red|enjoyed|laughed|relished|still alive|alive|conscious)\b/;

const SENSUAL = [
  anyOf(
    'naked|nude|undress\\w*|disrob\\w+|bare (?:breasts?|skin|chest|thighs?|bod(?:y|ies)|flesh)|unlac(?:ed|ing)|unbutton\\w*|took off (?:all )?(?:her|his) clothes|slipped out of (?:her|his)',
  ),
  anyOf(
    'caress\\w*|strok(?:ed|es|ing) (?:her|his)|hands? (?:roam|wander|slid|explor)\\w*|ran (?:his|her) (?:hands|fingers) (?:over|down|along|up)|pressed (?:her|his) bod(?:y|ies)|bodies (?:pressed|entwined|tangled|moved)',
  ),
  anyOf(
    'lust\\w*|seduc\\w+|arous\\w+|passion(?:ate(?:ly)?)?|desire[ds]?|ecstasy|moan\\w*|sensual\\w*|hungrily|breathless',
  ),
  anyOf('breasts|thighs|buttocks|hips|cleavage|bosom|crotch|groin|panties|lingerie'),
  anyOf(
    'bed(?:chamber|room)?|sheets|(?:kissed|kissing) (?:her|his) (?:neck|throat|shoulder|collarbone|breasts?|thighs?|stomach|belly)',
  ),
];
const SEX = anyOf(
  '(?<!opposite |same |fairer )(?<!same-)(?:have|has|had|having|want|wants|about|for|the|casual|rough|wild|hot|kinky|oral|anal|gay|group|steamy|explicit|graphic) sex(?! (?:ed|of))|sex(?: scenes?|ual(?:ly)? (?:explicit|acts?|scenes?|encounters?|content|roleplay|intercourse|positions?)|y times?| slaves?| toys?| with)|made love|making love|make love|lovemaking|erotic\\w*|porn\\w*|smut\\w*|nsfw|hentai|erp|orgy|orgies|threesomes?|foreplay|strip(?:tease|ped) (?:her|him) naked|naked bod(?:y|ies)|naked together|slept together|spent the night (?:tangled|in each)|virginity|intercourse|horny|kinky|fetish\\w*|dominatrix|bdsm|steamy (?:scene|night|love)|sleep with (?:him|her|me|you)|consummat\\w+|bedded (?:him|her)|writhed? (?:beneath|under|against)',
);
const EXPLICIT = anyOf(
  '(?:took|takes|taking) (?:him|her|it|his length) (?:in|into|deep in) (?:her|his) (?:mouth|throat)|(?:they|we|he|she|i|you) (?:\\w+ )?fucked(?= (?:on|in|until|all|like|again|for|hard)|[.,]|$)|(?:entered|enters) (?:her|him)(?=$|[.,;!]| (?:from|slowly|with|again|roughly))|arched (?:against|into) (?:his|her) (?:fingers|hand|mouth|touch)',
  '(?:his|her|my|your|their|hard|thick|throbbing|erect) (?:[a-z]+ ){0,2}(?:cock|dick|penis|pussy|cunt|clit|shaft|manhood|member|nipples?|erection|vagina)s?|nipples?|clit(?:oris)?|blow ?jobs?|hand ?jobs?|fellatio|cunnilingus|penetrat(?:e[sd]?|ing) (?:her|him|me)|thrust(?:s|ing|ed)? (?:into|inside|deep(?:er)?|in and out|harder)(?= (?:her|him|me|inside|and)|[.,!]|$)|thrust(?:s|ing)? (?:into|inside) (?:her|him|me)|fuck(?:s|ed|ing)? (?:her|him|me|his|each other|like|hard|the (?:king|queen|elf|girl|barmaid|wizard|knight|captain|pirate|vampire))|(?:to|and) fuck (?:her|him|me|the|a)|orgasm\\w*|climaxed|cumm?(?:s|ing|med)?|came inside|came (?:hard|deep) |ejaculat\\w+|masturbat\\w*|rode (?:his|him) (?:hard|cock|until)|sucked (?:him|his|her)(?: off)?|licked (?:her|his) (?:[a-z]+ )?(?:pussy|clit|cock|nipples?|thighs)|fingers? (?:\\w+ )?(?:inside|into) (?:her|him)|(?:tongue|head|hand|fingers|mouth) (?:\\w+ )?between (?:her|his) (?:thighs|legs)|wet (?:folds|heat|slit)|spread (?:her|his) legs|gangbang|deepthroat\\w*|anal|dildo|grop(?:es|ed|ing) (?:her|his)|sex in every position|moan(?:ed|s|ing) (?:louder|his name|her name) (?:as|while)',
);
const FORCED = anyOf(
  'rap(?:e|ed|es|ing)|forced (?:himself|herself) (?:on|upon|into)|molest\\w*|bestiality|incest\\w*|non-?con|sexual(?:ly)? (?:assault|abuse|violat)\\w*|gang-?rap\\w+',
);

/** Whoever cares for a child or a patient undresses them too. */
const CARE = /\b(?:mother|nurse|healer|doctor|physician|midwife|bath(?:ed|ing)?|fever|wounds?|bandag\w+)\b/;
/** Spoken of to keep it away. */
const REFUSED =
  /\b(?:no|not|never|avoid|without|against|ban|banned|forbid|skip|don't want|do not want|lines?:?|veils?:?)\b[^.!?\n]{0,30}\b(?:sex\w*|rape|incest\w*|erotic\w*|nsfw|porn\w*|erp)\b/g;

/** Violence and sex as they are shown, by how graphic they are. */
export const depictionFindings: Detector = (views) => [...violence(views), ...sex(views)];

/** Whether sexual content is spoken of to keep it away. */
export function isRefusal(folded: string): boolean {
  return folded.search(REFUSED) >= 0;
}

function violence(views: TextViews): Finding[] {
  const gore = piecesOf(views.folded, GORE);
  const injury = piecesOf(views.folded, INJURY);
  const blood = piecesOf(views.folded, BLOOD);
  const kinds = new Set([...gore, ...injury].map(({ text }) => text)).size;
  const isCruel = kinds >= 2 && gore.length > 0 && CRUELTY.test(views.folded);
  const most = gore.length > 0 ? 3 : injury.length > 0 ? 2 : 1;
  const severity = isCruel || kinds >= 4 ? 4 : kinds >= 2 ? Math.max(3, most) : most;
  return found(views, [...gore, ...injury, ...blood], `violence.${severity}`, { harm: 'violence', severity });
}

function sex(views: TextViews): Finding[] {
  const explicit = piecesOf(views.folded, EXPLICIT);
  const wanted = views.folded.replace(REFUSED, (match) => ' '.repeat(match.length));
  const plain = piecesOf(wanted, SEX);
  const forced = piecesOf(wanted, FORCED);
  const sensual = SENSUAL.map((kind) => piecesOf(views.folded, kind)).filter((kind) => kind.length > 0);
  if (explicit.length > 0) {
    const severity = forced.length > 0 ? 4 : 3;
    return found(views, [...explicit, ...forced], `sexual.${severity}`, { harm: 'sexual', severity });
  }
  if (plain.length > 0 || forced.length > 0 || sensual.length >= 4) {
    const isAsked =
      /\b(?:explicit|graphic|detail(?:ed)?|describe|porn\w*|hentai|erp|smut\w*|nsfw|every position)\b/.test(
        views.folded,
      );
    const severity = isAsked && plain.length > 0 ? 3 : 2;
    return found(views, [...plain, ...forced, ...sensual.flat()], `sexual.${severity}`, {
      harm: 'sexual',
      severity,
    });
  }
  if (sensual.length < 2 || CARE.test(views.folded)) return [];
  const severity = sensual.length >= 3 ? 2 : 1;
  return found(views, sensual.flat(), `sexual.${severity}`, { harm: 'sexual', severity });
}

function found(
  views: TextViews,
  pieces: readonly Piece[],
  id: string,
  what: Pick<Finding, 'harm' | 'severity'>,
): Finding[] {
  return findingAt(views, pieces, { id, label: what.harm, ...what });
}
