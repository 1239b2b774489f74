import { readWordList } from './word-list.js';

/** Who lends a host's name: nobody (`own`), or a service whose name says nothing about who made the page. */
export type HostingKind = 'own' | 'shortener' | 'tracker' | 'free' | 'dynamic' | 'shared';

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

/** By host, registered domain or suffix. */
const services: ReadonlyMap<string, HostingKind> = new Map(
  ['collected-hosting.txt', 'hosting.txt'].flatMap((file) =>
    readWordList(file, /^[a-z0-9-]+(\.[a-z0-9-]+)+ (own|shortener|tracker|free|dynamic|shared)$/).map(
      ([name, kind]) => [name, kind as HostingKind] as const,
    ),
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
