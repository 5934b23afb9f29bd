// Words and short phrases with what they are about and how severe people have found them, 1 to 3.
// Source: surge-ai/profanity, profanity_en.csv, Copyright Surge AI, MIT licence (see NOTICE). Changed: folded as
// moderation reads text, categories shortened, severities rounded, doubles removed. It offends; read it with tools.
// A module and not a JSON file, so that it is in the build without a step of its own.

/** Lists by `category+category severity`; words are parted by commas. */
export const SEVERITY_LISTS: Readonly<Record<string, string>> = {
  'animal 1': 'crow,swine',
  'animal 2': 'rat baztad',
  'animal+excrement 1': 'ape shite,batshit,batshite,bull shit,bullshit,dog shit,horse shit,horseshit,pigshit',
  'animal+excrement+origin 1': 'apeshit',
  'animal+gender 1': 'crows',
  'animal+insult 1': 'jackass,rat bastard',
  'animal+insult 2': 'pedobears',
  'animal+origin 3': 'camel jockey',
  'animal+sexual 1': 'dog s bollocks,doggo style,horse s asses',
  'animal+sexual 2': 'fvckbunny',
  'animal+sexual 3':
    'animal fucker,cuntasaurus rex,dog fuck,dog fucker,dog fucking,pig fucker,pigfucker,pigfuckers,pigfucking,pigfukker,piggyfuck,swine fucker',
  'body 1': 'fugly',
  'body+excrement 1': 'shitblimp,shitblimps,shitfaced',
  'body+excrement 2': 'shit face',
  'body+mind 3': 'retardo',
  'body+origin 3': 'slanteye,slantfreak,slanty',
  'body+sexual 1': 'fatass,fatasses',
  'excrement 1':
    '5h17,5h1t,ape shit,baby batter,blow a load,bonk juice,bullshi,bullshite,caca,cack,cagone,cumming,cums,dipshite,dipshitty,doosh,dumbshit,dump a load,full of shit,jizz,jizzing,jizzy,man chowder,man seed,nut butter,piss face,' +
    'piss shit,pissoff,shat,sheet,shet,shi,shiat,shipdit,shis,shit,shit3,shite,shited,shites,shitey,shits,shitsful,shitsome,shitt,shittastic,shitte,shitted,shitter,shitti,shitties,shittiest,shitting,shittings,shitty,shittyful,sperm,' +
    'spunk,taking the piss,turdhead',
  'excrement 2':
    'choad nectar,cumball,cumz,erectoplasm,gobshite,jizz jockey,jizzbags,jizzed,jizzes,shit ass,shit head,shit stain,shitbag,shitbird,shitbrain,shitdick,shitdikk,shitdip,shiteblimps,shitefulls,shitehead,shitface,shitfreak,' +
    'shittasticfuck,throat yogurt',
  'excrement 3': 'cumdumpster,jizzstain',
  'excrement+gender 2': 'gay shit',
  'excrement+gender+sexual 2': 'packing fudgehead,packingfudgefucking,packsomefudgefucker',
  'excrement+gender+sexual 3': 'fudgefucker,fudgepacking fucker,packingfudgefucker',
  'excrement+insult 1': 'basturd,dipshat,dogshit,dogshits,douche bag,pissoffs,shit bandit,turdcutter',
  'excrement+insult 2': 'shit fuck,shitheads,shtfuk',
  'excrement+insult 3': 'cumslut,shitfuck,shitfuckhead,shitfudgefucker',
  'excrement+insult+mind 1': 'dipshit',
  'excrement+insult+sexual 1': 'shitty mofoes',
  'excrement+insult+sexual 2': 'shitfvck,shitheadfuckface,shittyfuckface',
  'excrement+insult+sexual 3':
    'motherfckshit,motherfuckingshit,shitassfuckface,shitfuckmotherfucker,shitterfucker',
  'excrement+mind 1': 'dipshidiot,dipshits,dipshitter,shit for brains',
  'excrement+mind 2': 'shithead',
  'excrement+origin 1': 'apeshite,nuggets',
  'excrement+origin 3': 'darkshit,slanteyeshit,spicshit',
  'excrement+sexual 1': 'douche canoe,douchebag,ejakulating,shitefuck',
  'excrement+sexual 2':
    'cock droplets,cock snot,cockshit,creampie,cum goon,fart fucker,fucking shit,fuckshit,fuckshitface,fudgepackers,jizz eater,jizz licker,mofoshit,pack my fudge,packerfudgehead,packing fudge,packingfudge,phukshit,shiddick,shit licker,' +
    'shit stuffers,shitass,shitasses,shitdicks,shitfck,shitfk,shitfucker,shithole,shitsdick,shitsfuck,shittydick,shittydicks,shittyfuck',
  'excrement+sexual 3':
    'cunt fart,fuckshithead,fudgepackershitter,jizzfucker,piss off fuckhead,shit fucker,shitassfucker,shitfacefuck,shitfacefucker',
  'gender 1':
    'b to the inch,beeotch,bender,beyoch,biatch,biches,biotch,biotches,biotchez,biotchs,bishes,bitch,bitched,bitchees,bitcher,bitchers,bitches,bitchez,bitching,bitchlike,bitchness,bitchs,bitchy,bizzach,gayest,gayness,girlieboy,girlyboy,' +
    'ladboys,ladboyz,ladyboyz,leitch,leitches,loose woman,shmale,sissy,skanks,skanky,skankz,slag,slit,sluts,son o bitch,sons of bitches,sumbitch,tramp,trashbitches,trashbitchez,trashbtch,trasherbitchs,twink',
  'gender 2':
    'arse bandit,bum bandits,butt pirate,carpetmunchers,feg,flamer,fudgepacker,gay wad,gaylord,gaylords,geebag,hoar,hoe,hoebag,hoes,homo,homos,ladiboy,ladyboi,ladyboy,ladyboys,lesbo,nobjokeys,pedobear,puta,queers,s lut,shemal3,shemales,' +
    'skank,slut,slutty,stupid hoe,transvestite,trashbitch,trashybitches,whoar,whoars,whor3,whore,whores',
  'gender 3':
    'closet fuckhead,dyke,fag,fag asses,fag bag,fag hag,fag queen,faget,fagging,faggo,faggot,faggoting,faggots,faggs,faggy,fagot,fags,fagshit,flamers,gay bitch,gayshit,gaysian,knobjokey,lady boy,mecha fag,mega fag,phaggot,phaggots,' +
    'phagot,phags,queerasses,she male,shemale,tranny',
  'gender+insult 1':
    'bitchass,bitchslap,soab,sobs,son of a bitch,sonna bitch,sonofabitch,sonofbitches,sum of a bitch,trasherbitch',
  'gender+insult 2': 'sonz of bitchez',
  'gender+insult 3': 'faggot son of a bitch,gay fuck',
  'gender+insult+sexual 2': 'dumbass son of a bitch',
  'gender+mind 3': 'gaytard',
  'gender+mind+sexual 1': 'tart',
  'gender+origin 3': 'slanteye bitch',
  'gender+religion 2': 'goddamn son of a bitch',
  'gender+sexual 1': 'bangbros,butthole,nympho,pussies,twats,twatt,twattish',
  'gender+sexual 2':
    'ass muncher,assfk,assfker,assfkr,assfuccer,assfuckerz,assfukah,assfvcker,bitchhole,bitchy ass,butt fuck,buttfuck,cock rider,feck arse,fuck arse,hoe asses,knobender,knobgobbler,knobjockies,knobjocky,nob jockey,nob jokeys,nobjockies,' +
    'nobjocky,nobjokey,peter puffer,polesmoker,slut hole,twat,twat waffle,twatface,twatzilla',
  'gender+sexual 3':
    'arse fucker,arse fuckers,arsefuck,arsefucker,ass eating boiolas,ass eating nob jokeys,ass fecker,ass fuck,ass fucker,ass fuckers,ass fucking boiolas,ass fucking nob jokeys,assfck,assfcker,assfkcer,assfook,assfuck,assfucker,' +
    'assfuckers,assfukka,assfukker,assfukkerz,asshole fucker,bum driller,butt fucker,butt fuckers,butt fucking bandit,buttfucker,buttfuckers,butthole boy,cock sucking boiolas,cock sucking nob jokeys,cunt ass,dick fucker,dickfucker,' +
    'faggot mofoes,faggot mothafuckers,faggot nob jokeys,faggot nobjockies,gay ass,gay fucker,homo asses,motherfakka,motherfucks,penisfcker,penisfcukers,penisfuccer,penisfuckers,penisfvcker,penisfvckers',
  'insult 1':
    'bassturd,bastard,bastardish,bastards,basterd,bastid,beyotch,bitchin,cooties,fckyeah,gowl,hustler,jerk,nonce,nymphomaniac,punkasses,scummy,scut,tosser',
  'insult 2': 'bastinado,mofoes,mofos,mofucker,mofuk,motherfxck,pedos,shut the fuck up,what the fuck',
  'insult+mind 1': 'dumb bastard',
  'insult+mind+sexual 3': 'dumbass mothafuckers',
  'insult+origin 1': 'jim crow',
  'insult+religion 1': 'go to hell',
  'insult+religion+sexual 2': 'holy fuck',
  'insult+sexual 1': 'bugger,bugger off,crazy mofos,fook,jailbait,mfk,wank,wanker,wankers,wise ass,wnker',
  'insult+sexual 2':
    'arseshit,bitchasses,cobb knobbler,cyberfukks,fck you,fckahz,fckedup,fckk,fckked,fckking,fcuked,fcukers,fcuking,fcukker,fked,fker,fking,fkker,fooker,fucc,fucca,fuccs,fuck faces,fuck goblin,fuck off,fuck up,fuck you,fuck your,fucka,' +
    'fuckahs,fuckaz,fucked,fucked up,fuckem,fuckface,fuckfaces,fuckin,fucking a,fucking bastard,fuckk,fuckmachine,fucks,fuckup,fucx,fugger,fuker,fuking,fux,fvck,fvck you,fxcked,mf er,mf ing,mfckers,mofo,mofucckers,mofuckkas,mofukkas,' +
    'molester,mothercker,motherfacking,motherfuck,motherfucker,motherfvckeds,mudderfuk,mutha fucker,pedo,pedophl,pedoz,phuccer,phucchead,phuccing,phuck,phucker,phucking,phucks,phuk,phuked,phukings,phukk,phukked,phukkeds,phukking,phuks,' +
    'phukup,phuq,phuqs,scamfuck,scumfvck,stfu,stupid fucker',
  'insult+sexual 3':
    'cocksucking mothafuckers,fuccing,fuck your mother,fuckboy,fucking asshole,fuku,go fuck yourself,goddamn mothafuckers,kid diddler,maderfuck,mf ers,mfers,mfukk,mfukker,mofcker,motha fucka,motha fuckers,mothafcked,mothafcking,' +
    'mothafucc,mothafuck,mothafucka,mothafuckas,mothafuckasses,mothafucker,mothafuckin,mothafucking,mothafuckings,mothafuckz,mother fuck,mother fucka,mother fucker,mother fucking,motherfcked,motherfcks,motherfk,motherfucca,motherfuccas,' +
    'motherfuckers,motherfuckin,motherfuckings,motherfuckins,motherfuckka,motherfukka,motherfukker,motherfukkings,motherfvcked,motherfvckers,motherfvcking,mothfck,muddafukkas,mutha fucka,muthafucka,muthafuckers,muthafuckings,' +
    'muthafuckker,mutherfucker,mutherfuckers,punk ass mofoes,scumfuck,scumfucker,useless fucker',
  'mind 1': 'crazy sob,dolt,dumbarrassed',
  'mind 2': 'retardotron,window licker',
  'mind 3': 'retard,retarded,tard',
  'mind+origin 2': 'mongoloid',
  'mind+origin 3': 'darktard',
  'mind+sexual 1': 'bell end,dipstick,dumasses,dumbass,dumbasses,stupidasses',
  'mind+sexual 2': 'dumb fucker,dumbass mofoes,dumbfucks,fukwit',
  'mind+sexual 3': 'dumbass fucker,fcktard,fuckheaded,fucking retard,fucktard,fucktards,tard asses',
  'origin 1': 'abbie,aboe,buttermilk,cholo,greaser,pancake face,shylock,zip in the wire',
  'origin 2':
    'abeed,bean queen,blacky,china virus,coolie,dago,groid,gyp,heeb,injun,jigaboo,jigga,jiggabooboo,klan,knickers,mong,negro,oven dodger,redskin,sambo,sheister,shiester,tacohead,wop,wophead,zipperhead',
  'origin 3':
    'beaner,beaners,chinavirus,chinese virus,chingchong,chink,chinky,coon,coonie,coonies,coons,cotton picker,darkass,darkie,darky,dothead,dune coon,gook,higga,higger,higgers,jap,jewboy,jigaboos,jiggaboo,jiggaboos,jiggabu,jiggas,jigger,' +
    'jiggerboo,jiggerboos,jiggs,jiggyboo,jigro,kike,kikes,kneegrows,ku kluxer,kyke,mongrel,negga,neggar,negr0,negroes,negroid,niccer,nicka,nickas,nicker,nickker,nig,nig nog,niga,nigah,nigasses,niger,nigers,nigerz,nigga,nigga lover,' +
    'niggah,niggahs,niggahz,niggas,niggass,niggaz,niggazes,niggazzes,nigger,niggers,niggerz,niggir,niggress,nigguh,nigguhs,nigguhz,niglet,nignigs,nignog,nigra,nigre,nigs,niguh,nikkas,nikker,nuckas,paki,porch monkey,raghead,ragheads,' +
    'ragtard,rice monkey,sand nigger,slantard,slanteyes,spic,spick,spics,spig,spik,spix,spook,spooks,tar baby,timber nigger,towelhead,towelheads,towelshithead,weiback,wet back,wetback,wetbacks,wigger',
  'origin+sexual 2': 'darkfuck,shiesterfuck,shiesterfuckhead,shiesterfucks',
  'origin+sexual 3': 'nigger lover,shiesterfuckface,spicfuck',
  'religion 1': 'god dam,god dammit,god damn,god damned,goddaamn,goddammit,goddamn,goddamned,goddamnit',
  'religion 2': 'god damn it,god damnit,godamnit',
  'religion+sexual 2': 'fucking hell',
  'sexual 1':
    '4r5e,4r5ed,4r5es,anal,analingus,anus,arse,arse hole,arsehole,arsewipe,ashole,askin,ass,ass bandit,ass hole,ass kisser,ass licking,asses,assface,asshat,asshole,assholes,asswhole,asswipe,axe wound,azz,azzhole,ballbag,bater,bates,bbc,' +
    'beat my meat,beat off,beat the meat,beat your meat,bellend,bewbs,blowjob,bollock,bollockchops,bollocks,bollocktician,bollox,bondage,boner,boobs,boobz,booty,breasticles,breasts,bumhole,bung hole,butt hole,bwc,caak,cajones,cameltoe,' +
    'carpetmunching,cawk,cawks,chesticles,choke the chicken,cock,cockless,cocks,coot,coot coot,cooter,cox,crotch,crotchy,d1ck,d1cks,d1ckz,d1ldo,dick,dickheads,dickless,dicks,dickvag,dickz,diddle,dikhead,diks,dild0,dildo,dix,dlck,dlcks,' +
    'doggy style,dogie style,dogstyle,dong,double dick,double dong,double pen,douche,f er,fack,feck,fellator,fick,finger,fingerbanged,fingerpop,fkbny,forked,fuc,funbags,fxck,girly bits,groper,harry palms,hooters,j offs,jack off,' +
    'jack offs,jackarse,jackasses,jackoffs,jackoffz,jagoff,jerk off,jerk offs,jerking off,jerkoff,jerkoff jerking off,jerkoffs,jerks off,kiss ass,kiss my ass,klitoris,knob,knob face,knobd,knobe,knobead,knobeads,knobed,knobend,knobends,' +
    'knobendy,knobendz,knober,knobes,knobhead,knobheads,maasterbated,man meat,meat sword,muff,mushroom tip,nobbyhead,nobhead,nobheads,nobs,nutsacks,octopussy,oral seks,orgasms,palm jockey,pecker,peckerhead,peen,peener,peter,prick,' +
    'prick face,pricks,pull the pud,puss,pusses,pussy,pussy cat,puussy,puzzies,puzzy,ramrod,reacharound,rectum,sack,schlong,shit arse,shlong,sixty nine,snatch,soppy bollucks,spanking,sphincter,stump chewer,suck,tadger,tallywacker,' +
    'tickle the pickle,tits,trouser snake,trousersnake,upskirts,vag,vajayjay,vulva,wang,wank off,wanked,wankies,wanking,wanks,weenie,weiner,whack off',
  'sexual 2':
    'anal hole,anal hore,anal pirate,analplug,analplugs,anilingus,anus plug,arse bandits,arse gobbler,arse shagger,asshol3,assmunch,assmuncher,bitchfuck,bitchtits,blow job,blumpkin boy,butt munchers,carpet muncher,cawk muncher,' +
    'cawkmuncher,chocha,clitlickers,clusterfuck,clusterfucked,clusterfucker,clusterfucking,clusterfucks,cock face,cock gobbler,cock head,cock jockey,cock knocker,cock licker,cock munch,cock smoker,cock suck,cock sucker,cock suckers,' +
    'cock sucking,cock tease,cockboy,cockeater,cockface,cockgobbler,cockhead,cockheads,cockhed,cocklicker,cockmonger,cockmunch,cockmuncher,cockskin,cocksmoker,cocksucc,cocksuccas,cocksuccer,cocksuccers,cocksuck,cocksuckas,cocksucked,' +
    'cocksucker,cocksuckers,cocksucking,cocksucks,cocksuk,cocksuka,cocksukka,cocsuck,cokmuncher,coksucka,cooterpuffing,coxuxor,crotch fiddler,cuksuker,cuksukka,cunnilingus,cuntbollock,cuntelope,cuntlicker,cyberfck,cyberfcks,cyberfuccs,' +
    'cyberfucks,cyberfucs,cyberfukk,cyberfvcks,d0ggy style,d1ckhead,d1ckheads,d1cksucker,d1cksukka,dafuq,dick breath,dick face,dick gobbler,dick head,dick licker,dick milker,dick nibbler,dick smoker,dick sucker,dickface,dickhead,' +
    'dickjockies,dicklicker,dickmuncher,dickskin,dickslapper,dicksucker,dirty sanchez,double dicking,f ed,facker bunny,fackuhs,fak,fccuker,fck,fcka,fcked,fcker,fckin,fcking,fcks,fcuk,fcuker,fcuks,fcvking,fecker,fellatio aficionado,' +
    'fk bunny,fkings,fock,focked,focker,fockers,fookuh,fothermuckers,fuccers,fuck,fuck face,fuck head,fuckass,fuckasses,fucker,fucker off,fuckers,fuckhead,fucking,fucking me,fuckless,fucknuckle,fuckstar,fuckster,fuckstick,fuckwad,fucs,' +
    'fugged,fuggings,fuk,fukcs,fukheads,fukin,fukk,fukka,fukked,fukker,fukkers,fukking,fukkings,fukkuh,fuks,fuq,fuxor,fvcka,fvcker,fvckers,fvckin,fvcking,fvckker bunny,fvckwhi,fxcker,fxcking,gash stabber,get fucked,gin jockey,jackoff,' +
    'jizzsacks,kiddy touch,kitty puncher,knob eater,knob gobbler,knob head,knob jockey,knobeds,knobjokeys,markasses,meat curtains,mfer,mfing,mfs,milf,mindfuck,mofo ass,mofuccers,motha fucker,mother effer,motherfecka,mufdive,muffdiving,' +
    'muffdivings,muffindivin,muffindiving,muhfucking,nip,nutsack,oral sex,penishead,phuc,phucc,phucked,phuckin,phuckings,phucup,phukeds,phukhead,phuking,phukker,phuku,phvckings,pillow biter,pole licker,pole smoker,pole sucker,' +
    'prick gobbler,prick head,punani,pussie,pussless,pusslicker,pussy lick,pussy licker,pussy licking,pussys,pussywhipped,rim job,salad tosser,shitedick,shitfucks,suck my cock,suck my d,suck my dick,suck off,throater,tongue fucker,' +
    'tossing salad,wang wrangler,wankbastard,willy whacker',
  'sexual 3':
    'carpetmuncher,cawksucker,cooter shooting,cunt,cunt lick,cunt licker,cunt lips,cuntbag,cuntits,cuntless,cuntlick,cuntlickers,cuntness,cunts,cunty,cuntz,cuunt,dicksmoker,face fuck,finger fuck,fuckbag,fuckheads,fuckwhore,fuggerz,' +
    'fukwhore,futhamucka,maderfaker,maderfuckers,mofuck,mothafacked,mothafucced,mothafuccer,mothafuccing,mothafuckaz,mothafuckazzes,mothafucked,mothafuckeds,mothafuckers,mothafuckins,mothafucks,mothafvcked,mother fuck you,' +
    'mother fuckers,motherfckin,motherfcking,motherfecker,motherfuccers,motherfucked,motherfuckeds,motherfucking,motherfuckkas,motherfuckkers,motherfvck,motherfvcker,motherfxcking,mothter fuck,mtherfuker,mthrfcker,mudderfukker,mufdivin,' +
    'muthafecker,muthafeckers,muthafuckkers,muthafukka,penisfucker,pussy fucker,pussylickers,sausage jockey,shitheadfucker,shytfeisterfuck,snatch licker,tongue fucking',
};
