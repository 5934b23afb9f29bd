import type { Detector, Finding, TextViews } from '../findings.ts';
import { anyOf, findingAt, piecesOf, type Piece } from '../text/matching.ts';
import { isInQuotes, speechOf, type Sentence } from '../text/speech.ts';
import { deniesAttack } from './harassment.ts';

// Hostility without a word that is listed: whom a sentence addresses, and what kinds of ill will it shows. One sure
// kind is enough, or two that are not sure; a single one is a hint that counts together with the model's score.

const YOU = '(?:you|u|ya|yall|youse)';
const YOUR = '(?:your|ur|yer)';
const GAP = '[^.!?\\n]{0,30}?';
const ALL =
  '(?:everyone|everybody|every one of us|we(?: all)?|all of us|the others|the rest of us|the (?:whole|entire|rest of the) (?:group|table|server|party|chat)|half the (?:group|table|server)|they all|literally everyone)';
const NONE =
  '(?:nobody|no ?-?one|none of (?:us|them)|not one (?:of us|person)|not a single (?:person|one of us|soul)|not a soul)';

/** Each enough by itself. */
const SURE = anyOf(
  `(?:feel|felt|feeling) (?:so |really )?(?:sorry|bad) for (?:whoever|anyone|anybody|your (?:wife|husband|partner|kids|parents|girlfriend|boyfriend|family|neighbou?rs)|the (?:person|people|poor \\w+) (?:who|that))\\b[^.!?\\n]{0,30}|waste of (?:everyone'?s|everybody'?s|our|my|the (?:group|table)'?s|a) (?:[a-z]+ )?(?:time|evening|seat|space|slot|chair|night|breath|oxygen|energy|life|player)|(?:ignore|exclude|mute|freeze out|gang up on|bully|report|vote out|kick|shun|block) (?:him|her|them|that \\w+) (?:out |all |together )*(?:until|till|so (?:that )?|and maybe) (?:he|she|they)[a-z' ]{0,12} (?:leaves?|quits?|goes|gives? up|cries|gets? the (?:hint|message))|(?:ugly|horrible|awful|annoying|disgusting) (?:voice|face|accent|laugh|body|person)(?:,|$| and)(?<!the ugly (?:voice|face),)|roblox kid|go back to (?:roblox|fortnite|minecraft|kindergarten|primary school|the playground|candy crush|cod)|trained (?:monkey|seal|chimp)|(?:a|my) (?:monkey|chimp|dog|cat|hamster|toddler|potato|brick|coin flip|toaster) (?:would|could|can|makes?|plays?|writes?)\\b[^.!?\\n]{0,20}(?:better|smarter|more)`,
  `(?:${YOU}|${YOUR} [a-z]+) (?:just |always |really |literally )?(?:make|makes|making|made) (?:me|us|everyone|everybody|people) (?:[a-z]+ )?(?:ill|sick|puke|vomit|nauseous|gag|want to (?:leave|quit|cry|scream|puke|vomit|hurl|claw|throw up|log off))(?! (?:to hear|for joy|with laughter))`,
  `(?:think|thinks|thinking|thought|pretend\\w*|believe|as if|act like) (?:that )?(?:${YOU}|anyone|anybody|we)(?:'re| are)? (?:have|had|got|ever had|wants?|likes?|cares?|enjoys?|needs?|asked|(?:actually |even |really )?(?:good|funny|clever|smart|special|talented|welcome|wanted|part of)) ?(?:any |a |to |about )?(?:friends|chance|talent|skill|fans|hear|listen|read|play|your|you|u|here)?(?=$|[.,!?]| )(?<=\\b(?:friends|chance|talent|skill|fans|hear|listen|read|play|your|you|u|here|funny|clever|smart|special|talented|welcome|wanted))`,
  `${YOUR} (?:writing|story|posts?|prose|character|accent|voice|roleplay|rp|passages?|ideas?|jokes?|english|grammar|poems?|dialogue) (?:reads?|sounds?|looks?|smells?|is|are|was|feels?)(?: just| all)? like (?:[a-z']+ ){0,5}?(?:drunk|toddler|stroke|garbage|trash|shit|crap|vomit|sewage|puke|dumpster|keyboard|parrot|monkeys?|child|kid|chatbot|robot|corpse|dying|cat|dog|bad|car crash|wet|fever)`,
  `(?:met|seen|known|had|owned) (?:[a-z]+ ){0,3}?(?:furniture|bricks?|door ?knobs?|potato(?:es)?|rocks?|houseplants?|toasters?|goldfish|wallpaper|puddles?|vegetables|lampposts?|corpses?|dead people) (?:with|that|who|more|than)`,
  `(?:oh (?:great|look|no|god|joy|wonderful|good)|here (?:we go|comes?)|look who|another|yet another|${YOUR} resident|our resident|our very own|resident|our local|the local|village|the usual|professional|certified|world class|prize)\\b[^.!?\\n]{0,30}?\\b(?:idiot|moron|clown|loser|cretin|imbecile|simpleton|dunce|creep|weirdo|freak|whiner|crybaby|dumbass|buffoon|halfwit|waste of space|drama queen|attention seeker|failure|disaster|genius idea from)\\b(?! (?:ball|npc|king|prince))`,
  `${YOU} (?:should|better|ought to|need to|must) be (?:very |really )?(?:scared|afraid|frightened|terrified|worried|ashamed)(?: of (?:me|yourself|us)| when)?|(?:be|are you) (?:very )?(?:scared|afraid) (?:of me|yet)`,
  `(?:hope|pray|wish) (?:that )?(?:your|ur) (?:house|home|car|dog|cat|mum|mom|family|kids?|life|pc|flat|business|marriage)[a-z ]{0,24}(?:burns?|dies?|crash\\w*|rots?|floods?|falls? apart|collapses?|explodes?|gets?|leaves?|fails?)|put (?:you|u|him|her) out of (?:your|ur|our|his|her) misery|(?:opens?|opened|open) (?:your|ur) (?:mouth|trap|gob)\\b[^.!?\\n]{0,40}\\b(?:dumber|stupider|stupid|worse|dies?|lose|brain|iq|cringe|regret|crap|shit|garbage)|(?:every time|whenever|when|each time) ${YOU} (?:open|speak|talk|post|type|write|join|play)\\b[^.!?\\n]{0,40}\\b(?:dumber|worse|dies?|cringe|suffer\\w*|bleed|lose|regret|leave|sigh|groan|quit|puke|want to)`,
  `(?:give|tell|send|gimme|dm|drop|hand over|i (?:want|need)) (?:me |us )?(?:your|ur) (?:(?:full|real|home|actual|legal|exact|current) )*(?:name and (?:street|address|town|school)|address|street|postcode|zip code|home town|school)(?=$|[.,!?]| (?:or|now|and|i|so|then|already))|(?:sad|pathetic|miserable|lonely|empty|worthless) (?:little |lonely )?(?:person|man|woman|boy|girl|human|life|existence|excuse)(?=$|[.,!?]| (?:with|and|of|who))(?<!a (?:lonely|sad) (?:man|woman|boy|girl))|cry harder|(?:stay|keep) (?:mad|crying|coping)|with that face`,
  // Rejected by all.
  `${NONE} (?:[a-z']+ ){0,3}?(?:wants?|likes?|loves?|needs?|stands?|enjoys?|misses|miss|respects?|invited|missed|wanted|liked|trusts?|tolerates?) (?:to (?:play|be|talk|sit|write|game|hang out) (?:with|near|around|next to) )?${YOU}\\b(?! to\\b| here to)`,
  `${NONE} (?:[a-z']+ ){0,3}?(?:wants?|likes?|reads?|cares? about|cares? what|gives? (?:a|two) [a-z]+ about|asked for|needs?|enjoys?|laughs at|listens to) ${YOUR}`,
  `${ALL} (?:[a-z']+ ){0,4}?(?:hates?|dreads?|avoids?|muted|mutes?|blocked|despises?|loathes?|pit(?:y|ies)|tolerates?|puts? up with|ignores?|sick of|tired of|fed up with|embarrassed (?:by|for)|laugh(?:s|ing)? (?:at|about)|mak(?:e|es|ing) fun of|complain(?:s|ing)? about|talk(?:s|ing)? (?:shit )?about|roll(?:s|ing)? (?:our|their) eyes at|can't stand|cannot stand|cringes? (?:at|when)) (?:${YOU}|${YOUR})\\b`,
  `${ALL} (?:[a-z']+ ){0,3}?(?:sighs?|groans?|cheers?|cheered|leaves?|mutes?|cringes?|celebrates?|relieved|dreads? it|rolls? (?:our|their) eyes|goes quiet|dies? inside|stops? talking)[a-z' ]{0,12} (?:when(?:ever)?|the moment|as soon as|every time|once) ${YOU}\\b`,
  `${ALL} (?:[a-z']+ ){0,3}?(?:wish(?:es|ed)?|hope[sd]?|hoping|pray(?:s|ing)?|voted|agreed?|decided|thinks?|want(?:s|ed)?) (?:that )?${YOU} (?:[a-z']+ ){0,3}?(?:leave|quit|left|gone|go|out|kicked|shut|stop(?:ped)?|disappear|stay(?:ed)? (?:home|away)|should (?:go|leave))`,
  // Better before, or without.
  `(?:great|good|better|best|fun|happier|happy|fine|nicer?|peaceful|quiet|normal|perfect|enjoyable|laughing|friends|calm|lovely|decent|bearable)\\b${GAP}\\b(?:before|until|till|'til) ${YOU} (?:[a-z]+ )?(?:joined|came|showed|turned up|arrived|started|got here|opened|logged|walked|appeared|stuck|spoke|butted)`,
  `(?:better|happier|easier|nicer|funnier|calmer|more fun|so much fun|an? improvement|improve\\w*|relief|relieved|peace|enjoy\\w*|celebrat\\w*|paradise)\\b${GAP}\\b(?:without (?:${YOU}|${YOUR})\\b(?! (?:and|but) me)|if ${YOU} (?:just |all |simply )?(?:left|quit|went|weren't|were not|werent|weren t|shut|stopped|never|didn't|didnt|disappeared|vanished|stayed (?:home|away))|(?:once|when|after|as soon as) ${YOU}(?:'re| are|'ve|re)? (?:gone|not (?:here|around|there)|left|leave|fuck))`,
  `(?:group|chat|party|server|game night|discord|table|trip|dinner)\\b${GAP}\\bwithout ${YOU}\\b${GAP}\\b(?:because|since|so (?:we|nobody)|cause|cos|for a reason)|without ${YOU}\\b${GAP}\\bnobody can stand`,
  // Blamed.
  `(?:${YOU}|ur)(?:'re| are| r|re| were)? (?:literally |exactly |clearly |honestly |probably )?(?:the |a |one |main |only |whole |entire |sole |biggest |real |big )+(?:reason|cause|problem|issue|common denominator|weak(?:est)? link|liability|burden|dead ?weight|buzz ?kill|mood ?killer|laughing stock|punch ?line|worst (?:thing|part))\\b(?! (?:i (?:love|like|enjoy|smile|come|came|play|stay|keep)|we (?:love|like|won|win|survived|made|had|have (?:so|this)|keep|even))|(?: [a-z']+){0,4}? (?:alive|fun|so good|works|great|smil\\w+))`,
  `(?:because of|thanks to) ${YOU}\\b,? (?:[a-z']+ ){0,3}?(?:quit|left|leaving|hates?|cr(?:y|ied|ies)|miserable|ruined|lost interest|stopped (?:coming|playing)|cancel\\w*)|(?:quit|left|leaving|stopped (?:coming|playing)|ruined|miserable|unbearable|lost interest)\\b${GAP}\\bbecause of ${YOU}\\b`,
  `${YOU} (?:always |constantly |keep |keeps |just |have |had to |single-?handedly |really |literally |managed to |manage to )*(?:suck(?:s|ed|ing)? the (?:fun|life|joy|air)|ruin(?:ed|ing|s)?|wreck(?:ed|ing|s)? (?:every|the (?:game|campaign|mood|session|vibe|story))|spoil(?:ed|t|ing|s)? (?:every|the (?:game|campaign|mood|session|fun)|it for)|kill(?:ed|ing|s)? the (?:mood|fun|vibe|joy)|drag(?:ged|ging|s)? (?:us|everyone|everybody|the (?:group|party|team)) down|mak(?:e|es|ing) (?:everything|everyone|everybody|it all|this|every session) (?:worse|miserable|uncomfortable|unbearable|awkward|suffer|about (?:you|yourself))|wast(?:e|ed|ing|es) (?:our|my|everyone's|everybody's|everyones) time|bor(?:e|ed|es|ing) (?:us|me|everyone)|creep(?:s|ed)? (?:me|us|everyone|everybody|people) out|embarrass(?:ed|es|ing)? (?:us|yourself|everyone)|depress(?:es|ed)? (?:me|us))`,
  `(?:had|having|got) to (?:ruin|spoil|wreck) (?:it|this|everything)|${YOUR} fault (?:that )?(?:nobody|no one|everyone|they|she|he|we) (?:[a-z']+ )?(?:left|quit|hates?|leave|come|comes|wants?|cried)`,
  // Sent away.
  `(?:do|doing) (?:us|everyone|everybody|me|the (?:whole )?(?:world|group|table|server|rest of us)|yourself|humanity)(?: all| both)? a (?:[a-z]+ )?(?:favou?r|kindness|solid|service)(?:,| and|:| -|\\s)* ?(?:[a-z]+ )?(?:leave|quit|stop|shut|mute|go|log|uninstall|disappear|drop|stay|never|unplug|find|delete|get|walk|retire|spare|resign|piss|fuck|sod)`,
  `(?:take|get|got) the (?:hint|message)(?=$|[.,!?]| (?:already|and|mate|dude|bro|love|yet))|(?:nobody|no one)(?:'s| is| was)? (?:forcing|making|keeping) ${YOU} (?:to )?(?:stay|here|play)|(?:you are|you're|youre|ur|u r) not (?:welcome|wanted|one of us|invited|good enough|needed|part of (?:this|the|our) (?:group|table|team))(?! in (?:my|the|this) (?:tavern|castle|kingdom|inn))|never (?:come|show (?:your face|up)) (?:back|here|again)|(?:don't|dont|do not) (?:bother )?(?:come|coming|show|showing|turn|turning) (?:back|up)(?=$|[.,!]| (?:here|again|next|ever|on|at|to))(?! (?:late|hungry|empty))|(?:crawl|scurry|slither|run|go) back (?:to|into|under) (?:${YOUR}|whatever|whichever|the|that|your (?:mum|mom|mummy|mommy)'s) (?:[a-z']+ ){0,3}?(?:cave|hole|basement|rock|sewer|gutter|swamp|mum|mom|mummy|mommy|mother|bridge|safe space|hugbox|country|hellhole|dump)|find (?:yourself )?(?:another|a different|some other|a new) (?:group|table|game|hobby|server|campaign|dm|gm)(?=$|[.,!?]| (?:and|because|that|to|mate|if you))|(?:go|jog|sod|bugger|naff|piss|fuck|eff|shove) (?:on |off |away )(?:then |already |mate |and |you )?(?:[a-z]+ ){0,2}(?:loser|creep|weirdo|mate|idiot|clown|before i|nobody|forever)`,
  // Belittled.
  `imagine (?:being|be) (?:this|that|so|such an?|as) (?:[a-z]+ )?(?:useless|stupid|dumb|dense|thick|bad|slow|pathetic|desperate|sad|lonely|clueless|cringe|embarrassing|insecure|fat|ugly|worthless|terrible|awful|untalented|boring|loser|failure|you)|imagine being ${YOU}`,
  `(?:one|two|three|single|last|lonely|half a|only) (?:functioning |working |remaining |lonely )?brain ?cells?\\b${GAP}(?:${YOU}|${YOUR}|rub|fight|left)|${YOUR} (?:[a-z]+ )?(?:brain ?cells?|iq|last brain)\\b|iq (?:of|is|lower|below|under|smaller)|room temperature iq`,
  `${YOU}(?:'re| are| r|re)? (?:way |far |just |clearly |obviously |honestly |evidently |simply )?too (?:stupid|thick|dumb|slow|dense|simple|fat|ugly|weak|dim|fragile|boring|braindead|incompetent|sensitive|brain ?dead) (?:to|for|even)`,
  `(?:better|smarter|funnier|brighter|more (?:[a-z]+)|less (?:annoying|boring)|higher|harder|louder|faster)(?: [a-z]+){0,6}? than (?:${YOU}\\b(?! (?:think|thought|know|expected|might|did|last|guys|all|can|could have|imagin))|anything (?:you|youve|you've) (?:ever |have )?(?:written|done|said|posted))`,
  `${YOU} (?:write|play|type|talk|roleplay|rp|sound|look|think|act|argue|sing|dress|run (?:a |the )?games?)s? like (?:an? |the |my )?(?:[a-z]+ ){0,3}?(?:lobotomi\\w+|parrot|toddlers?|(?:five|six|four|three|ten|two) ?-?year ?-?old|drunk|monkeys?|stroke|corpse|wet (?:sock|blanket|sponge)|potato|brick|chat ?bot|child|baby|idiot|serial killer|pedo|paedo|creep|sponge|cabbage|donkey|mule|seizure|whale|pig|troll|rat|hobo|tramp)`,
  `${YOU}(?:'ll| will| are going to|'re going to|ll)? never (?:be (?:good|anything|loved|one of|happy|enough|a (?:real|good|writer|proper)|more than)|amount|get (?:a (?:girlfriend|boyfriend|job|life)|laid|any better|published)|make (?:it|anything|friends)|have (?:friends|a girlfriend|kids))`,
  `(?:who|why did (?:we|they|anyone|somebody)) (?:even |the hell |the fuck |on earth )?(?:let|invited?|asked|allowed|brought) ${YOU}\\b(?! to (?:roll|dinner|the wedding|do|help|come along for))|why do(?:es)? (?:we|anyone|anybody|he|she|they) (?:even )?(?:keep|put up with|tolerate|invite|bother with) ${YOU}|how (?:are|r|do|is|can) ${YOU} (?:still |even |actually |possibly |honestly )*(?:this|so|that|manage to (?:be|breathe|dress)|function|alive|breathe|exist|cope with being|a functioning|employed|tie your)|did (?:your|ur) (?:mum|mom|mother|parents|dad) (?:[a-z]+ )?(?:drop|hate|love|teach|want|raise)|dropped (?:on your head|as a (?:baby|child))|(?:were|was|are) ${YOU} (?:born|raised) (?:stupid|that|this|like|in a barn|yesterday|wrong)|${YOU} (?:need|needs) (?:professional |psychiatric |serious )?(?:help|therapy|a therapist|medication|meds|a brain|to be (?:sectioned|put down|locked up|slapped))(?=$|[.,!])|take (?:your|ur) (?:meds|pills) `,
  `${YOU} (?:peaked|disgust|repulse|sicken|make my (?:skin|flesh) crawl|don't deserve|dont deserve|are beneath|aren't worth|arent worth|are not worth|were a mistake|are a mistake|deserve (?:to be (?:alone|miserable|bullied|hurt)|every|everything that|it all|nothing|worse|no (?:friends|love)))|(?:waste|wast(?:ed|ing)) (?:of|on) ${YOU}`,
  // The family is drawn in.
  `${YOUR} (?:mum|mom|mother|mama|dad|father|parents|wife|husband|girlfriend|boyfriend|gf|bf|partner|ex|kids?|children|sister|brother|family|son|daughter)\\b${GAP}\\b(?:left ${YOU}|leav(?:e|es|ing) ${YOU}|ashamed|regrets?|should have|should've|shoulda|whores?|sluts?|slag|swallow\\w*|so fat|so ugly|cheat(?:s|ed|ing)? on|laugh(?:s|ing)? at|hates? (?:${YOU}|your)|disappointed|(?:never|doesn't|don't|didn't|doesnt|dont|didnt) (?:love[sd]?|want(?:ed)?) ${YOU}|abort\\w*|disown\\w*|dumped|embarrass(?:ed|es)|walked out|wish(?:es)? (?:they|she|he|you)|(?:deserves?|needs?|found) (?:someone |somebody |something )?better|pity|pities)`,
  // Bodies.
  `(?:fat|ugly|greasy|smelly|spotty|disgusting|gross|creepy|sweaty|scrawny|bald|inbred|filthy|slimy|pimply|stinking|sad|lonely|pathetic|useless|miserable|worthless|stupid|sorry|lazy) (?:[a-z]+ )?(?:slob|cow|sow|neck ?beard|virgin|basement dweller|lump|lardass|lard arse|blob|hag|gremlin|goblin|mouth ?breather|waste|excuse for|man ?child|incel|nonce|wretch|toad|rat|nerd|nobody|worm|maggot|tosser|muppet|plank|melt|bellend|spanner)(?=$|[.,!?])`,
  `(?:can|could|i) smell ${YOU} (?:from|through|over)|${YOU} (?:smell|stink|reek)s? (?:of|like)(?! (?:adventure|victory|roses|success|danger))|(?:have|try|take|buy|discover|heard of) (?:a |an |some )?(?:you )?(?:shower|showering|deodorant|soap|diet|salad|toothpaste|bath)(?:,| once| sometime| you| for once| maybe)|face (?:only a mother|for radio|like (?:a|an|the))|lose (?:some )?weight`,
  // Kinds of people.
  `(?:people|men|women|girls|guys|players|someone|somebody|anyone|folk|folks|weirdos|losers|kids|boys) like (?:you|u|yourself)(?: lot)? (?:[a-z]+ )?(?:should|shouldn't|shouldnt|should not|ruin|don't (?:belong|deserve|get)|dont (?:belong|deserve|get)|make me|make us|never|always (?:ruin|spoil|cry|play the|complain)|can't|cant|cannot|belong|deserve|disgust|are (?:the reason (?:we|i|they|people) (?:hate|can't|left)|why (?:we can't|i hate|nobody|people hate)|(?:not|never|too|all|a |an |just|what's wrong|disgusting|sick|the problem|a problem|poison|cancer|ruining|everything wrong)))|(?:your|ur) (?:kind|lot|sort|type|people)\\b${GAP}\\b(?:are not|aren't|arent|not welcome|should|shouldn't|never|always|belong|ruin\\w*|come over|take|took|steal\\w*|disgust\\w*|stick together|back (?:where|home)|included|can't|cant|smell|stink|breed)|(?:we|i) (?:don't|dont|do not) (?:want|need|like|serve|trust|play with) (?:${YOUR}|that) (?:kind|lot|sort|type)|^you (?:people|lot) (?:[a-z]+ )?(?:always|never|are all|ruin|take|should|need to go|don't belong|come here|breed|can't|disgust)`,
);

