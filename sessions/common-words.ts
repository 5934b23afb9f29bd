/**
 * Words that every story uses, in languages that people here write most: they say nothing about what a passage is
 * about. Lower case, as `stemOf` leaves them. Words of other languages are told by how often they come.
 */
const ENGLISH = `
a able about above across after again against ago all almost alone along already also although always am an and another
answer any anybody anyone anything are arm around as ask at away back bad be because become been before began begin
behind being below beside best better between beyond big black bit blue body both bring brought but by call came can
cannot care carry caught certain chair change close cold come corner could course cut dark day dead dear deep did do
does done don't didn't isn't wasn't couldn't wouldn't i'm it's that's he's she's they're we're you're i've i'll door
down drew drop each ear early edge either else end enough even evening ever every everybody everyone everything eye
face fact fall far fast feel fell felt few find fine finger fire first five floor follow foot feet for forward found
four friend from front full gave get girl give glad go goes gone good got great green grey ground had half hand hard
has have he head hear heard heart held help her here herself high him himself his hold home hope hour house how
however hundred if in inside instead into is it its itself just keep kept kind knew know known last late later laugh
lay least leave led left less let lie life light like line listen little live long look lost lot loud love low made
make man many matter may me mean men might mind mine minute moment more morning most mouth move much must my myself name
near nearly neither never new next night nine no nobody none nor not nothing now of off often old on once one only
onto open or other our out outside over own part pass past perhaps place please point pull put quick quiet quite rain
ran rather reach ready real really red rest right road room round run sad said sat saw say second see seem seen sent
set seven shall she short should show shut side silence since sit six sky sleep slow small smile so soft some somebody
someone something sometime soon sort sound speak spoke stand start stay step still stood stop story straight such
sudden suddenly sun sure table take taken talk tell ten than that the their them themself then there these they thing
think third thirteen this those though thought three through till time to today together told tomorrow tonight too took
top touch toward town try tri turn two under until up upon us use very voice wait walk wall want warm was watch water
way we week well went were what whatever when where whether which while white who whole whose why wide will wind
window wish with within without woke woman women word work world would yard year yellow yes yesterday yet you young
your yourself
afternoon alive angry apart beneath bottom break breath broke broken burn busy careful chance clear climb cloud cool cost
count cover cross cry dear die dinner drink drive dropped dry eat edge eight empty entire except expect explain
faint family father fight fill finish fit fix flat floor fold forget forgot free front gaze gentle given glance
gone grew grow guess half hall happen happy hardly heavy hide hill hit hung hurry kitchen knee knock laughter learn
lift lip lock lower mean meet met middle million month mother murmur nod noise north notice o'clock occur odd order
pace pause pay person pick picked piece plain possible promise push question quickly raise realise realize remain remember
repeat rise roll rose rush safe same scream season send separate sense settle shadow shake shape sharp shook shout shoulder
shrug sight sigh slept slid slip slowly smell smelled smoke sold somewhere south space spend spread stair stare
steady stood straight strange street strong surprise sweet swing teeth thank thick thin throw threw tie tired
tone tongue tree trouble true truth twenty twice understand usual wake weather week west wet whisper wild wipe wonder
wore worse worth wrap wrapped write wrote wrong
seconds minutes hours days weeks months mostly maybe merely exactly finally quietly almost
`;
const GERMAN = `
aber alle allem allen aller alles als also alt alte alten alter am an andere anderen auch auf aug auge augen aus bei
beide beim bevor bis bin bist brachte da dabei dafür damit dann daneben daran darauf darin das dass davon dazu dein
dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort drei draußen drei drin du durch ein
eine einem einen einer eines einmal er erst erste ersten es etwas euch fand fenster fragt fragte für ganz gegen geh
gehen gesagt gibt ging gleich gut gute guten hab haben habe hand hart hast hat hatte hatten haus her herr hier hin
hinter hinunter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jahr jede jeden jeder jemand jetzt
kam kamen kann kein keine keinen kommen konnte lag langsam leg legte letzte letzten licht ließ linke mal man mehr mein
meine mensch mich mir mit morgen muss nach nacht nahm neben nein nicht nichts nie niemand niemanden noch nun nur ob
oben oder ohne paar plötzlich rief richtung sagt sagte sah sahen schaut schaute schon sehen sehr sein seine seinem
seinen seiner seit selbst setzt setzte sich sie sind so sollt sollte stand stell stellt stellte still tag tage tagen
tisch trotzdem tür über um und uns unser unter viel vier vom von vor war waren warum was wasser weg weil welche wenn
wer werden wie wieder will wir wird wo wollt wollte worden wurde zeit zu zum zur zurück zwei zwischen
abend allein alles anfang antwort antwortete arm atem augenblick bald begann blick blieb boden drehte ende endlich erde
erzählte fiel finger flüsterte frau freund fuß gab gehört gerade gesicht gewesen glaubte groß große großen halb half herz
himmel hielt hob hörte jahre junge jungen kalt kind kinder klein kleine kleinen kopf könnte kurz lachte lächelte land
lang lange leben leer leise leute lief mann männer meinte minute minuten mitte mittag moment mund mutter nächsten name
namen natürlich nickte öffnete ort platz rechte richtig rücken ruhig sache saß schlecht schließlich schnell schritt
schritte schwarz schwer seite sofort sogar sonne spät sprach sprechen stadt stimme straße stück stunde stunden suchte
teil tief tot trat vater verschwand versuchte vielleicht wand wartete weiß weit weiter weitere welt wenig wieder wind
wirklich wissen woche wort worte wusste zeigte ziehen zimmer zog zusammen
`;
const ROMANCE = `
à afin ai ainsi alors an après as assis au aucun aussi autre aux avait avaient avant avec avoir beau bien bon bras car
ce cela celle celui ces cet cette ceux chaque chez ça comme contre d' dans de depuis dernier dernière derrière des deux
devant dire disait dit donc dont du elle elles en encore entre est et étaient était été être eu eut eux faire fait
fit fois furent fut grand homme ici il ils jamais je jour jusque l' la là le les leur leurs loin lui main mais mal me
même mer mes mieux moi moins mon monde ne ni noir nom non nos notre nous nuit on ont ou où par parce parler pas
pendant personne petit peu peut plus porte pour première premier pourquoi près puis qu' quand que quelque quelques qui
quoi rien sa sans sans se sera ses seul si soir son sont sous suis sur surement ta tant te tes tête toi ton toujours
tour tous tout toute toutes très trois trop trouv trouva tu un une va vers vie vieux vingt voir vous vu yeux
air ami années besoin blanc bouche bruit chambre chemin cheval chose choses ciel coeur cœur corps côté coup cri doigts
doucement eau enfant enfants entendit entra femme fenêtre fille fin fond frère garçon gens gros heure heures hommes
idée instant jeune jours lit long longtemps lumière maison matin mère milieu minutes mort mot mots moment mur murmura
oeil ombre parla père petite petits peur pied pieds place plein prit pris regard regarda répondit reste route rue salle
seconde semblait sentit silence soleil soudain sourire table temps terre tourna traits venait vent ventre ville visage vite voix
agua aire alguien alma amigo amor años boca brazo cabeza calle cama camino cara cielo ciudad cuarto cuerpo días hermano hija
hijo hora horas madre mañana manos mesa miedo miró momento muerte mujer mundo niño nombre ojos padre palabra palabras pie
pies preguntó pronto punto respondió silencio sol tarde tierra viejo viento voz
al algo antes aquel aquella aquí así aunque bajo cada casa casi como con cosa cuando de del desde después dijo donde dos
el ella ellas ellos en entonces entre era eran es esa ese eso esta estaba este esto fue ha había hacia hasta hay hizo
hombre la las lo los luego mano más me mi mientras mismo mucho muy nada ni no noche nos otra otro para pero poco por
porque puerta que quien se ser si sin sobre su sus también tan tenía tiempo toda todo todos tres tu un una uno vez ya yo
`;

/** What a passage may open with that points back at the one before it. */
const POINTING = `
he him his she her hers it its they them their this that these those then so there neither both
er ihn ihm sie ihr ihnen es das dies dieser diese dieses dann da darauf dort so
il lui elle ils elles eux cela ça ce cet cette ceux alors là
él ella ellos ellas eso esto ese esa entonces allí
`;

const wordsOf = (list: string): string[] => list.split(/\s+/).filter((word) => word !== '');

export const COMMON_WORDS: ReadonlySet<string> = new Set(
  [ENGLISH, GERMAN, ROMANCE, POINTING].flatMap(wordsOf),
);

export const POINTING_WORDS: ReadonlySet<string> = new Set(wordsOf(POINTING));
