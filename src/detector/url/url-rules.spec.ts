import type { Rule } from '../kind.js';
import { readUrlItem, UrlItem } from './url-item.js';

function ruleOf(text: string): Rule | null {
  const item = readUrlItem(text);
  if (!(item instanceof UrlItem)) throw new Error(`${text}: ${item.message}`);
  return item.rule;
}

describe('an address in the own network', () => {
  it.each([
    ['http://192.168.1.1/', 'leads into your own network: 192.168.1.1 is a private address'],
    [
      'http://admin:secret@router.lan:8443/login',
      'leads into your own network: router.lan is a name under .lan, which only private networks have',
    ],
    ['http://[::ffff:10.0.0.1]/', 'leads into your own network: 10.0.0.1 is a private address'],
    [
      'https://www.google.com/url?q=http://localhost:8080/',
      'leads into your own network: localhost is the machine itself',
    ],
    [
      'http://203.0.113.9/a',
      'leads nowhere: 203.0.113.9 is an address for documentation, which belongs to nobody',
    ],
  ])('is benign by rule: %s', (text, reason) => {
    expect(ruleOf(text)).toMatchObject({
      verdict: 'benign',
      feature: 'own-network',
      texts: [reason],
      probability: 0,
    });
  });

  it.each([
    ['http://0x7f000001/', '127.0.0.1 is written as 0x7f000001 to hide which host it is'],
    ['http://3232235777/', '192.168.1.1 is written as 3232235777 to hide which host it is'],
    ['http://192.168.1%2e1/', 'the host was written with escapes'],
    ['http://paypal.com@10.0.0.1/', '"paypal.com@" stands in front of the real host 10.0.0.1'],
  ])('is suspicious where its spelling hides it, for that reason first: %s', (text, reason) => {
    const rule = ruleOf(text);
    expect(rule).toMatchObject({ verdict: 'suspicious', probability: 0.5 });
    expect(rule!.texts[0]).toMatch(reason);
    expect(rule!.texts[1]).toMatch(/^leads into your own network: /);
  });

  it('is left to the model where it belongs to nobody and asks for trust', () => {
    expect(ruleOf('http://[2001:db8::bad]/chase/login')).toBeNull();
  });
});

describe('an address that only a service can read', () => {
  it.each([
    'https://bit.ly/3xYzAbC',
    'https://t.co/AbCdEfGhIj',
    'https://u1234.ct.sendgrid.net/ls/click?upn=u001.AbCdEf',
    'https://trk.klclick.com/ls/click?upn=AbCd1234',
    'https://protect-us.mimecast.com/s/AbCdEf',
  ])('is unknown, and benign beside the model’s probability: %s', (text) => {
    expect(ruleOf(text)).toMatchObject({ verdict: 'benign', feature: 'opaque', probability: null });
  });

  it.each([
    'https://bit.ly/',
    'https://bit.ly/paypal-login-verify',
    'https://shop.example/3xYzAbC',
    'https://web.archive.org/save/jazz',
  ])('is none that says more or leads nowhere else: %s', (text) => {
    expect(ruleOf(text)).toBeNull();
  });
});

describe('active content', () => {
  it.each([
    ['javascript:alert(document.cookie)', 'malicious'],
    ['JaVaScRiPt:fetch("//evil.example/"+1)', 'malicious'],
    ['javascript:%64ocument.location="x"', 'malicious'],
    ['java\tscript:eval(1)', 'malicious'],
    ['javascript:void(0)', 'suspicious'],
    ['javascript:;', 'suspicious'],
    ['javascript:toggle()', 'suspicious'],
    ['vbscript:CreateObject("WScript.Shell")', 'malicious'],
    ['data:text/html,<h1>Sign in</h1>', 'malicious'],
    ['data:text/html;base64,PGgxPlNpZ24gaW48L2gxPg==', 'malicious'],
    ['data:image/svg+xml,<svg onload=x>', 'malicious'],
    ['data:application/octet-stream;base64,TVqQ', 'malicious'],
    ['data:image/png;base64,iVBORw0KGgo=', 'suspicious'],
    ['data:,hello', 'suspicious'],
  ])('%s is %s by rule', (text, verdict) => {
    expect(ruleOf(text)).toMatchObject({ verdict, feature: 'active-content' });
  });

  it('says what it does', () => {
    expect(ruleOf('data:text/html,hello')!.texts).toEqual([
      'data: carries a page or a program of its own (text/html), from no host that could be checked',
    ]);
  });
});

describe('free hosting', () => {
  it.each([
    'https://rkoudas-demo.pages.dev/',
    'https://react-hook-form.web.app/',
    'https://portfolio-jane.netlify.app/projects',
  ])('is at most suspicious without a brand or a lure: %s', (text) => {
    expect(ruleOf(text)).toMatchObject({
      verdict: 'suspicious',
      feature: 'hosting',
      limit: 'most',
      probability: null,
    });
  });

  it.each([
    'https://paypal-help.pages.dev/',
    'https://portal-secure.pages.dev/',
    'https://rkoudas-demo.pages.dev/login',
    'https://rkoudas-demo.pages.dev/setup.zip',
    'https://rkoudas-demo.example/',
  ])('is left to the model with one, and so are domains of their own: %s', (text) => {
    expect(ruleOf(text)).toBeNull();
  });
});

describe('a lure', () => {
  it.each([
    [
      'https://cdn.discordapp.com/attachments/11/12/Setup.exe',
      /^a program is offered on cdn\.discordapp\.com/,
    ],
    ['https://rkoudas-demo.pages.dev/setup.exe', /^a program is offered on rkoudas-demo\.pages\.dev/],
    ['https://stranger.example/office.html#jane@corp.example', /"jane@corp\.example"/],
    ['https://rkoudas-demo.pages.dev/#jane@corp.example', /told whom it visits/],
  ])('is at least suspicious, whatever the model says of the spelling: %s', (text, reason) => {
    expect(ruleOf(text)).toEqual({
      verdict: 'suspicious',
      feature: 'lure',
      limit: 'least',
      probability: null,
      texts: [expect.stringMatching(reason)],
    });
  });

  it.each([
    ['a program where projects publish theirs', 'https://github.com/acme/tool/releases/download/v1/tool.exe'],
    ['a program of the host’s own', 'https://stranger.example/setup.exe'],
    ['a host’s name in a path', 'https://sites.google.com/view/example.com'],
    ['a script that pages load', 'https://rkoudas-demo.pages.dev/assets/app-9f8e7d6c.js'],
    ['the addressee of a known owner’s page', 'https://mail.google.com/a#jane@corp.example'],
    ['an addressee of the page’s own domain', 'https://webmail.stranger.example/#jane@stranger.example'],
    ['a place on the page', 'https://stranger.example/a#section@2'],
  ])('is not %s: %s', (_, text) => {
    expect(ruleOf(text)?.feature).not.toBe('lure');
  });
});
