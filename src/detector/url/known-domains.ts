import { brands } from './brands.js';

/**
 * Registered domains that many people know and whose pages their owners make: no hosting, no shorteners. Collections of
 * good addresses hold too few of their home and login pages to learn from. Written down by hand; no ranking or data set went in.
 */
const widelyKnown = `
abc.es abc.net.au abola.pt about.com ac24.cz academia.edu accuweather.com acm.org adidas.com adobe.io aeroflot.ru
aftonbladet.se agoda.com ahrefs.com airfrance.com akamai.com aliexpress.ru aljazeera.com allegro.pl allmusic.com
allrecipes.com ama-assn.org amd.com ameli.fr android.com answers.com ap.org apache.org apnews.com arbeitsagentur.de
archive.org archlinux.org arduino.cc argos.co.uk arstechnica.com arxiv.org asahi.com ask.com asos.com asus.com
auth0.com auto.ru autodesk.com automattic.com aviasales.ru avito.ru axa.com babbel.com babycenter.com bahn.de
baidu.com bandcamp.com bankrate.com bbc.co.uk bbc.com behance.net belastingdienst.nl berkeley.edu bild.de bilibili.com
biomedcentral.com bitbucket.org bleepingcomputer.com blender.org blick.ch bloomberg.com bmj.com bmw.com boeing.com
bol.com bosch.com boursorama.com box.com brave.com britannica.com britishairways.com brookings.edu bund.de bunq.com
businessinsider.com businesswire.com buzzfeed.com caltech.edu cam.ac.uk cambridge.org canada.ca canon.com cargurus.com
carnegieendowment.org carrefour.fr cbc.ca cbsnews.com cdc.gov cdiscount.com census.gov cern.ch change.org
chicagotribune.com chinadaily.com.cn chip.de chromium.org cia.gov cisco.com clarin.com cloudflare.com cmu.edu cnbc.com
cnet.com cnn.com codecademy.com codepen.io columbia.edu computerbild.de confluent.io congress.gov consumerreports.org
coolblue.nl copyblogger.com cornell.edu corriere.com corriere.it coursera.org cpan.org crates.io creativecommons.org
crunchbase.com csmonitor.com ctan.org dailymail.co.uk dailymotion.com databricks.com datadoghq.com dawn.com debian.org
decathlon.fr deepl.com dell.com delta.com derstandard.at deutschlandfunk.de deviantart.com dictionary.com digg.com
digid.nl digitalocean.com discogs.com disney.com djangoproject.com docker.com doctolib.de doctolib.fr doi.org
douban.com dr.dk dribbble.com drupal.org duckduckgo.com duke.edu duolingo.com dw.com easyjet.com economist.com edx.org
eff.org ehow.com elastic.co elmundo.es elpais.com elsevier.com elster.de eltiempo.com emag.ro emirates.com
engadget.com epa.gov esa.int espn.com ethz.ch etsy.com europa.eu eurosport.com eventbrite.com evernote.com
everydayhealth.com expressen.se fandango.com fandom.com faz.net fbi.gov fcc.gov fda.gov fedoraproject.org fifa.com
figma.com fiverr.com flickr.com flipkart.com fnac.com foodnetwork.com forbes.com ford.com fortune.com foxnews.com
france24.com francetvinfo.fr freebsd.org freecodecamp.org ft.com ftc.gov gamespot.com gartner.com gazzetta.it
geeksforgeeks.org genius.com getbootstrap.com gitea.com gizmodo.com glassdoor.com globo.com gmx.at gnome.org gnu.org
go.dev goal.com golang.org goodreads.com grafana.com grammarly.com groupon.com gutenberg.org hackernews.com
hackerone.com harvard.edu hashicorp.com hbr.org healthline.com heise.de hepsiburada.com heritage.org hilton.com
hindustantimes.com history.com hm.com homedepot.com honda.com howstuffworks.com huawei.com huffpost.com hulu.com
hurriyet.com.tr hyatt.com ibm.com idealo.de ieee.org ietf.org ign.com ikea.com ilsole24ore.com imdb.com imf.org
imgur.com immobilienscout24.de impots.gouv.fr inc.com indeed.com independent.co.uk indiatimes.com infobae.com
instructables.com intel.com interia.pl internetsociety.org investing.com investopedia.com irishtimes.com isc.org
iso.org issuu.com itv.com ixbt.com java.com jd.com jenkins.io jetbrains.com jhu.edu jquery.com jstor.org justia.com
justice.gov kaggle.com kaspersky.com kayak.com kde.org kernel.org khanacademy.org kicker.de kickstarter.com kijiji.ca
kleinanzeigen.de klm.com kompas.com kubernetes.io lanacion.com.ar laposte.fr last.fm latimes.com leboncoin.fr
lefigaro.fr legifrance.gouv.fr lego.com lemonde.fr lenovo.com leparisien.fr letsencrypt.org lg.com liberation.fr
libreoffice.org lidl.de lifehacker.com linux.com linuxfoundation.org livescience.com loc.gov logitech.com
lonelyplanet.com lufthansa.com lwn.net mailchimp.com marca.com mariadb.org marketwatch.com marktplaats.nl marriott.com
mashable.com mathworks.com mayoclinic.org mdpi.com mediamarkt.de mediawiki.org medium.com medlineplus.gov meetup.com
mercadolibre.com.ar mercadolibre.com.mx mercadolivre.com.br merriam-webster.com metacritic.com metmuseum.org
metoffice.gov.uk mit.edu mitre.org mlb.com mobile.de moma.org monday.com mongodb.com monster.com mozilla.com
mozilla.org mysql.com n-tv.de nasa.gov nasdaq.com nationalgeographic.com nationalrail.co.uk nature.com naver.com
nba.com nbcnews.com ndr.de ndtv.com nejm.org netbsd.org newegg.com newscientist.com newsweek.com newyorker.com nfl.com
nginx.com nginx.org nhl.com nih.gov nike.com nikkei.com nist.gov noaa.gov nodejs.org nokia.com nos.nl npmjs.com
npr.org ntv.de nu.nl nuget.org nvidia.com ny.gov nydailynews.com nypost.com nytimes.com nyu.edu nzherald.co.nz nzz.ch
oecd.org ok.ru okta.com olx.pl olx.ua onet.pl openai.com openbsd.org opensource.org openssh.com openssl.org
openstreetmap.org opensuse.org opentable.com opera.com oracle.com orange.es oreilly.com orf.at otto.de ouest-france.fr
oup.com outbrain.com overleaf.com owasp.org ox.ac.uk ozon.ru packagist.org pandora.com parliament.uk patreon.com
pbs.org pcgamer.com pcmag.com people.com perl.org pexels.com philips.com phoronix.com php.net pixabay.com plos.org
pole-emploi.fr politico.com politico.eu polygon.com postgresql.org postnl.nl premierleague.com princeton.edu
prnewswire.com producthunt.com psu.edu psychologytoday.com publico.pt pydata.org pypi.org python.org pytorch.org
qualcomm.com quora.com r-project.org rambler.ru raspberrypi.com raspberrypi.org rbc.ru react.dev
readthedocs.org realtor.com redcross.org reddit.com redhat.com redis.io repubblica.it researchgate.net reuters.com
rfc-editor.org ricardo.ch rollingstone.com rottentomatoes.com royalsociety.org rt.com rte.ie rtl.de rtve.es
ruby-lang.org rubygems.org rust-lang.org ryanair.com sagepub.com samsung.com sans.org sap.com sberbank.com
scala-lang.org science.org sciencedaily.com sciencedirect.com scientificamerican.com scikit-learn.org scipy.org
scmp.com scribd.com sec.gov seriouseats.com seznam.cz sfgate.com shodan.io shutterstock.com siemens.com sky.com
slashdot.org slate.com slideshare.net smh.com.au sncf-connect.com sncf.com snopes.com snort.org socialsecurity.gov
sofascore.com sohu.com sony.com soundcloud.com sourceforge.net southwest.com space.com speedtest.net spiegel.de
splunk.com sport1.de springer.com sqlite.org ssa.gov ssrn.com stackexchange.com stackoverflow.com standard.co.uk
stanford.edu state.gov statista.com stern.de straitstimes.com strava.com subito.it sueddeutsche.de suricata.io svt.se
swift.org symfony.com t-online.de tagesschau.de tandfonline.com taobao.com taz.de techcrunch.com techradar.com ted.com
telefonica.com telegraph.co.uk tensorflow.org tesco.com tesla.com texas.gov tf1.fr thalia.de theatlantic.com
thefreedictionary.com theguardian.com thehill.com theregister.com thesaurus.com thesun.co.uk thetimes.co.uk
theverge.com ticketmaster.com time.com timeanddate.com timesofindia.com tmall.com tomshardware.com torproject.org
toyota.com transfermarkt.com travelocity.com trenitalia.com tripadvisor.com trustpilot.com tum.de tutorialspoint.com
tvguide.com typescriptlang.org ubuntu.com uchicago.edu ucla.edu udemy.com uefa.com umich.edu un.org unesco.org
unicef.org united.com unity.com unsplash.com uol.com.br upenn.edu uptodate.com upwork.com urbandictionary.com usa.gov
usatoday.com usc.edu usda.gov usgs.gov utexas.edu variety.com vatican.va vg.no vice.com videolan.org vimeo.com
virustotal.com visualstudio.com vk.com vmware.com volkswagen.com vox.com w3.org w3schools.com washington.edu
washingtonpost.com weather.com weather.gov webmd.com weforum.org weibo.com welt.de whitehouse.gov who.int wikidata.org
wikihow.com wikileaks.org wikimedia.org wikipedia.org wiktionary.org wildberries.ru wiley.com willhaben.at wired.com
wireshark.org wolframalpha.com wordreference.com worldbank.org wp.pl wsj.com wto.org xing.com yahoo.co.jp yale.edu
yandex.com yandex.ru ycombinator.com yelp.com yle.fi youtube-nocookie.com zalando.com zalando.de zara.com zdf.de
zdnet.com zeek.org zeit.de zendesk.com zhihu.com zillow.com zotero.org
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
