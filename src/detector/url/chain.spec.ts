import { readUrlItem, UrlItem } from './url-item.js';

/** The links of an address, then what is scored beside the page. */
function read(text: string): UrlItem {
  const item = readUrlItem(text);
  if (!(item instanceof UrlItem)) throw new Error(`${text}: ${item.message}`);
  return item;
}

/** What is scored of an address in place of itself. */
function scored(text: string): string {
  return read(text).url.text;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const target = 'https://shop.example/a?b=1&c=2';
const escaped = encodeURIComponent(target);

describe('a wrapper’s address is scored as its target', () => {
  it.each([
    [
      'Safe Links',
      `https://eur03.safelinks.protection.outlook.com/?url=${escaped}&data=05%7C01%7C&sdata=x&reserved=0`,
    ],
    [
      'Safe Links in an app',
      `https://nam02.safelinks.protection.outlook.com/ap/w-59584e83/?url=${escaped}&data=05`,
    ],
    ['Safe Links of a government', `https://gcc02.safelinks.protection.office365.us/?url=${escaped}&data=x`],
    [
      'Safe Links out of HTML',
      `https://eur03.safelinks.protection.outlook.com/?data=05&amp;url=${escaped}&amp;sdata=x`,
    ],
    [
      'Safe Links in Teams',
      `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=${escaped}`,
    ],
    ['URL Defense 1', `https://urldefense.proofpoint.com/v1/url?u=${escaped}&k=x`],
    [
      'URL Defense 2',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__shop.example_a-3Fb-3D1-26c-3D2&d=DwMF&c=x',
    ],
    ['URL Defense 3', 'https://urldefense.com/v3/__https://shop.example/a?b=1*c=2__;Jg!!abc!xyz$'],
    [
      'URL Defense 3 with one slash',
      'https://urldefense.com/v3/__https:/shop.example/a?b=1&c=2__;!!abc!xyz$',
    ],
    ['Barracuda', `https://linkprotect.cudasvc.com/url?a=${escaped}&c=E,1,x&typo=1`],
    ['Cisco', `https://secure-web.cisco.com/1AbC-d_e/${escaped}`],
    ['Symantec', `https://clicktime.symantec.com/3AbCd?u=${escaped}`],
    ['Trend Micro', `https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=${escaped}&umid=x`],
    [
      'Sophos',
      `https://eu-west-1.protection.sophos.com/?d=shop.example&u=${encodeURIComponent(base64(target))}&i=x`,
    ],
    ['FireEye', `https://protect2.fireeye.com/v1/url?k=1&q=1&e=2&u=${escaped}`],
    ['Check Point', `https://url.avanan.click/v2/___${target}___.YXAzOmFiYw`],
    ['Google', `https://www.google.com/url?sa=t&url=${escaped}&usg=x`],
    ['Google of a country', `https://www.google.co.uk/url?q=${escaped}&sa=D`],
    ['Google’s advertisements', `https://www.googleadservices.com/pagead/aclk?sa=L&adurl=${escaped}`],
    [
      'Google’s advertisements as a query',
      `https://ad.doubleclick.net/ddm/trackclk/N1.2;dc_trk_aid=1?${target}`,
    ],
    ['AMP at Google', 'https://www.google.com/amp/s/shop.example/a?b=1&c=2'],
    ['the AMP cache', 'https://shop-example.cdn.ampproject.org/c/s/shop.example/a?b=1&c=2'],
    ['Google Translate', `https://translate.google.com/translate?sl=auto&tl=en&u=${escaped}`],
    ['a translated host', 'https://shop-example.translate.goog/a?b=1&c=2&_x_tr_sl=auto&_x_tr_tl=en'],
    ['Facebook', `https://l.facebook.com/l.php?u=${escaped}&h=AT0`],
    ['Facebook on a telephone', `https://lm.facebook.com/l.php?u=${escaped}`],
    ['Instagram', `https://l.instagram.com/?u=${escaped}&e=AT0`],
    ['Reddit', `https://out.reddit.com/t3_1?url=${escaped}&token=x`],
    ['Slack', `https://slack-redir.net/link?url=${escaped}`],
    ['Steam', `https://steamcommunity.com/linkfilter/?url=${escaped}`],
    ['VK', `https://vk.com/away.php?to=${escaped}`],
    ['YouTube', `https://www.youtube.com/redirect?event=x&q=${escaped}`],
    ['LinkedIn', `https://www.linkedin.com/safety/go?url=${escaped}&trk=x`],
    ['Tumblr', `https://t.umblr.com/redirect?z=${escaped}&t=x`],
    ['DuckDuckGo', `https://duckduckgo.com/l/?uddg=${escaped}&rut=x`],
    ['Bing', `https://www.bing.com/ck/a?!&&p=x&u=a1${base64(target).replaceAll('=', '')}&ntb=1`],
    ['Yahoo', `https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=${escaped}/RK=2/RS=x`],
    [
      'Google’s cache',
      `https://webcache.googleusercontent.com/search?q=cache:AbCdEf-12_45:${escaped}+some+words&hl=en`,
    ],
    ['the Internet Archive', `https://web.archive.org/web/20240101000000if_/${target}`],
    ['archive.today', `https://archive.ph/newest/${target}`],
    ['href.li', `https://href.li/?${target}`],
    ['Defender for Cloud Apps', 'https://shop.example.mcas.ms/a?b=1&c=2'],
    ['Zscaler', `https://gateway.zscloud.net/auT?origurl=${escaped}&_ordtok=x`],
    ['Amazon SES', `https://abc.r.eu-west-1.awstrack.me/L0/${escaped}/1/0102/x=403`],
    [
      'Mandrill',
      `https://mandrillapp.com/track/click/1/x?p=${base64(JSON.stringify({ p: JSON.stringify({ url: target }) }))}`,
    ],
    [
      'wrappers within wrappers',
      `https://l.facebook.com/l.php?u=${encodeURIComponent(`https://www.google.com/url?q=${escaped}`)}&h=x`,
    ],
  ])('of %s', (_service, text) => {
    expect(scored(text)).toBe('shop.example/a?b=1&c=2');
  });

  it('where characters stand in runs, as Proofpoint writes them', () => {
    // "é" and three bytes of "%%%" as one run of the code B.
    const bytes = base64('é%%%');
    expect(scored(`https://urldefense.com/v3/__https://shop.example/caf*/**B__;${bytes}!!a!b$`)).toBe(
      'shop.example/caf%C3%A9/%%%',
    );
  });

  it('by its domain where the gateway shows no more', () => {
    expect(scored('https://protect-eu.mimecast.com/s/AbCdEf12345?domain=shop.example')).toBe('shop.example');
  });

  it('and shows every link', () => {
    const inner = `https://www.google.com/url?q=${escaped}`;
    const { links } = read(`https://l.facebook.com/l.php?u=${encodeURIComponent(inner)}`);
    expect(links.map(({ url, through }) => [url.bareHost, through])).toEqual([
      ['l.facebook.com', 'Facebook'],
      ['google.com', 'Google'],
      ['shop.example', null],
    ]);
  });

  it('to a depth that is bounded', () => {
    let text = target;
    for (let depth = 0; depth < 9; depth++) text = `https://href.li/?${text}`;
    expect(read(text).links).toHaveLength(6);
    expect(read(text).rule).toMatchObject({
      verdict: 'suspicious',
      texts: ['leads through more than 5 addresses, one within another, and is not followed further'],
    });
  });
});

describe('an address is scored as itself', () => {
  it.each([
    [
      'whose target cannot be read',
      'https://www.google.com/url?q=javascript:alert(1)',
      'google.com/url?q=javascript:alert(1)',
    ],
    [
      'of a service whose other pages lead nowhere',
      'https://www.google.com/search?q=https%3A%2F%2Fshop.example',
      'google.com/search?q=https://shop.example',
    ],
    [
      'of a stranger who has a service’s name',
      'https://google.evil.example/url?q=https://shop.example/',
      'google.evil.example/url?q=https://shop.example',
    ],
    [
      'of a stranger below whose name a service’s stands',
      'https://l.facebook.com.evil.example/l.php?u=https://shop.example/',
      'l.facebook.com.evil.example/l.php?u=https://shop.example',
    ],
  ])('%s', (_what, text, expected) => {
    expect(scored(text)).toBe(expected);
  });
});

describe('a page that sends visitors on', () => {
  it.each([
    [
      'a parameter',
      'https://shop.example/login?next=https%3A%2F%2Fother.example%2Fa',
      'other.example/a',
      'the parameter next',
    ],
    [
      'an address without its scheme',
      'https://school.example/redirect?url=//other.example/webmail',
      'other.example/webmail',
      'the parameter url',
    ],
    [
      'backslashes',
      'https://school.example/redirect?url=%5C%5Cother.example/a',
      'other.example/a',
      'the parameter url',
    ],
    [
      'base64',
      `https://track.example/c?u=${base64('https://other.example/a')}`,
      'other.example/a',
      'the parameter u',
    ],
    ['its path', 'https://proxy.example/out/https://other.example/a', 'other.example/a', 'its path'],
    [
      'a wrapper',
      `https://shop.example/out?url=${encodeURIComponent('https://href.li/?https://other.example/a')}`,
      'other.example/a',
      'the parameter url',
    ],
  ])('to a stranger by %s is scored, and the stranger too', (_way, text, expected, through) => {
    const item = read(text);
    expect(item.url.text).toBe(item.links[0].url.text);
    expect(item.onward.map(({ url }) => url.text)).toEqual([expected]);
    expect(item.links[0].through).toBe(through);
  });

  it('back to its owner is scored without what leads back', () => {
    const item = read(
      'https://accounts.google.com/ServiceLogin?continue=https%3A%2F%2Fmail.google.com%2Fmail%2F&hl=en&followup=https%3A%2F%2Fwww.youtube.com%2F',
    );
    expect(item.url.tail).toBe('/servicelogin?hl=en');
    expect(item.onward).toEqual([]);
    expect(item.links).toHaveLength(1);
  });

  it('to what others put at its owner’s is scored, and that too', () => {
    const item = read('https://accounts.google.com/signin?continue=https://sites.google.com/view/someone');
    expect(item.onward.map(({ url }) => url.text)).toEqual(['sites.google.com/view/someone']);
  });

  it.each([
    ['names a picture', 'https://shop.example/a?image=https://cdn.example/a.png'],
    ['names a page of its own', 'https://shop.example/a?next=%2Fcart'],
    ['names no host', 'https://shop.example/a?next=//'],
    ['or a path names its own host', 'https://shop.example/out/http://www.shop.example/a'],
  ])('is scored alone where a parameter %s', (_what, text) => {
    expect(read(text).onward).toEqual([]);
  });
});
