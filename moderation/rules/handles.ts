import type { Detector } from '../findings.ts';
import { findingAt } from '../text/matching.ts';

// What only a name can do wrong: to pass for who runs the place, to honour a mass murderer, or to say aloud what it
// does not spell.

/** Who is to be trusted by their title alone; a part of a name is fine, the whole of it is not. */
const STAFF =
  /^(?:the |official |head |chief |super |server |site |system |game |global |taleloom |chat |community )*(?:admins?|administrators?|mods?|moderators?|moderation(?: team)?|staff|support(?: team)?|help ?desk|operators?|system|root|sysadmin|superuser|owner|developers?|dev team|security(?: team)?|trust and safety|safety team|narrator|taleloom|game master|gm|dm|bot|server|host)(?: (?:team|official|bot|account|staff|here|support|\d+))*$/;
const STAFF_PART =
  /\b(?:official (?:admin|moderator|support|staff)|(?:server|site|system|taleloom) (?:admin|moderator|administrator|support|staff|owner)|(?:admin|moderator) (?:team|official|account))\b/;
const TYRANTS =
  /\b(?:adolf(?: hitler)?|hitler|himmler|goebbels|mengele|eichmann|heydrich|anders breivik|breivik|dylann roof|brenton tarrant|tarrant|osama bin laden|bin laden|pol pot|jeffrey epstein|epstein island|ted bundy|jimmy savile|savile|josef fritzl|fritzl|unabomber|timothy mcveigh|isis|al ?qaeda|kkk|ku klux klan|waffen ss|third reich|gestapo|führer|fuhrer|fuehrer|heil|sieg|1488|88 heil|h[i1]tl[e3]r)\b/;
/** Murder as a name; the creatures of games are fair game. */
const SLAYER =
  /\b(?:kill|gas|lynch|burn|hang|rape|exterminate|deport|shoot|hate) (?:all|every|the|those|them) (?!goblins?|orcs?|zombies|monsters|dragons?|demons|vampires|trolls|undead|bosses|time|lights?|noise|king|lich|messenger|witch)[a-z]+/;
/** Read aloud they are something else. Letters only. */
const PUNS = new Set(
  'mikehunt mikehawk mikehock mikeoxlong mikeoxbig mikeoxmaul mikehoxlong hughjass hughjarse hughjanus hughjorgan hughjazz bendover benderover philmccracken philmccrackin phillmccrackin jackmehoff jackmeoff jackinoff dixienormous dixinormous dixiewrecked dixienormus seymourbutts seemorebutts seymourbutz seymourass moelester mollester chesterthemolester barrymccockiner barrymccockinner barrymcockiner amandahugginkiss amandahuggenkiss anitadick anitahardcock harryballs harrybaals harrysachs hairyballs dickhurtz dickhertz dickhead dickrash dickinyou ivanatinkle ivanafuck ivanahumpalot patmigroyn peterfile pedrofile pettifile petefile willyfistergash wilmafingerdoo wilmadickfit craventhecock hollymcgroin tessticle tessticles testicles jennytalia jenitalia jennatalia oliverklosoff heywoodjablome haywoodjablowme heywoodjablowme haywoodjablome ophelianutz opheliaballs maiassrash eileendover eileenulick eatmahdik sukmadik suckmadick suckondeez deeznuts deeznutz ligma sugma sugondese bofadeez dragondeez dragonmaballs yuriprick gabeitch lesbihonest cumingtonite drillherwell rodgerhard bigdick longdong longdongsilver munchma munchmuhquchi myass connielingus cunnylingus connielinguss feltersnatch lickalottapuss alottafagina pussygalore kuntalini cuntis pennistill pennytration nickgurr nickgurrs nickgur nickger nigelgur nickhurr nickhertz'.split(
    ' ',
  ),
);
/** Names of people, and titles, that pretend, honour or pun. */
export const handleFindings: Detector = (views, request) => {
  if (request.channel !== 'name' && request.channel !== 'title') return [];
  const words = views.folded.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const whole = [{ start: 0, end: views.folded.length }];
  const isName = request.channel === 'name';
  if (isName && (STAFF.test(words) || STAFF_PART.test(words)))
    return findingAt(views, whole, { id: 'name.staff', harm: 'real_person', severity: 2, label: 'staff' });
  if (isName && TYRANTS.test(words))
    return findingAt(views, whole, { id: 'name.tyrant', harm: 'hate', severity: 2, label: 'hate' });
  if (isName && SLAYER.test(words))
    return findingAt(views, whole, { id: 'name.murder', harm: 'hate', severity: 2, label: 'hate' });
  if (PUNS.has(words.replaceAll(' ', '')))
    return findingAt(views, whole, { id: 'name.pun', harm: 'sexual', severity: 2, label: 'sexual' });
  return [];
};