/** Advances, and demands for what is private. */
const ADVANCE = anyOf(
  `(?:feel|taste|kiss|touch|lick|bite|caress|suck|smell) (?:on )?(?:your|ur) (?:[a-z]+ )?(?:lips|skin|body|neck|thighs?|mouth|tongue|hair|toes|feet)(?! (?:wounds?|hp))|(?:under|beneath|inside) (?:my|your|ur) (?:robe|skirt|kilt|shirt|clothes|dress|desk|pants|jeans|trousers|shorts|bathrobe)|(?:show|flash) (?:us|me|everyone) (?:your|ur|those|them) (?:[a-z]+ )?(?:boobs|tits|ass|arse|titties|chest|legs|feet|body|cleavage|underwear|bra|panties)`,
  `(?:down )?on (?:your|ur) knees(?! (?:and (?:pray|beg)|before the))|bend(?:ing)? ${YOU} over|bent over (?:for|the|that) (?:me|table|desk)`,
  `(?:bet|imagin(?:e|ing)|pictur(?:e|ing)|think(?:ing)? (?:about|of)|dream(?:ing|t)? (?:about|of)|fantasi[sz](?:e|ing) about|love to (?:see|hear|feel|watch))\\b${GAP}\\b(?:${YOU}|${YOUR})\\b${GAP}\\b(?:naked|moan\\w*|in bed|in my bed|knees|lips|mouth|tits|boobs|arse|ass|bum|legs|body|wet|tight|under(?:neath)? me|on top|scream(?:ing)? my|clothes|underwear|lingerie|shower|taste|beg\\w*)`,
  `(?:turn|put|switch|get) (?:your|ur|the) (?:cam|camera|webcam|video)(?: back)? on (?:for (?:me|us|daddy)|baby|babe|sexy|and (?:show|strip|dance|take))|(?:cam|camera|webcam) on (?:for me|babe|baby|sexy)`,
  `(?:pics?|photos?|pictures?|selfies?|videos?|snaps?) of (?:${YOU}|yourself|${YOUR}[a-z ]{0,20})\\b${GAP}\\b(?:without|naked|nude|bed|shower|bath|body|feet|bikini|underwear|nothing|topless|undressed|bra|panties|sexy|private|for me|wearing less)|(?:send|show|gimme|give me|post|share|dm)\\b${GAP}\\b(?:nudes?|feet pics?|(?:pics?|photos?|selfies?|something) (?:in (?:bed|the (?:shower|bath))|spicy|sexy|naughty|hot|of (?:your|ur) (?:body|tits|boobs|ass|arse|bum|feet|legs))|(?:your|ur) (?:tits|boobs|ass|arse|bum|body|legs|bra|panties))`,
  `what(?:'re| are|re| r)? ${YOU} (?:wearing|got on)(?=$|[.?!,]| (?:right now|rn|under|tonight|baby|babe|sexy|in bed|underneath|\\?))|(?:lose|drop|take off|minus|without|strip off) (?:the|your|ur|that|those) (?:cosplay|clothes|shirt|top|bra|dress|panties|skirt|trousers|pants|costume)(?=$|[.,!?]| (?:for|and|on cam|baby|babe|;|winking|smirk\\w*))`,
  `(?:would|'d|id|wanna|gonna|want to|going to|love to|like to|dying to|let me) (?:totally |so |really |absolutely |just |definitely )*(?:smash|bang|bone|tap|rail|breed|ride|lick|taste|undress|spank|cum (?:on|in)|come (?:on|in)|grope|fondle|strip|eat|finger|pound|nail|shag|do) (?:${YOU}|that|${YOUR} (?:[a-z]+ )?(?:ass|arse|tits|boobs|face|pussy|body))(?! (?:one|for|in (?:the game|mario|chess|catan)|out|hand|a|again|like|next|too|first))`,
  `(?:come|cuddle|sleep|shower|spend the night|get into bed|share a bed|netflix and chill|have some fun|go to bed) (?:over )?(?:in |at |to )?(?:with me|my (?:bed|place|room|hotel room))(?=$|[.,!?]| (?:and|after|tonight|baby|babe))|sit on (?:my|daddy'?s|papa'?s|this) (?:face|lap|knee)|(?:think|thinking|thought|dream\\w*) (?:about|of) (?:you|u) (?:when|while|at night|in (?:bed|the shower)|alone|every night)[^.!?\\n]{0,20}(?:alone|bed|night|shower|naked|touch\\w*)|(?:kick|throw|kicking) (?:her|him|you|u) out of (?:my )?bed|(?:your|ur) (?:voice|accent|picture|pic|photo|profile|face|lips|body|outfit)\\b${GAP}\\b(?:turns? me on|makes? me (?:hard|wet|horny|want to)|gets me (?:hard|going|wet|off)|(?:is|are) (?:so )?(?:fuckable|sexy|hot))|(?:bet|sure|hear) (?:${YOU}|u)(?:'re| are|re)? (?:[a-z]+ )?(?:good|great|tight|wild|a freak|amazing|freaky|filthy) in (?:bed|the sack)|call me daddy|be a good girl|good girls? (?:do|don't|obey|swallow)|how (?:big|tight|wet|hard) (?:is|are|r) (?:${YOU}|${YOUR})\\b(?! (?:party|army|bag|inventory|sword|budget|group))|(?:are|r) ${YOU} (?:a virgin|shaved|legal(?: yet)?|wet|naked|a (?:top|bottom)|touching yourself)|(?:touch|touching|playing with) (?:myself|yourself)\\b`,
);

