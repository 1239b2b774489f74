import { hostingKind } from './hosting.js';

describe('the service that a host belongs to', () => {
  it.each([
    ['bit.ly', 'shortener'],
    ['t.co', 'shortener'],
    ['youtu.be', 'own'],
    ['aka.ms', 'own'],
    ['maps.app.goo.gl', 'own'],
    ['spoti.fi', 'own'],
    ['nyti.ms', 'own'],
    ['acme.us1.list-manage.com', 'tracker'],
    ['trk.klclick.com', 'tracker'],
    ['u1234.ct.sendgrid.net', 'tracker'],
    ['someone.weebly.com', 'free'],
    ['someone.pages.dev', 'free'],
    ['linktr.ee', 'shortener'],
    ['heylink.me', 'free'],
    ['docs.google.com', 'shared'],
    ['www.google.com', 'own'],
    ['ipfs.best-practice.se', 'shared'],
    ['someone.duckdns.org', 'dynamic'],
    ['www.example.com', 'own'],
  ])('is for %s: %s', (host, kind) => {
    expect(hostingKind(host)).toBe(kind);
  });
});
