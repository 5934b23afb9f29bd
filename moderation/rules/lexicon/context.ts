// What the severity list does not know: which of its words are innocent in stories, which need a look at what stands
// around them, and which are slurs at a group. Lists are parted by blanks. They offend; read them with tools.

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Words of the list that mean something else nearly always, in a story at least. */
export const INNOCENT = words(
  'fu doosh sheet sheets crow crows snatch sack suck sucks finger fingers forked peter hustler swine knickers nuggets buttermilk ' +
    'bates bater bbc bwc fook fick feck fack spanking spook spooks mongrel bender flamer flamers hoar hoe hoes slit coot ' +
    'cooter nip greaser abbie aboe cholo sambo dong ramrod wang peen booty jigger nicker gyp klan chinky puss tramp ' +
    'bondage breasts hooters cack caca twink azz coons forky shet shat spunk nonce gowl hag jap slag knob groper peter ' +
    'palms sob sobs monkey pecker muff breast jerk scut cajones pancake coolie redskin injun shylock abeed tadger ' +
    'cooties dipstick dolt diddle crotch hustlers bugger scummy feg fecker fugger caaak coonie spig pusses nobs knobs cox ' +
    'jewboy dix diks cawk sheister bishes biches nicka nickas negga bangbros bean nig fooker focker peener niccer jiggs',
);

/** Slurs at a group; whatever else the list says of them. The beginning of a word, or a word of a phrase. */
export const GROUP_SLUR =
  /(?:^| )(?:fag|phag|dyke|tran+(?:y|ies)|sh[e]?male|she male|homo|queers|queeras|lesbo|lady ?bo[iy]|gayl?ord|gaysian|gay ass|gay bitch|gay fuck|gaytard|retard|fucktard|mongol|slant|beaner|batty boy|arse bandit|bum bandit|butt pirate|carpet ?munch|fudge ?pack|pillow bit)/;
/** Told of sex as such, and hardly ever a mere swear word. */
export const SEXUAL_WORD =
  /(?:^| )(?:anal|analplug|anilingus|analingus|blow ?job|bukkake|cum|cumming|cunnilingus|creampie|dild|doggy|ejaculat|fellat|finger ?(?:bang|fuck)|fisting|gang ?bang|hand ?job|hard ?core sex|jizz|masturbat|milf|orgasm|oral se|penis|porn|rim ?job|sixty nine|sperm|strap ?on|tits|titties|upskirt|vagin|vulva|clit|boner|boobs|erect|nutsack|camel ?toe|deep ?throat|face fuck|tongue fuck|reacharound|rectum|anus|schlong|nympho|man (?:meat|seed|chowder)|jerk(?:ing|s)? off|jack(?:ing)? off|beat (?:my|your|the) meat|whack off)/;
/** Swear words that stand for anger and not for what they name. */
export const SWEAR =
  /f[u@v]c?k|fuk|fck|fcuk|phuk|phuc|shit|sh1t|cunt|twat|wank|arse|asshole|mofo|bitch|bastard/;

/** A word that is excused by what stands right before or behind it in the folded text. */
export interface Excuse {
  before?: RegExp;
  behind?: RegExp;
}

