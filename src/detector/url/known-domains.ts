import { brands } from './brands.js';

/**
 * Registered domains that many people know and whose pages their owners make: no hosting, no shorteners. Collections of
 * good addresses hold too few of their home and login pages to learn from. Written down by hand; no ranking or data set
 * went in.
 */
const widelyKnown = `
1password.com a1.net aa.com abc.es abc.net.au abnamro.nl abola.pt about.com ac24.cz academia.edu accor.com
accuweather.com acm.org adidas.com admin.ch adobe.io adp.com adyen.com aeroflot.ru affirm.com afterpay.com
aftonbladet.se agenciatributaria.gob.es agenziaentrate.gov.it agoda.com ah.nl ahrefs.com aib.ie airfrance.com
airtable.com airtel.in akamai.com alaskaair.com aldi.co.uk aliexpress.ru aljazeera.com allegro.pl allmusic.com
allrecipes.com ally.com alpinelinux.org ama-assn.org amd.com ameli.fr amtrak.com ana.co.jp anaconda.com android.com
angular.dev angular.io anpost.com answers.com anthropic.com ants.gouv.fr anu.edu.au anz.com.au ap.org apache.org
apnews.com apnic.net arbeitsagentur.de archive.org archlinux.org arduino.cc argos.co.uk arin.net arizona.edu
arstechnica.com artstation.com arxiv.org asahi.com asana.com asb.co.nz asda.com ask.com asnbank.nl asos.com asu.edu
asus.com atlassian.com ato.gov.au atptour.com att.com auchan.fr audible.com auspost.com.au auth0.com auto.ru
autodesk.com automattic.com autotrader.co.uk autozone.com avast.com avg.com aviasales.ru avis.com avito.ru axa.com
axisbank.com babbel.com babycenter.com bahn.de baidu.com bamboohr.com bancobpm.it bancosabadell.com bandcamp.com
bankinter.com bankofireland.com bankrate.com banquepopulaire.fr barclaycard.co.uk basecamp.com bbc.co.uk bbc.com
bbc.in bbva.com bbva.es bca.co.id behance.net belastingdienst.nl belfius.be bell.ca berkeley.edu bestwestern.com
bhphotovideo.com bigcommerce.com bild.de bilibili.com biomedcentral.com bitbucket.org bitdefender.com bitwarden.com
blablacar.com blackrock.com bleacherreport.com bleepingcomputer.com blender.org blick.ch blizzard.com bloomberg.com
bls.gov bmj.com bmw.com bnpparibas.com bnpparibasfortis.be boardgamegeek.com boe.es boeing.com bol.com bolt.eu
boots.com bosch.com boulanger.com boursorama.com bouyguestelecom.fr box.com bpost.be brave.com bristol.ac.uk
britannica.com britishairways.com brookings.edu brown.edu bt.com bund.de bundesregierung.de bundestag.de bunq.com
businessinsider.com businesswire.com buymeacoffee.com buzzfeed.com ca.gov caf.fr caisse-epargne.fr caixabank.es
calendly.com caltech.edu cam.ac.uk cambridge.org canada.ca canadapost.ca canon.com canonical.com canva.com
cargurus.com carmax.com carnegieendowment.org carrefour.fr cathaypacific.com cbc.ca cbp.gov cbsnews.com cbssports.com
cdc.gov cdiscount.com census.gov centurylink.com cern.ch cert.org change.org checkpoint.com chess.com chewy.com
chicagotribune.com chime.com chinadaily.com.cn chip.de choicehotels.com chromium.org cia.gov circleci.com cisa.gov
cisco.com citizensbank.com clarin.com clickup.com cloudflare.com cloudinary.com cms.gov cmu.edu cnbc.com cnet.com
cnn.com co-operativebank.co.uk cocacola.com codecademy.com codepen.io cohere.com colorado.edu columbia.edu comcast.com
comdirect.de commbank.com.au commerzbank.de computerbild.de conda.io confluent.io congress.gov conrad.de
consumerreports.org coolblue.nl coop.ch copyblogger.com cornell.edu correos.es corriere.com corriere.it costco.com
coursera.org cox.com cpan.org cra-arc.gc.ca crates.io creativecommons.org credit-agricole.fr credit-suisse.com
creditkarma.com crowdstrike.com crunchbase.com crunchyroll.com csmonitor.com csob.cz ctan.org currys.co.uk
curseforge.com cve.org cvs.com dailymail.co.uk dailymotion.com danskebank.dk dart.dev dartmouth.edu darty.com
dashlane.com databricks.com datadoghq.com dawn.com dbs.com dbs.com.sg debian.org decathlon.fr deepl.com deepmind.com
deezer.com deliveroo.co.uk dell.com delta.com derstandard.at destatis.de deutsche-bank.de deutschlandfunk.de
deviantart.com dhl.com dhs.gov dictionary.com digg.com digicert.com digid.nl digitalocean.com digitec.ch discogs.com
discord.com discord.gg discover.com disney.com disneyplus.com diy.com djangoproject.com dkb.de dm.de dnb.no docker.com
docker.io docomo.ne.jp doctolib.de doctolib.fr doi.org dol.gov dominos.com doordash.com douban.com dpd.co.uk dpd.com
dr.dk dribbble.com drupal.org dsb.dk duckduckgo.com duke.edu duolingo.com dw.com dwd.de dynadot.com ea.com easyjet.com
ebay.co.uk ebay.com.au ebay.de ebay.fr ebay.it eclipse.org economist.com ed.ac.uk ed.gov edeka.de edx.org ee.co.uk
eff.org ehow.com elastic.co elcorteingles.es elixir-lang.org elmundo.es elpais.com elsevier.com elster.de eltiempo.com
emag.ro emirates.com energy.gov engadget.com enterprise.com entrust.com epa.gov epfl.ch epicgames.com equifax.com
erlang.org erstegroup.com esa.int eset.com espn.co.uk espn.com ethz.ch etrade.com etsy.com europa.eu eurosport.com
eventbrite.com evernote.com everydayhealth.com evri.com expedia.co.uk experian.com expressen.se expressjs.com
f-secure.com fandango.com fandom.com fastly.com fastmail.com faz.net fbi.gov fcc.gov fda.gov fedex.com
fedoraproject.org fema.gov fidelity.com fifa.com figma.com first.org firstdirect.com fiverr.com flickr.com
flightradar24.com flipkart.com flixbus.com flutter.dev fly.io fnac.com foodnetwork.com forbes.com ford.com
formula1.com fortinet.com fortune.com foxnews.com foxsports.com france.fr france24.com francetvinfo.fr freebsd.org
freecodecamp.org freshbooks.com freshdesk.com freshworks.com frontier.com ft.com ftc.gov fu-berlin.de galaxus.ch
gamespot.com gamestop.com gandi.net gap.com gartner.com gatech.edu gazzetta.it geeksforgeeks.org genius.com gentoo.org
georgetown.edu getbootstrap.com giphy.com gitea.com github.blog gitlab.com gizmodo.com glassdoor.com globalsign.com
globo.com gls-group.eu gmx.at gmx.com gmx.net gnome.org gnu.org go.dev goal.com gofundme.com gog.com golang.org
goldmansachs.com goodreads.com gotomeeting.com grab.com gradle.org grafana.com grammarly.com greyhound.com groupon.com
grubhub.com guilded.gg gumtree.com gusto.com gutenberg.org hackernews.com hackerone.com halifax.co.uk handelsbanken.se
harvard.edu hashicorp.com haskell.org haveibeenpwned.com hbomax.com hbr.org hdfcbank.com healthcare.gov healthline.com
heise.de hellofresh.com helsinki.fi hepsiburada.com heritage.org hermesworld.com heroku.com hertz.com hetzner.com
hey.com hibernate.org hilton.com hindustantimes.com history.com hm.com homedepot.com honda.com hostelworld.com
hotels.com house.gov howstuffworks.com hu-berlin.de huawei.com hubspot.com hud.gov huffpost.com huggingface.com
huji.ac.il hulu.com huntington.com hurriyet.com.tr hyatt.com iana.org iberia.com ibm.com icann.org icicibank.com
idealo.de ieee.org ietf.org ign.com ihg.com iitb.ac.in ikea.com iliad.it illinois.edu ilsole24ore.com imdb.com imf.org
imgflip.com imgur.com immobilienscout24.de imperial.ac.uk impots.gouv.fr inc.com indeed.com independent.co.uk
indiana.edu indiatimes.com indiegogo.com infobae.com ing.com ing.de ing.nl inps.it insee.fr instacart.com
instructables.com intel.com interactivebrokers.com intercom.com interia.pl internetsociety.org intesasanpaolo.com
intuit.com investing.com investopedia.com ionos.com ionos.de irishrail.ie irishtimes.com irs.gov isc.org iso.org
issuu.com itv.com ixbt.com jal.co.jp japanpost.jp java.com jd.com jenkins.io jetblue.com jetbrains.com jfrog.com
jhu.edu jio.com jira.com johnlewis.com jpmorgan.com jpmorganchase.com jquery.com jstor.org julialang.org jumbo.com
jupyter.org justeat.co.uk justia.com justice.gov kaggle.com kali.org kaspersky.com kayak.com kb.cz kbc.be kcl.ac.uk
kddi.com kde.org kernel.org key.com kfc.com khanacademy.org kick.com kicker.de kickstarter.com kijiji.ca kit.edu
kiwibank.co.nz klarna.com kleinanzeigen.de klm.com kobo.com kohls.com kompas.com kotlinlang.org kroger.com kth.se
ku.dk kubernetes.io kuleuven.be kvk.nl kyoto-u.ac.jp lanacion.com.ar lanl.gov laposte.fr laposte.net last.fm
lastpass.com latimes.com launchpad.net lcl.fr leagueoflegends.com leboncoin.fr leclerc.com lefigaro.fr
legifrance.gouv.fr lego.com lemonde.fr lenovo.com leparisien.fr letsencrypt.org lg.com liberation.fr libreoffice.org
lichess.org lidl.com lidl.de lifehacker.com linear.app linode.com linux.com linuxfoundation.org linuxmint.com
livescience.com lmu.de loc.gov logitech.com lonelyplanet.com loom.com lowes.com lse.ac.uk lu.se lufthansa.com lwn.net
lyft.com mabanque.bnpparibas macquarie.com macys.com magento.com mailbox.org mailchimp.com mailgun.com
malwarebytes.com manchester.ac.uk manjaro.org marca.com mariadb.org marketwatch.com marksandspencer.com marktplaats.nl
marriott.com mashable.com mathworks.com matplotlib.org maven.org max.com maybank2u.com.my mayoclinic.org mbank.pl
mcafee.com mcdonalds.com mcgill.ca mdpi.com mediamarkt.de mediawiki.org medicare.gov medium.com medlineplus.gov
meetup.com mercadolibre.com.ar mercadolibre.com.mx mercadolivre.com.br merriam-webster.com metacritic.com
metasploit.com metmuseum.org metoffice.gov.uk metrobankonline.co.uk microcenter.com migros.ch milanuncios.com
millenniumbcp.pt minecraft.net miro.com mit.edu mitre.org mlb.com mobile.de mojang.com mollie.com moma.org monash.edu
monday.com mongodb.com monoprix.fr monster.com monzo.com morganstanley.com movistar.es mozilla.com mozilla.net
mozilla.org msu.edu mtb.com mufg.jp my.gov.au myhermes.co.uk mysql.com myworkday.com n-tv.de n26.com nab.com.au
name.com namesilo.com nasa.gov nascar.com nasdaq.com nationalgeographic.com nationalrail.co.uk nationwide.co.uk
nature.com natwest.com naver.com navyfederal.org nba.com nbcnews.com nbcsports.com ndr.de ndtv.com nejm.org
nerdwallet.com nestjs.com nestle.com netbsd.org netlify.com netsuite.com newegg.com newrelic.com newscientist.com
newsweek.com newyorker.com next.co.uk nextjs.org nexusmods.com nfl.com nginx.com nginx.org nhl.com nih.gov nike.com
nikkei.com nist.gov noaa.gov nodejs.org nokia.com nordea.com nordea.fi nordstrom.com northwestern.edu norton.com
nos.nl notion.com notion.so npmjs.com npr.org nps.gov nrel.gov ns.nl nsf.gov ntt.com ntv.de nu.nl nuget.org numpy.org
nus.edu.sg nvidia.com ny.gov nydailynews.com nypost.com nytimes.com nyu.edu nzherald.co.nz nzz.ch o2.co.uk o2.de
ocado.com ocbc.com odoo.com oebb.at oecd.org officedepot.com ok.ru okta.com olx.pl olx.ua olympics.com one.com onet.pl
onlinesbi.sbi ontario.ca op.fi openai.com openbsd.org opensource.org openssh.com openssl.org openstreetmap.org
opensuse.org opentable.com opera.com optus.com.au oracle.com orange.com orange.es orange.fr oreilly.com orf.at osu.edu
otto.de ouest-france.fr oup.com outbrain.com overleaf.com overstock.com ovh.com ovhcloud.com owasp.org ox.ac.uk
ozon.ru packagist.org pagerduty.com paloaltonetworks.com pandora.com paramountplus.com parliament.uk patreon.com
paychex.com pbs.org pcgamer.com pcmag.com peacocktv.com people.com pepsi.com perl.org petco.com pexels.com pg.com
philips.com phoronix.com php.net pinterest.co.uk pinterest.de pipedrive.com pixabay.com pkobp.pl pku.edu.cn
planetscale.com plex.tv plos.org plus.net pnc.com pole-emploi.fr polimi.it politico.com politico.eu polygon.com
polytechnique.edu porkbun.com postbank.de poste.it posteo.de postfinance.ch postgresql.org posti.fi postmarkapp.com
postnl.nl postnord.se premierleague.com priceline.com princeton.edu prnewswire.com producthunt.com proton.me
protonmail.com psu.edu psychologytoday.com publico.pt purdue.edu pydata.org pypi.org python.land python.org
pytorch.org qantas.com qualcomm.com qualys.com quay.io quebec.ca quickbooks.com quora.com r-bloggers.com r-project.org
rabobank.nl rackspace.com raiffeisen.at raiffeisen.ch rambler.ru rancher.com rapid7.com raspberrypi.com
raspberrypi.org rbc.ru rbs.co.uk react.dev readthedocs.org realpython.com realtor.com redcross.org reddit.com
redhat.com redis.io regions.com remitly.com render.com renfe.com repubblica.it researchgate.net reuters.com
revolut.com rewe.de rfc-editor.org ricardo.ch rice.edu rightmove.co.uk rijksoverheid.nl riotgames.com ripe.net
riteaid.com robinhood.com roblox.com rockstargames.com rogers.com roku.com rollingstone.com rossmann.de
rottentomatoes.com royalsociety.org rt.com rte.ie rtl.de rtve.es ruby-lang.org rubygems.org rust-lang.org rutgers.edu
rwth-aachen.de ryanair.com sage.com sagepub.com sainsburys.co.uk salesforce.com samsung.com sans.org santander.pl
sap.com saturn.de sba.gov sbb.ch sberbank.com sbi.co.in scala-lang.org scala-sbt.org scaleway.com scb.co.th schwab.com
science.org sciencedaily.com sciencedirect.com scientificamerican.com scikit-learn.org scipy.org scmp.com screwfix.com
scribd.com seb.se sec.gov sectigo.com seg-social.gob.es senate.gov sendgrid.com sentinelone.com sentry.io sephora.com
sephora.fr seriouseats.com service-public.fr servicenow.com servicesaustralia.gov.au seznam.cz sfgate.com sfr.fr
shodan.io shopify.com shutterstock.com siemens.com singaporeair.com sj.se skat.dk skatteetaten.no skatteverket.se
sky.com skyscanner.com skyscanner.net skysports.com slack.com slashdot.org slate.com slideshare.net smbc.co.jp
smh.com.au sncf-connect.com sncf.com snopes.com snort.org snowflake.com snyk.io socialsecurity.gov sofascore.com
sofi.com softbank.jp sohu.com sonarsource.com sony.com sophos.com sorbonne-universite.fr soundcloud.com
sourceforge.net southwest.com space.com sparkasse.de spectrum.com speedtest.net spiegel.de spirit.com splunk.com
sport1.de spring.io springer.com sprint.com sqlite.org squareup.com ssa.gov ssllabs.com ssrn.com stability.ai
stackexchange.com stackoverflow.com standard.co.uk stanford.edu staples.com starbucks.com starlingbank.com state.gov
statestreet.com statista.com statuspage.io steamcommunity.com steampowered.com stern.de straitstimes.com strato.de
strava.com stripe.com studentaid.gov subito.it sueddeutsche.de sumup.com sunrise.ch supabase.com supremecourt.gov
suricata.io suse.com svelte.dev svt.se swedbank.se swift.org swisscom.ch symfony.com t-mobile.com t-online.de
tagesschau.de talktalk.co.uk tamu.edu tandfonline.com taobao.com target.com taz.de tdameritrade.com techcrunch.com
technion.ac.il techradar.com ted.com telefonica.com telegraph.co.uk telekom.com telekom.de telstra.com.au telus.com
tenable.com tenor.com tensorflow.org tesco.com tesco.ie tesla.com texas.gov tf1.fr thalia.de theathletic.com
theatlantic.com thefreedictionary.com theguardian.com thehill.com theregister.com thesaurus.com thesun.co.uk
thetimes.co.uk thetrainline.com theverge.com three.co.uk ticketmaster.com tidal.com tim.it time.com timeanddate.com
timesofindia.com tmall.com tmobile.com tomshardware.com torproject.org toyota.com trainline.com transfermarkt.com
transunion.com travelocity.com travis-ci.com treasury.gov trello.com trendmicro.com trenitalia.com tripadvisor.com
trivago.com truist.com trustpilot.com tsa.gov tsb.co.uk tsinghua.edu.cn tudelft.nl tum.de turkishairlines.com
tutanota.com tutorialspoint.com tuwien.ac.at tvguide.com twilio.com twitch.tv typescriptlang.org u-tokyo.ac.jp ub.edu
ubc.ca uber.com ubereats.com ubisoft.com ubs.com ubuntu.com ucdavis.edu uchicago.edu uci.edu ucl.ac.uk ucla.edu
ucsb.edu ucsd.edu udemy.com uefa.com ufc.com ufl.edu ugent.be uio.no ulisboa.pt ulta.com umd.edu umich.edu umn.edu
un.org unc.edu unesco.org uni-hamburg.de uni-heidelberg.de unibe.ch unibo.it unicef.org unicredit.it unilever.com
unimelb.edu.au united.com unity.com univie.ac.at unsplash.com uob.com.sg uol.com.br upenn.edu upm.es ups.com
uptodate.com upwork.com urbandictionary.com urssaf.fr us-cert.gov usa.gov usaa.com usatoday.com usc.edu uscis.gov
usda.gov usgs.gov usps.com utexas.edu utoronto.ca uu.se uva.nl uwaterloo.ca uzh.ch va.gov valorant.com vanderbilt.edu
vanguard.com variety.com vatican.va vercel.com verisign.com verizon.com vg.no vice.com videolan.org vimeo.com
vinted.com vinted.fr virginia.edu virginmedia.com virginmoney.com virustotal.com visualstudio.com vk.com vmware.com
vodafone.co.uk vodafone.com vodafone.de volkswagen.com vox.com vrbo.com vt.edu vuejs.org vultr.com w3.org
w3schools.com walgreens.com wallapop.com walmart.com warwick.ac.uk washington.edu washingtonpost.com wattpad.com
wayfair.com weather.com weather.gov web.de webex.com webmd.com weforum.org weibo.com welt.de westpac.com.au
whitehouse.gov who.int wikidata.org wikihow.com wikileaks.org wikimedia.org wikipedia.org wiktionary.org
wildberries.ru wiley.com willhaben.at windtre.it wired.com wireshark.org wisc.edu wise.com wizzair.com
wolframalpha.com woocommerce.com wordreference.com workday.com worldbank.org worldpay.com worldremit.com wp.pl wsj.com
wto.org wwe.com wyndhamhotels.com xero.com xfinity.com xing.com yahoo.co.jp yale.edu yandex.com yandex.ru
ycombinator.com yelp.com yle.fi youtube-nocookie.com zalando.com zalando.de zappos.com zara.com zdf.de zdnet.com
zeek.org zeit.de zendesk.com zhihu.com zillow.com zkb.ch zoho.com zoho.eu zoom.us zoopla.co.uk zotero.org
`;

const known: ReadonlySet<string> = new Set([
  ...widelyKnown.trim().split(/\s+/),
  ...brands.flatMap(({ domains }) => domains),
]);

/** All of them, brands' own domains included. */
export const knownDomains: readonly string[] = [...known];

/** @param domain a registered domain */
export function isKnownDomain(domain: string): boolean {
  return known.has(domain);
}
