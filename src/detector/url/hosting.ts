/** Who lends a host's name: nobody (`own`), or a service whose name says nothing about who made the page. */
export type HostingKind = 'own' | 'shortener' | 'free' | 'dynamic' | 'shared';

/** Services whose whole purpose is to redirect to somewhere that the address does not show. */
const shorteners = `
  adf.ly adfoc.us alturl.com bc.vc bit.do bit.ly bitly.com bitly.is bl.ink budurl.com buff.ly chilp.it clck.ru cli.gs
  cutt.ly cutt.us db.tt dlvr.it fb.me ff.im fur.ly gg.gg goo.gl hyperurl.co ht.ly hubs.ly ift.tt is.gd j.mp kutt.it
  linktr.ee lnkd.in lnk.to migre.me moourl.com ouo.io ow.ly owl.li po.st prettylinkpro.com q.gs qr.ae qr.net qrco.de
  rb.gy rebrand.ly s.id s2r.co short.gy short.io shorte.st shorturl.at shorturl.com shrtco.de slink.com snip.ly
  snipr.com snipurl.com snurl.com soo.gd su.pr surl.li t.co t.ly t2m.io tiny.cc tiny.one tiny.pl tinyarrows.com
  tinylink.in tinyurl.com to.ly tr.im trib.al u.to urlcut.com urlz.fr urlzs.com v.gd v.ht vzturl.com wp.me x.co
  x.gd yep.it youtu.be yourls.org zpr.io zi.ma
`;

/** Free or anonymous hosting, site builders and form makers: the page is a tenant's, the name is the host's. */
const freeHosting = `
  000webhost.com 000webhostapp.com 0fees.net 110mb.com 12hp.de 1freehosting.com 20m.com 2kool4u.net 3owl.com 50megs.com
  50webs.com 6te.net 8m.com 8m.net altervista.org angelfire.com appspot.com atspace.com atspace.eu aweb.co awardspace.com
  awardspace.us azurewebsites.net azurestaticapps.net backblazeb2.com beget.tech blogspot.com bravenet.com
  bravesites.com builderall.com byethost.com byethost12.com carrd.co canva.site codesandbox.io comuf.com comyr.com
  creatorlink.net cu.cc cz.cc doodlekit.com dotster.com dreamstation.com dreamwidth.org duda.co editmysite.com
  eu5.org firebaseapp.com fleek.co formstack.com framer.app framer.website free.fr freehosting.com freehostia.com
  freeservers.com freesite.host freewebhostingarea.com freewebs.com freewebsites.com fortunecity.com ga.cx
  getresponse.com gitbook.io github.io gitlab.io glitch.me godaddysites.com googlepages.com hol.es homestead.com
  host-ed.me hostfree.pw hostinger.com hostinger.co.uk hostingerapp.com hostingersite.com hut1.ru hut2.ru hut4.ru
  herokuapp.com icoc.cc iceiy.com infinityfreeapp.com jigsy.com jimdo.com jimdofree.com jimdosite.com jotform.com
  justfree.com kissr.com leadpages.co livejournal.com lovestoblog.com lycos.com mybluehost.me mydurable.com
  myfreesites.net myjino.ru myshopify.com narod.ru neocities.org netfirms.com netlify.app notion.site ning.com
  onfastspring.com onrender.com orgfree.com pages.dev pantheonsite.io page.link page.tl pagecloud.com pastehtml.com
  pixieset.com plesk.page pythonanywhere.com r2.dev railway.app replit.app repl.co rf.gd royalwebhosting.net servehttp.com
  site123.me sites11.com siteleaf.net sitebeat.crazydomains.com softr.app square.site squarespace.com
  strikingly.com mystrikingly.com surge.sh surveymonkey.com t35.com t35.me tripod.com
  tumblr.com typeform.com typepad.com ucoz.com ucoz.net ucoz.org ucoz.ru ueuo.com umbler.net uw.hu vercel.app
  vndv.com vstore.ca wapka.me wapka.mobi wapkiz.com wcomhost.com web.app webadorsite.com webcindario.com
  webflow.io webnode.com webnode.page webs.com webwave.dev weebly.com weeblysite.com wixsite.com wix.com wordpress.com
  workers.dev xp3.biz xtgem.com yola.com yolasite.com x10.mx x10host.com zohosites.com zyro.com zyrosite.com
`;

/** Names for machines behind changing addresses, and tunnels to a machine at home. */
const dynamicNames = `
  3utilities.com bounceme.net changeip.com ddns.me ddns.net ddnsfree.com ddnsking.com dnsdynamic.org dnsalias.com
  duckdns.org dyn.com dyndns.info dyndns.org dyndns.tv dynamic-dns.net dynu.net dynv6.net freeddns.org freedynamicdns.net
  gotdns.ch hopto.me hopto.org homeip.net loca.lt loclx.io localhost.run lhr.life myddns.me myftp.biz myftp.org
  mynetav.net myvnc.com ngrok.app ngrok.dev ngrok.io ngrok-free.app ngrok-free.dev no-ip.biz no-ip.com no-ip.org noip.com
  noip.me portmap.io pagekite.me redirectme.net serveblog.net servebeer.com serveftp.com servegame.com serveminecraft.net
  serveo.net sytes.net trycloudflare.com webhop.me zapto.org
`;

/** Hosts of well-known owners that show what anyone puts there: forms, documents, files, gateways to stored content. */
const sharedContent = `
  1drv.ms api.ipfs.io attachments.office.net blob.core.windows.net cf-ipfs.com cloudflare-ipfs.com dl.dropboxusercontent.com
  digilander.libero.it docs.google.com drive.google.com dweb.link dynamics.com firebasestorage.googleapis.com form.jotform.com forms.gle
  forms.office.com forms.zohopublic.com gateway.pinata.cloud gist.github.com huggingface.co infura-ipfs.io ipfs.io
  groups.google.com groups.yahoo.com linodeobjects.com nftstorage.link onedrive.live.com paste.ee pastebin.com raw.githubusercontent.com r2.dev
  s3.amazonaws.com sharepoint.com sites.google.com spreadsheets.google.com storage.cloud.google.com storage.googleapis.com telegra.ph
  translate.goog web.core.windows.net wetransfer.com
`;

const lists = [
  ['shortener', shorteners],
  ['free', freeHosting],
  ['dynamic', dynamicNames],
  ['shared', sharedContent],
] as const;

/** In front of a provider's domain, where its customers' own pages stand. */
const tenantLabels: ReadonlySet<string> = new Set(
  'home homepage homepages member members user users people personal perso pages freepages mysite hosting'.split(
    ' ',
  ),
);

/** Whether a host is one below which a provider's customers have pages, as `home.example.net/~someone`. */
export function isForTenants(subdomain: string): boolean {
  const end = subdomain.indexOf('.');
  return tenantLabels.has(end < 0 ? subdomain : subdomain.slice(0, end));
}

/** By host, registered domain or suffix; from the services' own pages, written down by hand. */
const services: ReadonlyMap<string, HostingKind> = new Map(
  lists.flatMap(([kind, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind] as const),
  ),
);

/** The service that a host belongs to, by itself or the names above it; of several the most particular. */
export function hostingKind(host: string): HostingKind {
  let kind: HostingKind = 'own';
  let dot = host.lastIndexOf('.');
  for (let labels = 2; labels <= 6 && dot >= 0; labels++) {
    dot = dot === 0 ? -1 : host.lastIndexOf('.', dot - 1);
    kind = services.get(host.slice(dot + 1)) ?? kind;
  }
  return kind;
}