/** Said of somebody at the table, to the others. */
const OF_PLAYER = anyOf(
  "(?:great|nice|amazing|sexy|hot|fit|perfect|tight|big|lovely|gorgeous|fantastic) (?:legs|tits|boobs|ass|arse|bum|body|rack|curves|chest|lips|butt)|(?:is|looks|sounds) (?:so |really |very |damn |fucking )*(?:sexy|hot|fuckable|shaggable|fit|doable|slutty|easy)(?=$|[.,!?]| (?:in|when|today|tonight))|(?:would|'d|id|want to|wanna|gonna|like to|love to) (?:[a-z]+ )?(?:shag|bang|fuck|smash|bone|tap|do|rail|lick|spank|undress) (?:her|him|that|it)(?=$|[.,!?]| )|naked|nudes?|virgin|slut|whore|gets around|sleeps with|slept with",
);
/** Kinds of ill will that are not sure by themselves. */
const HINTS: readonly RegExp[] = [
  anyOf(
    `how old (?:are|r) ${YOU}`,
    `where do ${YOU} (?:actually |really )?live|what(?:'s| is) ${YOUR} (?:real name|address|number|snap|school)`,
    `which school|are ${YOU} (?:alone|home alone|single)`,
  ),
  anyOf(
    "don'?t tell (?:the others|anyone|anybody|your (?:mum|mom|parents|dad|wife|husband|boyfriend))|our (?:little )?secret|just (?:us two|you and me|between us)|(?:dm|pm|message|text|snap) me|in private|alone with ${YOU}",
  ),
  anyOf(
    'baby|babe|sexy|hottie|cutie|sweet ?cheeks|darling|honey|princess|love(?=$|[.,!?])|sweetie|winking face',
  ),
  anyOf(`where do ${YOU} (?:actually |really )?live|send me (?:a|your) (?:pic|photo|selfie)`),
  anyOf(
    'useless|pathetic|worthless|talentless|embarrassing|embarrassment|disgrace|failure|loser|pointless|hopeless|unbearable|insufferable|tedious|painful|clueless|garbage|trash|rubbish|drivel|shite|crap|cringe|dull|drags?|trainwreck|mess|joke|tragic|laughable|unreadable|excruciating|dreadful|awful|terrible|worst|horrible|lame|mediocre|amateur|childish|needy|attention seeking|whin(?:e|y|ing)|moan(?:er|ing)|crybaby|clown|sad|desperate|creepy|weird|gross|ugly|fat|thick|slow|dense',
  ),
  anyOf(
    `(?:please |just |pls |should |could |why don't ${YOU} |and )(?:leave|quit|log ?off|stop (?:talking|posting|playing|writing|trying|coming)|shut|go away|give up|mute|stay (?:away|quiet|silent|home|out)|uninstall)`,
    '^(?:leave|quit|give up)(?=$|[.,!]| (?:already|now|the (?:game|server|group)))|^(?:log ?off|go away|uninstall|shut it|zip it|stay away|get a grip|grow up|spare us|save it|stop (?:talking|posting|playing|writing|trying))',
    'leave the (?:server|group|game|campaign|table|chat|discord|call)',
  ),
  anyOf(
    `${ALL}|${NONE}|as usual|as always|yet again|every (?:single )?(?:week|session|time)|once again|still|again`,
  ),
  anyOf(
    `(?:stop|without|shut|enough of|sick of|tired of|fed up with|listen to|hear|read(?:ing)?|because of|thanks to|carry(?:ing)?|babysit\\w*|put up with|deal with) (?:${YOU}|${YOUR})`,
  ),
  anyOf(
    `${YOU} (?:call that|call yourself|think (?:you(?:'re| are)|youre|ur)|really think|wish|don't belong|dont belong|contribute nothing|add nothing|bring nothing|have (?:no|zero) (?:talent|friends|life|clue|taste|shame|skill|personality|imagination|idea how)|got (?:no|zero)|can't even|cant even|couldn't even|never (?:contribute|do anything|listen|learn|shut))`,
    'congratulations|bravo|slow clap|well done,? genius|nice one,? (?:genius|einstein)|genius|einstein|what a surprise|oh look|sweetheart|buddy|pal|champ',
  ),
];
const ADDRESSED = /\b(?:you|u|ya|your|ur|yourself|you're|youre|yer|you've|you'll|yall|urself)\b/;
const IMPERATIVE =
  /^\W*(?:please |just |pls |oh |and |so |ok |okay |honestly |seriously )*(?:leave|quit|log|go|give up|uninstall|shut|zip|stay|get|grow|spare|save|stop|mute|take|do|imagine|find|crawl|drop|find)\b/;
/** Kind words, help offered, and thanks: what sounds hard in them is meant well. */
const KIND =
  /\b(?:miss(?:ed)? you|love (?:you|that|this|how|your|it|him|her)|(?:is|are|was|were)n'?t (?:the same|as much fun) without|not the same without|thank(?:s| you)|proud of you|welcome back|glad (?:you|ur)|great (?:job|session|post|scene|writing)|well played|get well|feel better|hope you(?:'re| are) (?:ok|okay|well|alright|feeling)|take your time|no (?:worries|rush|pressure)|wouldn'?t (?:swap|trade|change)|congrats|happy birthday|best (?:gm|dm|player|friend|group|session)|appreciate|fantastic|wonderful|so good|so happy)\b/;

/** Hostility at somebody at the table, by structure; `harassment.hint` has severity 0 and only moves the model's score. */
export const hostilityFindings: Detector = (views, request) => {
  if (deniesAttack(views.folded)) return [];
  return speechOf(views, request).flatMap((sentence) => hostility(views, sentence));
};

function hostility(views: TextViews, sentence: Sentence): Finding[] {
  if (!sentence.isReal && !sentence.hasReality) return [];
  const own = (pattern: RegExp): Piece[] =>
    piecesOf(sentence.text, pattern, sentence.start).filter((piece) => !isInQuotes(views, piece));
  const what = { harm: 'harassment', label: 'harassment' } as const;
  const advance = own(ADVANCE);
  if (sentence.namesPlayer && !sentence.namesCast) advance.push(...own(OF_PLAYER));
  if (advance.length > 0 && !sentence.hasGame)
    return findingAt(views, advance, { id: 'harassment.advance', severity: 2, ...what });
  if (KIND.test(sentence.text) || (sentence.namesCast && !sentence.namesPlayer)) return [];
  const sure = own(SURE);
  if (sure.length > 0) {
    // A laugh behind one hard word is banter; behind two it is mockery.
    const isBanter = sentence.isJoke && !sentence.isEarnest && sure.length < 2;
    const severity = isBanter ? 1 : 2;
    return findingAt(views, sure, { id: 'harassment.hostile', severity, ...what });
  }
  const isAddressed = ADDRESSED.test(sentence.text) || sentence.namesPlayer || IMPERATIVE.test(sentence.text);
  if (!isAddressed || sentence.isJoke) return [];
  const kinds = HINTS.map(own).filter((kind) => kind.length > 0);
  const id = kinds.length >= 2 ? 'harassment.hint.two' : 'harassment.hint.one';
  return findingAt(views, kinds.flat(), { id, severity: 0, ...what });
}
