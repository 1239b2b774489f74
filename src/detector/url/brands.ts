/** A name that phishing pages borrow, and where its owner really lives. */
export interface Brand {
  /** Lower-case letters and digits, as it stands in host names. */
  readonly name: string;
  /** Registered domains of its owner, none of which the public suffix list knows as a suffix: those belong to tenants. */
  readonly domains: readonly string[];
  /** The owner has its name under practically every country's suffix, as `google.de`. */
  readonly national: boolean;
}

/**
 * A brand a line: its name, then its owner's registered domains; `*` stands for the name under country suffixes.
 * From the owners' own public pages; written down by hand.
 */
const table = `
google google.com youtube.com gmail.com goo.gl gstatic.com googleusercontent.com google.dev *
gmail gmail.com google.com
youtube youtube.com youtu.be youtube-nocookie.com *
microsoft microsoft.com microsoftonline.com live.com office.com windows.com azure.com msn.com bing.com sharepoint.com microsoft365.com windows.net
office365 office365.com office.com microsoft.com
onedrive onedrive.com live.com microsoft.com
sharepoint sharepoint.com microsoft.com
hotmail hotmail.com live.com outlook.com
outlook outlook.com office.com live.com office365.com outlook.de outlook.fr
skype skype.com microsoft.com
linkedin linkedin.com lnkd.in licdn.com
github github.com github.blog githubassets.com github.dev
gitlab gitlab.com
apple apple.com icloud.com me.com mac.com cdn-apple.com
icloud icloud.com apple.com icloud-content.com
itunes itunes.com apple.com
amazon amazon.com amazon.co.uk amazon.de amazon.fr amazon.it amazon.es amazon.nl amazon.se amazon.pl amazon.ca amazon.com.mx amazon.com.br amazon.in amazon.co.jp amazon.com.au amazon.sg amazon.ae amazon.sa amazon.eg amazon.com.tr amazon.cn amazon.jobs amazon.science aboutamazon.com amazonaws.com amazonpay.com amazonses.com amzn.to
primevideo primevideo.com amazon.com
audible audible.com audible.de audible.co.uk audible.fr audible.in audible.ca audible.com.au audible.co.jp
facebook facebook.com fb.com fb.me fbcdn.net facebook.net meta.com messenger.com fbsbx.com
messenger messenger.com facebook.com
instagram instagram.com cdninstagram.com facebook.com ig.me
whatsapp whatsapp.com whatsapp.net wa.me
telegram telegram.org telegram.me t.me
twitter twitter.com x.com t.co twimg.com
tiktok tiktok.com tiktokcdn.com tiktokv.com
snapchat snapchat.com snap.com
pinterest pinterest.com pin.it pinimg.com *
reddit reddit.com redd.it redditmedia.com redditstatic.com
discord discord.com discord.gg discordapp.com discordapp.net discord.media
twitch twitch.tv ttvnw.net
spotify spotify.com scdn.co spotify.link
netflix netflix.com nflxext.com nflximg.net nflxvideo.net
disneyplus disneyplus.com disney.com
hulu hulu.com
hbomax hbomax.com max.com hbo.com
paramountplus paramountplus.com
crunchyroll crunchyroll.com
deezer deezer.com
soundcloud soundcloud.com snd.sc
dropbox dropbox.com dropboxusercontent.com db.tt dropbox.tech
docusign docusign.com docusign.net docusign.co.uk docusign.de docusign.fr
adobe adobe.com adobe.io adobelogin.com typekit.com
zoom zoom.us zoom.com
slack slack.com slack-edge.com
salesforce salesforce.com force.com
wetransfer wetransfer.com we.tl
wordpress wordpress.com wordpress.org wp.com
godaddy godaddy.com secureserver.net
namecheap namecheap.com
cloudflare cloudflare.com cloudflarestatus.com
digitalocean digitalocean.com
squarespace squarespace.com
shopify shopify.com shopifycdn.com
mailchimp mailchimp.com
yahoo yahoo.com yahoo.co.jp yimg.com flickr.com *
aol aol.com aol.co.uk
protonmail protonmail.com proton.me protonmail.ch
zimbra zimbra.com
roundcube roundcube.net
yandex yandex.com yandex.ru yandex.net ya.ru yandex.by yandex.kz yandex.com.tr
mailru mail.ru
vkontakte vk.com vkontakte.ru
baidu baidu.com
wechat wechat.com
alibaba alibaba.com alibabagroup.com
aliexpress aliexpress.com aliexpress.ru aliexpress.us
taobao taobao.com
rakuten rakuten.com rakuten.co.jp rakuten.de rakuten.fr rakuten-card.co.jp rakuten-bank.co.jp
mercari mercari.com
ebay ebay.com ebayimg.com ebaystatic.com ebay.us *
walmart walmart.com walmart.ca walmart.com.mx
bestbuy bestbuy.com bestbuy.ca
costco costco.com *
homedepot homedepot.com homedepot.ca
ikea ikea.com ikea.cn
zalando zalando.com zalando.de zalando.fr zalando.it zalando.nl zalando.pl zalando.co.uk zalando.ch zalando.at zalando.be zalando.es zalando.se
shein shein.com
temu temu.com
etsy etsy.com etsystatic.com
allegro allegro.pl allegrolokalnie.pl
mercadolibre mercadolibre.com mercadolibre.com.ar mercadolibre.com.mx mercadolibre.com.co mercadolibre.cl
mercadolivre mercadolivre.com.br mercadolivre.com
mercadopago mercadopago.com mercadopago.com.ar mercadopago.com.br mercadopago.com.mx
flipkart flipkart.com
craigslist craigslist.org craigslist.ca craigslist.co.uk
gumtree gumtree.com gumtree.com.au
leboncoin leboncoin.fr
marktplaats marktplaats.nl
olx olx.com olx.pl olx.ro olx.com.br olx.ua olx.pt olx.bg olx.in
vinted vinted.com vinted.fr vinted.de vinted.co.uk vinted.pl vinted.it vinted.es vinted.nl
booking booking.com bstatic.com
airbnb airbnb.com muscache.com *
tripadvisor tripadvisor.com *
expedia expedia.com *
uber uber.com ubereats.com
paypal paypal.com paypal.me paypalobjects.com paypal-community.com
venmo venmo.com
cashapp cash.app
zelle zellepay.com zelle.com
stripe stripe.com stripe.network
klarna klarna.com klarna.de klarna.se
wise wise.com transferwise.com
revolut revolut.com revolut.me
westernunion westernunion.com
moneygram moneygram.com
payoneer payoneer.com
skrill skrill.com
neteller neteller.com
alipay alipay.com
paytm paytm.com paytm.in
phonepe phonepe.com
visa visa.com *
mastercard mastercard.com mastercard.us *
americanexpress americanexpress.com aexp-static.com amex.com
amex amex.com americanexpress.com
discovercard discover.com discovercard.com
chase chase.com jpmorganchase.com
jpmorgan jpmorgan.com jpmorganchase.com
bankofamerica bankofamerica.com bofa.com
wellsfargo wellsfargo.com wf.com
citibank citibank.com citi.com citigroup.com citibank.co.in citibank.com.sg citibank.com.hk
capitalone capitalone.com capitalone.co.uk capitalone.ca
usbank usbank.com
usaa usaa.com
navyfederal navyfederal.org
schwab schwab.com
fidelity fidelity.com fidelity.co.uk
vanguard vanguard.com vanguard.co.uk
truist truist.com
regions regions.com
suntrust suntrust.com truist.com
tdbank td.com tdbank.com
scotiabank scotiabank.com
desjardins desjardins.com
interac interac.ca
hsbc hsbc.com hsbc.co.uk hsbc.com.hk hsbc.fr hsbc.ca hsbc.com.mx hsbc.com.sg *
barclays barclays.co.uk barclays.com barclaycardus.com
barclaycard barclaycard.co.uk barclaycardus.com barclays.co.uk
lloydsbank lloydsbank.com lloydsbank.co.uk lloydsbankinggroup.com
natwest natwest.com
halifax halifax.co.uk
santander santander.com santander.co.uk santander.de santanderbank.com santander.com.br santander.pl santander.pt bancosantander.es santander.com.mx santander.cl santander.com.ar
nationwide nationwide.co.uk nationwide.com
monzo monzo.com monzo.me
bbva bbva.com bbva.es bbva.mx bbva.pe bbva.com.ar bbva.com.co
caixabank caixabank.es caixabank.com
bankia bankia.es
creditagricole credit-agricole.fr credit-agricole.com
societegenerale societegenerale.fr societegenerale.com
bnpparibas bnpparibas.com mabanque.bnpparibas bnpparibas.net
boursorama boursorama.com boursobank.com
labanquepostale labanquepostale.fr
deutschebank deutsche-bank.de db.com
commerzbank commerzbank.de commerzbank.com
sparkasse sparkasse.de sparkasse.at
volksbank volksbank.de volksbank.at vr.de
postbank postbank.de
comdirect comdirect.de
unicredit unicredit.it unicreditgroup.eu unicredit.de
intesasanpaolo intesasanpaolo.com
posteitaliane poste.it posteitaliane.it
nexi nexi.it
rabobank rabobank.nl rabobank.com
abnamro abnamro.nl abnamro.com
belfius belfius.be
raiffeisen raiffeisen.ch raiffeisen.at raiffeisen.ru raiffeisenbank.com
postfinance postfinance.ch
swisscom swisscom.ch swisscom.com
swedbank swedbank.se swedbank.com swedbank.ee swedbank.lt swedbank.lv
nordea nordea.com nordea.fi nordea.se nordea.dk nordea.no
danskebank danskebank.dk danskebank.com danskebank.fi danskebank.no danskebank.se danskebank.co.uk
pkobp pkobp.pl
sberbank sberbank.ru sberbank.com sber.ru
tinkoff tinkoff.ru tbank.ru
privatbank privatbank.ua
garanti garantibbva.com.tr
isbank isbank.com.tr
itau itau.com.br itau.com
bradesco bradesco.com.br
bancodobrasil bb.com.br
nubank nubank.com.br
bancolombia bancolombia.com
banorte banorte.com
commbank commbank.com.au
westpac westpac.com.au westpac.co.nz
anzbank anz.com anz.com.au anz.co.nz
sbi sbi.co.in onlinesbi.sbi onlinesbi.com bank.sbi
icicibank icicibank.com
hdfcbank hdfcbank.com
axisbank axisbank.com
maybank maybank.com maybank2u.com.my maybank.com.sg
dbsbank dbs.com dbs.com.sg
standardbank standardbank.co.za standardbank.com
absa absa.co.za absa.africa
capitecbank capitecbank.co.za
firstbank firstbanknigeria.com firstbank.com
icbc icbc.com.cn icbc.com
mufg mufg.jp
smbc smbc.co.jp
bitcoin bitcoin.org bitcoin.com
coinbase coinbase.com
binance binance.com binance.us binance.org
kraken kraken.com
blockchain blockchain.com blockchain.info
metamask metamask.io
trezor trezor.io
trustwallet trustwallet.com
myetherwallet myetherwallet.com
opensea opensea.io
pancakeswap pancakeswap.finance
uniswap uniswap.org
bitfinex bitfinex.com
bitstamp bitstamp.net
cryptocom crypto.com
kucoin kucoin.com
bybit bybit.com
localbitcoins localbitcoins.com
robinhood robinhood.com
etrade etrade.com
dhl dhl.com dhl.de dhl.co.uk dhl.fr dhl.nl *
fedex fedex.com
ups ups.com
usps usps.com
royalmail royalmail.com
laposte laposte.fr laposte.net
chronopost chronopost.fr
colissimo colissimo.fr
deutschepost deutschepost.de dpdhl.com
hermes myhermes.co.uk hermesworld.com myhermes.de
evri evri.com
dpd dpd.com dpd.de dpd.co.uk dpd.fr *
gls gls-group.com gls-group.eu gls-pakete.de
postnl postnl.nl postnl.be
bpost bpost.be
correos correos.es
poczta poczta-polska.pl
inpost inpost.pl inpost.co.uk inpost.it
auspost auspost.com.au
canadapost canadapost.ca canadapost-postescanada.ca
singpost singpost.com
japanpost japanpost.jp
correios correios.com.br
swisspost post.ch swisspost.ch
steam steampowered.com steamcommunity.com
steamcommunity steamcommunity.com
steampowered steampowered.com
playstation playstation.com sony.com
nintendo nintendo.com nintendo.co.jp nintendo.co.uk nintendo.de
xbox xbox.com xboxlive.com
roblox roblox.com rbxcdn.com
epicgames epicgames.com
fortnite fortnite.com epicgames.com
minecraft minecraft.net
blizzard blizzard.com battle.net
battlenet battle.net blizzard.com
worldofwarcraft worldofwarcraft.com blizzard.com
runescape runescape.com jagex.com
riotgames riotgames.com leagueoflegends.com
habbo habbo.com *
tesco tesco.com
samsung samsung.com samsungcloud.com
huawei huawei.com
xiaomi xiaomi.com mi.com
sony sony.com sony.co.jp sony.net
nokia nokia.com
lenovo lenovo.com
intel intel.com
nvidia nvidia.com
oracle oracle.com
vmware vmware.com
cisco cisco.com
verizon verizon.com verizonwireless.com
tmobile t-mobile.com t-mobile.de t-mobile.nl
comcast comcast.com comcast.net xfinity.com
xfinity xfinity.com
spectrum spectrum.com spectrum.net
vodafone vodafone.com vodafone.de vodafone.co.uk *
telefonica telefonica.com telefonica.de
movistar movistar.com movistar.es
orange orange.com orange.fr orange.es orange.pl orange.be
sfr sfr.fr sfr.com
telekom telekom.de telekom.com telekom.hu
britishtelecom bt.com
docomo docomo.ne.jp nttdocomo.co.jp
ntt ntt.com ntt.co.jp
virginmedia virginmedia.com
irs irs.gov
hmrc hmrc.gov.uk tax.service.gov.uk
impots impots.gouv.fr
ameli ameli.fr
elster elster.de
mygov my.gov.au
medicare medicare.gov
socialsecurity ssa.gov
agenziaentrate agenziaentrate.gov.it
canadarevenue canada.ca cra-arc.gc.ca
uscis uscis.gov
wikipedia wikipedia.org wikimedia.org
stackoverflow stackoverflow.com
quora quora.com
tumblr tumblr.com
imgur imgur.com
ledger ledger.com
norton norton.com nortonlifelock.com
mcafee mcafee.com
kaspersky kaspersky.com kaspersky.ru
avast avast.com
okta okta.com oktapreview.com
lastpass lastpass.com
onepassword 1password.com
match match.com
tinder tinder.com gotinder.com
badoo badoo.com
airfrance airfrance.com airfrance.fr
lufthansa lufthansa.com
emirates emirates.com
ryanair ryanair.com
easyjet easyjet.com
delta delta.com
starbucks starbucks.com *
mcdonalds mcdonalds.com *
nike nike.com
adidas adidas.com *
rayban ray-ban.com
`;

export const brands: readonly Brand[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [name, ...domains] = line.split(' ');
    return { name, domains: domains.filter((domain) => domain !== '*'), national: domains.includes('*') };
  });

/**
 * Names that are also words or parts of words: they count only where they stand alone between marks, and a name one
 * letter away is no look-alike.
 */
export const wordlikeBrands: ReadonlySet<string> = new Set(
  (
    'apple chase visa wise match delta orange steam booking discord telegram messenger ledger spectrum regions kraken ' +
    'stripe zoom slack uber nike intel oracle norton emirates halifax nationwide fidelity vanguard allegro audible ' +
    'robinhood blockchain bitcoin hermes elster medicare interac garanti temu etsy correos hulu ikea sony cisco absa ' +
    'itau nexi usbank isbank gmail twitch zelle tesco tinder poczta firstbank mygov amex steamcommunity ' +
    'etrade truist ameli'
  ).split(' '),
);
