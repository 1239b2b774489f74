/**
 * Words of everyday English and of the web, as a writer of domain names would use them. They say what a readable name
 * looks like (`bigrams.ts`) and which names are words in their own right though a brand is one letter away
 * (`brand-imitation.ts`). Written down by hand; no data set went in.
 */
export const ordinaryWords: readonly string[] = `
able about above academy access account action active adventure advice after again agency agent air album alert alpha
always amber ample anchor animal answer apart apply april arch archive area arena army arrow article artist asset atlas
audio august author autumn avenue award baby back badge baker balance ball bamboo band bank banner base basic basket
battle beach bear beauty become bee bell best better beyond bicycle big bike bird birth black blank block blog bloom
blue board boat body bold bone book boost border bottle bottom boutique bowl box brain branch brand brave bread bridge
bright bring brother brown brush bucket budget build builder bulk bull burger business button cabin cable cafe cake
calendar call camera camp campus candle candy capital car carbon card care career carpet case cash castle casual
catalog cause cell center central century chain chair chance change channel chapter charity chart chase check cheese
chef cherry chess chicken child choice chose church cinema circle citizen city civil class classic clean clear clever
client climate clinic clock close closet cloud club coach coast code coffee coin cold collect college color comfort
comic common community compact company compare concept concert connect contact content cook cool copper copy coral
core corner cosmic cotton council country county couple course court cover craft crazy cream create credit cricket
crime crisp cross crowd crown cruise crystal culture custom cycle daily dance dark data date day deal dealer dear debt
deep deer degree delta demo dental design desk detail device diamond diet digital dinner direct discover dish display
doctor dog dollar door dot double download dragon drama dream dress drink drive drop dry dust eagle early earth east
easy echo edge edit education effect eight electric element elite email ember emerald empire energy engine english
enjoy enter equal escape estate eternal event every exact example exchange expert explore express extra eye fabric
face factory fair faith falcon family famous fan farm fashion fast father feather feature feed festival fiber field
figure film final finance find fine fire first fish fit five flag flash flat fleet flight float floor flow flower
fly focus fold food foot force forest form forum forward found fountain four fox frame free fresh friend frog front
frost fruit fuel full fun fund future galaxy gallery game garage garden gas gate gear gem general gentle giant gift
girl give glass global glory gold golden golf good grace grade grain grand grant graph grass gray great green grid
ground group grow growth guard guest guide guitar hair half hall hammer hand happy harbor hard harvest hat haven hawk
head health heart heat heaven heavy help herb hero hidden high hill history hit hobby hold holiday home honest honey
hope horizon horse hospital host hotel hour house human hunter ice icon idea image impact income index indigo industry
info inn inside insight instant insurance interior invest iron island item ivory jacket jade jazz jewel job join
journal journey joy judge juice jump june jungle junior just keep key kid kind king kitchen kite knight knot know
label lake lamp land language large laser last launch law lawn leader leaf league learn leather legal legend lemon
lesson letter level liberty library life lift light lily lime limit line link lion liquid list little live living
loan local lock logic long look lotus loud love lucky luna lunch luxury machine magazine magic magnet main major make
mall manage mango maple marble march marine market master match math matrix matter maze meadow media medical meet
member memory mental menu merchant metal meter method metro middle mile milk million mind mine mini mint mirror
mobile model modern moment money monitor month moon moral morning mother motion motor mountain mouse move movie much
museum music mystic name narrow nation native nature near network never news next nice night nine noble noise normal
north note novel number nurse ocean october offer office official olive once one online open opera optic orange orbit
order organic origin other outdoor outlet over owner oxygen pace pack page paint pair palace palm panda panel paper
parade park part partner party pass path patient pattern pay peace peach peak pearl pen people pepper perfect person
pet phase phone photo piano picture piece pilot pine pink pioneer pipe pixel pizza place plain plan planet plant
plastic plate play player plaza plus pocket podcast poem point polar policy pony pool pop port portal post power
practice premium present press price pride prime print private prize pro product profile profit program project
promise proof property proud public pulse pump pure purple puzzle quality quantum queen quest quick quiet quiz rabbit
race radar radio rain rainbow random range rapid rare rate raven reach read ready real rebel recipe record red reform
region relax relief remote rent repair report rescue research reset resort result retail return review reward rhythm
rice rich ride right ring rise river road robot rock rocket roll roman roof room root rose round route royal ruby rule
run rural safe sage sail saint salad sale salon salt sand saver scale scene school science score scout screen script
sea search season seat second secret sector secure seed select self sell senior sense series serve service seven
shadow shape share sharp shed sheet shell shelter shield shift shine ship shirt shoe shop shore short show side sign
signal silent silk silver simple sister site six size skill skin sky sleep slice slim slow small smart smile smoke
smooth snow social society soft soil solar solid solution song sonic soul sound source south space spark speak special
speed spirit sport spot spring square stable staff stage standard star start state station status stay steam steel
step stock stone store storm story stream street strong studio study style success sugar suite summer summit sun super
support supreme surf surprise sweet swift swim switch symbol system table talent talk tank target task taste tax taxi
tea teach team tech temple tempo ten tender tennis term test text thank theater telecom theme theory thing think third thread
three thrive ticket tide tiger time tiny title today together token tomorrow tool top torch total touch tour tower
town toy track trade trading train transfer travel treasure treat tree trend trial tribe trip true trust truth tube
tulip tune tunes turbo turn twin two ultra uncle under union unique unit unity universe update upper urban useful user
valley value vanilla vault vector vegan velvet venture verse vessel victory video view villa village vintage violet
viral virtual vision visit vista vital vivid voice volume vote voyage wagon walk wall want war warm wash watch water
wave way wealth weather web webchat wedding week weight well west whale wheel white wide wild will wind window wine wing
winner winter wise wish wolf woman wonder wood word work world worth write yard year yellow yes yoga young your youth
zebra zen zero zone
`
  .trim()
  .split(/\s+/);