const DOG: Excuse = {
  before: /(?:hunting|hound|wolf|dog|brood|greyhound|mastiff|terrier|sled|lead) $/,
  behind: /^ (?:and her (?:pups|puppies|whelps)|wolf|hound|dog)/,
};
const BORN: Excuse = {
  before: /(?:king'?s|lord'?s|duke'?s|royal|noble) $/,
  behind:
    /^ (?:swords?|sons?|child|children|daughters?|princes?|kings?|blades?|files?|lines?|brothers?|line|of (?:the |a |lord |king |duke )[a-z]+)/,
};
const WOOD: Excuse = {
  before: /(?:burning|dry|tied|lit|wooden|gather(?:ed|ing)?|bundle of|armful of|cut|chopped) $/,
  behind:
    /^,? (?:of (?:wood|sticks|twigs|brush|brushwood|thorns|kindling|herbs|straw|furze)|for (?:the|a|his|her) (?:fire|hearth|stake|oven)|to burn|on (?:the|his|her) (?:fire|back|shoulder))/,
};
const DONKEY: Excuse = {
  before:
    /(?:ox (?:and|or|nor) (?:an |his |her )?|wild |jawbone of an |rode (?:on |upon )?(?:an|his|her|the) |mule or |horse or |saddled (?:the|his|an) |laden |stubborn as an )$/,
  behind:
    /^ (?:and (?:an |the )?(?:ox|mule|cart|foal|colt)|brayed|cart|driver|milk|foal|'s (?:ears|skin|head|milk|jaw))/,
};
const ROOSTER: Excuse = {
  before:
    /(?:weather|hen and|hens and|the|red|golden|white|black|old|fighting|dunghill|morning|proud|a|turkey|game|and) $/,
  behind:
    /^ (?:crow|crew|crowed|crowing|crows|fight|fighting|of the|a doodle|and (?:the )?hens?|his (?:head|pistol|gun|bow)|the (?:pistol|gun|hammer|bow)|an (?:ear|eyebrow)|your head|robin|sparrow|tail|feather|said|sat|flew)/,
};

/** Words that are excused where their surroundings say so. */
export const EXCUSES: Readonly<Record<string, Excuse>> = {
  faggot: WOOD,
  faggots: WOOD,
  fagot: WOOD,
  fag: { behind: /^ (?:end|packet|break|ash|butt)/ },
  fags: { before: /(?:packet of|smoked|pack of) $/ },
  bitch: DOG,
  bitches: DOG,
  bastard: BORN,
  bastards: BORN,
  ass: DONKEY,
  asses: { ...DONKEY, before: /(?:wild|the|two|laden|of|his|oxen and|horses and|mules and) $/ },
  cock: ROOSTER,
  cocks: ROOSTER,
  prick: {
    before: /(?:pin|needle|thorn|to|would|will|not) $/,
    behind: /^ (?:up|of|his|her|my|your|its|the|a|like)/,
  },
  pricks: { before: /(?:the|against the|pin|needle) $/, behind: /^ (?:up|his|her|my|your|its|the|of)/ },
  chink: { before: /(?:a|the|every|narrow|small|tiny|some) $/, behind: /^ (?:in|of|between|through|under)/ },
  coon: { behind: /^ (?:hound|dog|skin|cheese)/ },
  spic: { behind: /^ (?:and|n|&) span/ },
  spick: { behind: /^ (?:and|n|&) span/ },
  dyke: {
    before: /(?:the|sea|earth|old|stone|broken|grassy|a) $/,
    behind: /^ (?:broke|wall|held|gate|and (?:the )?ditch|of (?:earth|stone))/,
  },
  pussy: { behind: /^ (?:willow|cat|foot)/ },
  tits: { before: /(?:blue|great|coal|marsh) $/ },
  tart: {
    before:
      /(?:apple|cherry|lemon|jam|berry|custard|fruit|treacle|egg|plum|a|the|sweet|little|warm|of|was|too|bit) $/,
    behind: /^ (?:apple|cherry|berry|and|taste|wine|with|filled|from|on)/,
  },
  negro: { before: /(?:rio|monte|cerro|mar) $/ },
};

/** Slurs that nobody may see even for a moment: beginnings of words with no innocent sense. */
export const BANNED_STEM =
  /(?:^|[^s])nigg(?:er|a(?![r])|ah|uh|az|ress|let|3)|^(?:sand |timber )?nigger|^nignog|^nig nog|^kike|^kyke|^gook(?:s)?$|^wet ?backs?$|^ragheads?$|^towelhead|^jigg?aboo|^porch monkey|^rice monkey|^chingchong|^slanteye|^beaners?$|^dune coon|^cotton picker|^tar baby$|^spicfuck|^fagg(?!ot)|^gaytard|^camel jockey/;
