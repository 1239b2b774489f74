/**
 * Makes data/url/owners.txt, widely-known.txt and shorteners.txt from openly licensed collections.
 *
 *   node scripts/build-url-data.mjs --sources <folder>
 *
 * docs/url-data.md says which collections the folder holds, where they are had and under which licence.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'tldts';

/** Each collection's licence, by the name of its folder. */
const licences = {
  apple: 'MIT',
  'domain-list-community': 'MIT',
  jdm: 'MIT',
  'link-shorteners': 'MIT',
  'misp-warninglists': 'CC0, its list of Majestic CC BY 3.0 (Majestic-12 Ltd)',
  'name-suggestion-index': 'BSD-3-Clause',
  'third-party-web': 'MIT',
  twofactorauth: 'MIT',
  words: 'MIT',
};

const { values: options } = parseArgs({ options: { sources: { type: 'string' } } });
if (options.sources === undefined) fail('say where the collections are: --sources <folder>');
const sources = options.sources;
const target = fileURLToPath(new URL('../data/url', import.meta.url));
const dates = Object.fromEntries(linesOf(join(sources, 'dates.txt')).map((line) => line.split(' ')));
for (const name of Object.keys(licences)) {
  if (!existsSync(join(sources, name))) fail(`${join(sources, name)} is not there`);
  if (!/^\d{4}-\d\d-\d\d$/.test(dates[name] ?? '')) fail(`dates.txt has no date for ${name}`);
}

/** Lists of the community that name a topic, or an owner who has sold a part since. */
const noOwners = new Set([
  'cn',
  'private',
  'test',
  'connectivity-check',
  'falungong',
  'archive',
  'rb',
  'peppy',
  'misskey',
  'matrix',
]);
const soldSince = new Set(['verizon yahoo', 'xbox asobo', 'icable cabletv', 'apple-dev swift']);

/** Words that traps are made with: a domain with one of them beside its owner's name needs a second witness. */
const lures =
  /login|logon|signin|secur|verif|account|passw|activat|notif|notice|wallet|recover|unlock|confirm/;
/** Domains to which many others link. */
const muchLinked = new Set(warningList('majestic_million').map(registered).filter(Boolean));

/** Kinds of services, as twofactorauth calls them, whose accounts are worth taking. */
const worthTaking = new Set(
  'banking cryptocurrencies finance payments investing email social gaming postal government communication cloud security identity retail hosting domains backup transport entertainment insurance remote travel betting utilities crowdfunding'.split(
    ' ',
  ),
);
const owners = new Set();
const ownerOf = new Map();
const handBrands = linesOf(join(target, 'brands.txt')).map((line) => line.split(' '));
/** Domains that stand first with a brand. */
const handFirst = new Set(handBrands.map(([, domain]) => domain));
const byHandDomains = new Set(handBrands.flatMap(([, ...fields]) => fields.map(registered)));
const services = [...twoFactorServices(), ...accountServices()];
/** Where people have accounts that are worth taking. */
const accountDomains = new Set(services.filter(({ isWorth }) => isWorth).map(({ domains }) => domains[0]));
const parties = thirdParties();
/** By domain, the names that it goes by in the collections. */
const namesOf = new Map();
for (const { name, domains } of [...services, ...parties]) {
  namesOf.set(domains[0], [...(namesOf.get(domains[0]) ?? []), name]);
}
/** Domains that more than one collection names, so that none is in doubt. */
const witnessed = new Set([
  ...muchLinked,
  ...[...services, ...parties].flatMap(({ domains }) => domains),
  ...warningList('bank-website').map(registered),
]);

for (const [name, ...fields] of handBrands) {
  unite(
    [name],
    fields.filter((field) => field.includes('.')),
  );
}
for (const group of sharedCredentials()) unite([labelOf(registered(group[0]) ?? group[0])], group);
for (const { names, domains } of communityLists()) unite(names, domains, false);
unite(['microsoft'], ['microsoft.com', ...microsoftDomains()]);
unite(['google'], ['google.com', ...withoutTraps(['google'], warningList('google'))]);
for (const { name, domains } of [...parties, ...services]) extend(name, domains);

uniteNamesakes();

const all = [...owners].map(({ names: [name], domains }) => {
  const first = foremost(name, domains) ?? domains[0];
  return { name, domains: [...new Set([first, ...domains])] };
});
const dictionary = new Set(
  ['english', 'french', 'spanish'].flatMap((language) => readJson('words', `${language}.json`)),
);
const dictionaryText = [...dictionary].filter((word) => word.length <= 12).join(' ');
/** By each real name, squeezed to letters and digits, the owners that have it; none for words and names without owner. */
const realNames = collectRealNames();
const notWords = [...realNames].filter(([name]) => !dictionary.has(name));
/** By each brand name its owner. */
const ownerOfBrand = new Map();
for (const owner of all) owner.brands = brandNames(owner);
for (const isFurther of [false, true]) {
  for (const owner of all) {
    owner.brands = owner.brands.filter((brand) => {
      if ((brand.signs === '+') !== isFurther) return true;
      if (ownerOfBrand.has(brand.name)) return false;
      ownerOfBrand.set(brand.name, owner);
      return true;
    });
  }
}
writeList(
  'owners.txt',
  [
    'Who owns which registered domains: an owner a line. Its name, a tab, the brand names in its domains, a tab, and its',
    'domains, the foremost first. Signs behind a brand name, as in brands.txt:',
    '  *  the owner has it under practically every country',
    '  ~  it is also a word or part of words',
    '  &  hundreds of owners share it',
    '  -  it is part of words of a dictionary',
    '  =  it was not written down by hand but is that of a service in the collections',
    '  +  a further name, that of a domain beside the foremost: only its look-alikes count',
  ],
  ['apple', 'domain-list-community', 'jdm', 'misp-warninglists', 'third-party-web', 'twofactorauth'],
  all
    .map(({ name, domains, brands }) => {
      const written = brands.map((brand) => brand.name + brand.signs);
      return [displayName(name, domains), written.join(' '), domains.join(' ')].join('\t');
    })
    .sort(),
);
writeList(
  'real-names.txt',
  [
    'Words and names of others that contain a brand name or are a letter or two away from one: they imitate nobody.',
  ],
  [
    'domain-list-community',
    'jdm',
    'misp-warninglists',
    'name-suggestion-index',
    'third-party-web',
    'twofactorauth',
    'words',
  ],
  namesLikeBrands(),
);
writeList(
  'much-linked.txt',
  ['Registered domains to which very many other domains link.'],
  ['misp-warninglists'],
  [...muchLinked].sort(),
);

writeList(
  'collected-hosting.txt',
  [
    'Services that lend a host its name, beside those of hosting.txt, which says what the kinds mean. Shorteners that',
    'lead only to their owner are left out.',
  ],
  ['link-shorteners', 'misp-warninglists'],
  collectedHosting(),
);

/**
 * Makes one owner of all whose domains are among these.
 * The names of the longest list come first.
 * @param isSure otherwise only of those that go by one of the names, so that a domain put wrongly makes no two owners one
 */
function unite(names, hosts, isSure = true) {
  const domains = [...new Set(hosts.map(registered))].filter(Boolean);
  const touched = new Set(domains.map((domain) => ownerOf.get(domain)).filter(Boolean));
  const before = [...touched].filter((other) => isSure || other.names.some((name) => names.includes(name)));
  const free = domains.filter((domain) => !ownerOf.has(domain) || before.includes(ownerOf.get(domain)));
  if (free.length === 0) return;
  const all = [...new Set([...free, ...before.flatMap((other) => other.domains)])];
  const calls = [...before, { names, weight: domains.length }].toSorted((a, b) => b.weight - a.weight);
  const owner = {
    names: [...new Set(calls.flatMap((call) => call.names))],
    weight: calls[0].weight,
    domains: all,
  };
  for (const domain of all) ownerOf.set(domain, owner);
  for (const other of before) owners.delete(other);
  owners.add(owner);
}

/** Makes one owner of those that have a name of their own under several suffixes. */
function uniteNamesakes() {
  const words = new Set(linesOf(join(target, 'ordinary-words.txt')));
  const byLabel = new Map();
  for (const owner of owners) {
    const label = labelOf(foremost(owner.names[0], owner.domains) ?? owner.domains[0]);
    const others = byLabel.get(label) ?? [];
    byLabel.set(label, [...others, owner]);
  }
  for (const [label, alike] of byLabel) {
    if (alike.length < 2 || label.length < 6 || words.has(label)) continue;
    unite(
      alike.flatMap((owner) => owner.names),
      alike.flatMap((owner) => owner.domains),
    );
  }
}

/** Adds domains to the owner of the first, as far as they are nobody else's. */
function extend(name, hosts) {
  const domains = [...new Set(hosts.map(registered))].filter(Boolean);
  if (domains.length === 0) return;
  const owner = ownerOf.get(domains[0]) ?? { names: [name], weight: domains.length, domains: [] };
  const free = domains.filter((domain) => !ownerOf.has(domain));
  for (const domain of free) ownerOf.set(domain, owner);
  owner.domains.push(...free);
  if (free.length > 0) owners.add(owner);
}

/** The brands by hand, the name of a service that people have an account with, and further names of both. */
function brandNames({ domains }) {
  const byHand = handBrands
    .filter(([, first]) => domains.includes(registered(first)))
    .map(([brand, ...fields]) => ({
      name: brand,
      signs: fields.filter((field) => /^[*~&-]$/.test(field)).join(''),
    }));
  for (const brand of byHand) if (brand.signs === '' && isPartOfWords(brand.name)) brand.signs = '-';
  const found = new Map(byHand.map((brand) => [brand.name, brand]));
  const label = squeeze(labelOf(domains[0]));
  const isService = domains.some((domain) => accountDomains.has(domain)) && witnessed.has(domains[0]);
  if (byHand.length === 0 && isService && label.length >= 5 && !dictionary.has(label)) {
    const others = othersWithin(label, domains);
    if (others < 3) found.set(label, { name: label, signs: others > 0 ? '=~' : '=' });
  }
  if (found.size > 0) {
    for (const domain of domains) {
      const further = squeeze(labelOf(domain));
      const isDoubtful =
        further.length < 8 ||
        dictionary.has(further) ||
        !(witnessed.has(domain) || byHandDomains.has(domain));
      if (!isDoubtful && !found.has(further)) found.set(further, { name: further, signs: '+' });
    }
  }
  return [...found.values()].filter((brand) => /^[a-z0-9]{3,24}$/.test(brand.name));
}

/** Whether so many words have a name within them that letters beside it make another word more likely. */
function isPartOfWords(name) {
  return dictionaryText.split(name, 9).length === 9;
}

/** Open shorteners, pages of links and gateways to the InterPlanetary File System. */
function collectedHosting() {
  const byHand = new Set(linesOf(join(target, 'hosting.txt')).map((line) => line.split(' ')[0]));
  const shorteners = [
    ...linesOf(join(sources, 'link-shorteners', 'link-shorteners.txt')),
    ...warningList('url-shortener'),
  ];
  const isOpen = (host) =>
    !ownerOf.has(registered(host)) && !/^(www|[a-z]{4,})\.[a-z]{2,3}\.[a-z]{2}$/.test(host);
  const kinds = new Map([
    ...warningList('public-ipfs-gateways').map((host) => [plainHost(host), 'shared']),
    ...warningList('link-in-bio').map((host) => [plainHost(host), 'free']),
    ...shorteners
      .map(plainHost)
      .filter(isOpen)
      .map((host) => [host, 'shortener']),
  ]);
  return [...kinds]
    .filter(
      ([host]) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) && !host.endsWith('.onion') && !byHand.has(host),
    )
    .map(([host, kind]) => `${host} ${kind}`)
    .sort();
}

function plainHost(host) {
  return host
    .toLowerCase()
    .replace(/^\.|\/.*$/g, '')
    .replace(/^www\./, '');
}

/** How many real names of others a name is part of. */
function othersWithin(part, domains) {
  let count = isPartOfWords(part) ? 1 : 0;
  for (const [name, owned] of notWords) {
    if (name.length > part.length && name.includes(part) && !owned.some((domain) => domains.includes(domain)))
      count++;
    if (count === 3) break;
  }
  return count;
}

function collectRealNames() {
  const names = new Map();
  const note = (text, domain) => {
    const name = squeeze(text);
    if (name.length < 4 || name.length > 30) return;
    if (!names.has(name)) names.set(name, []);
    if (domain !== undefined) names.get(name).push(domain);
  };
  for (const { domains } of all) for (const domain of domains) note(labelOf(domain), domain);
  for (const domain of muchLinked) note(labelOf(domain), domain);
  for (const domain of warningList('bank-website').map(registered).filter(Boolean))
    note(labelOf(domain), domain);
  for (const { name, domains } of services) note(name, domains[0]);
  for (const file of jsonFiles(join(sources, 'name-suggestion-index', 'data'))) {
    for (const { tags = {} } of file.items ?? []) {
      for (const [key, value] of Object.entries(tags)) {
        if (/^(brand|name|operator|short_name)(:en)?$/.test(key)) note(value);
      }
    }
  }
  for (const word of dictionary) if (word.length <= 10) note(word);
  return names;
}

/** Of all real names those that someone could take for an imitation of a brand of somebody else. */
function namesLikeBrands() {
  const lookUp = new Map();
  for (const name of ownerOfBrand.keys()) {
    if (name.length < 5) continue;
    for (const form of shortened(name, tolerance(name))) {
      lookUp.set(form, [...(lookUp.get(form) ?? []), name]);
    }
  }
  const found = [];
  for (const [name, owned] of realNames) {
    const isOthers = (brand) => !owned.some((domain) => ownerOfBrand.get(brand).domains.includes(domain));
    const near = [...shortened(name, name.length >= 8 ? 2 : 1)]
      .flatMap((form) => lookUp.get(form) ?? [])
      .some((brand) => brand !== name && isOthers(brand) && distance(brand, name) <= 2);
    if (near || parts(name).some((brand) => ownerOfBrand.has(brand) && isOthers(brand))) found.push(name);
  }
  return found.sort();
}

/** All parts of at least five letters that are shorter than the name. */
function parts(name) {
  const all = [];
  for (let from = 0; from + 5 <= name.length; from++) {
    for (let to = from + 5; to <= name.length; to++)
      if (to - from < name.length) all.push(name.slice(from, to));
  }
  return all;
}

/** A name and what is left of it without one letter, or two. */
function shortened(name, most) {
  const forms = new Set([name]);
  for (let round = 0; round < most; round++) {
    for (const form of [...forms])
      for (let i = 0; i < form.length; i++) forms.add(form.slice(0, i) + form.slice(i + 1));
  }
  return forms;
}

/** Letters that may be wrong in a name, as brand-imitation.ts has it. */
function tolerance(name) {
  return name.length >= 9 ? 2 : 1;
}

/** Without accents, marks and blanks. */
function squeeze(text) {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** As a collection writes it where that is the domain's label with capitals and blanks; the label else. */
function displayName(name, domains) {
  const label = labelOf(domains[0]);
  const wanted = [label, label.replaceAll('-', ''), name];
  const written = namesOf.get(domains[0]) ?? [];
  const same = written.find((text) => wanted.includes(text.toLowerCase().replace(/[^a-z0-9]/g, '')));
  if (same !== undefined) return same;
  if (written.length === 1 && domains.length === 1) return written[0];
  return name.length <= 3 ? name.toUpperCase() : name[0].toUpperCase() + name.slice(1);
}

/** Groups of domains that share their users' passwords. */
function sharedCredentials() {
  return ['apple-shared-credentials', 'apple-shared-credentials-historical'].flatMap((file) =>
    readJson('apple', `${file}.json`).map(({ shared = [], from = [], to = [] }) => [
      ...to,
      ...shared,
      ...from,
    ]),
  );
}

/** What is listed of each owner that is no part of another. */
function communityLists() {
  const folder = join(sources, 'domain-list-community', 'data');
  const names = readdirSync(folder).filter(
    (name) => !/^(category|geolocation|tld)-/.test(name) && !noOwners.has(name),
  );
  const lists = new Map(names.map((name) => [name, readCommunityList(folder, name)]));
  const included = new Set([...lists.values()].flatMap(({ includes }) => includes));
  return names.filter((name) => !included.has(name)).flatMap((name) => communityOwners(lists, name));
}

/** The owner that a list is named after; the owners of the lists in it where no domain has its name. */
function communityOwners(lists, name) {
  if (!lists.has(name)) return [];
  const names = [...listTree(lists, name)];
  const listed = names.flatMap((part) => lists.get(part).domains);
  if (listed.some((domain) => labelOf(domain) === name))
    return [{ names, domains: withoutTraps(names, listed) }];
  return lists.get(name).includes.flatMap((part) => communityOwners(lists, part));
}

function readCommunityList(folder, name) {
  const entries = linesOf(join(folder, name)).map((line) => line.replace(/\s*[#@].*$/, ''));
  return {
    includes: entries
      .filter((entry) => entry.startsWith('include:'))
      .map((entry) => entry.slice('include:'.length))
      .filter((other) => !soldSince.has(`${name} ${other}`)),
    domains: entries.filter((entry) => /^[a-z0-9.-]+\.[a-z0-9-]+$/.test(entry)),
  };
}

/** A list and all that it includes. */
function listTree(lists, name, seen = new Set()) {
  if (seen.has(name) || !lists.has(name)) return seen;
  seen.add(name);
  for (const other of lists.get(name).includes) listTree(lists, other, seen);
  return seen;
}

/**
 * Without the domains that an owner once took so that nobody else would: look-alikes of its names and names with a lure.
 * Whether they are still the owner's cannot be known.
 */
function withoutTraps(names, hosts) {
  const plain = names.filter((name) => !name.includes('-'));
  return hosts
    .map(registered)
    .filter(Boolean)
    .filter((domain) => {
      const label = labelOf(domain).replaceAll('-', '');
      if (witnessed.has(domain) || plain.includes(label)) return true;
      const isNear = plain.some((name) => name.length > 4 && distance(label, name) <= 2);
      return !isNear && !lures.test(label);
    });
}

function microsoftDomains() {
  const office = ['microsoft-office365', 'microsoft-mdca-proxy'].flatMap(warningList);
  return withoutTraps(
    ['microsoft', 'hotmail', 'outlook'],
    [...office.filter((host) => !isOthers(host)), ...warningList('microsoft')],
  ).filter((domain) => !isOthers(domain));
}

/** Certificate authorities and networks that the owner's clients call, too. */
function isOthers(host) {
  const domain = registered(host);
  return (
    domain === undefined || (ownerOf.has(domain) && !ownerOf.get(domain).domains.includes('microsoft.com'))
  );
}

function thirdParties() {
  const text = readFileSync(join(sources, 'third-party-web', 'data', 'entities.js'), 'utf8');
  const module = { exports: [] };
  new Function('module', text)(module);
  return module.exports
    .filter(({ homepage, category }) => homepage !== undefined && category !== 'hosting')
    .map(({ name, company, homepage, domains }) => ({
      name: company ?? name,
      domains: [homepage, ...domains.filter((host) => host.startsWith('*.'))].map(registered).filter(Boolean),
    }));
}

function twoFactorServices() {
  return jsonFiles(join(sources, 'twofactorauth', 'entries')).flatMap((entries) =>
    Object.entries(entries).map(([name, entry]) => ({
      name,
      isWorth: entry.categories.some((category) => worthTaking.has(category)),
      domains: [entry.domain, ...(entry['additional-domains'] ?? [])].map(registered).filter(Boolean),
    })),
  );
}

function accountServices() {
  return readJson('jdm', '_data', 'sites.json').map(({ name, domains = [] }) => ({
    name,
    domains: domains.map(registered).filter(Boolean),
  }));
}

/** The part of a host that its owner registered; a suffix that hands out names is its owner's own. Nothing for hosts of tenants. */
function registered(text) {
  if (typeof text !== 'string') return undefined;
  const host = text.replace(/^(\*?\.)/, '');
  const { domain, publicSuffix, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true });
  if (isPrivate) return host === publicSuffix && host.split('.').length === 2 ? host : undefined;
  return domain === null || !isIcann || domain === publicSuffix ? undefined : domain;
}

function labelOf(domain) {
  return domain.slice(0, domain.indexOf('.'));
}

/** Of an owner's domains that which stands for it: by its name, by how well it is known, the one under com of equals. */
function foremost(name, domains) {
  const place = (domain) =>
    (handFirst.has(domain) ? 0 : 8) +
    (labelOf(domain) === name ? 0 : 4) +
    (muchLinked.has(domain) ? 0 : 2) +
    (domain.endsWith('.com') ? 0 : 1);
  return domains
    .filter((domain) => domain.startsWith(name))
    .toSorted((a, b) => place(a) - place(b) || a.length - b.length)[0];
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

function warningList(name) {
  return readJson('misp-warninglists', `${name}.json`).list;
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(sources, ...path), 'utf8'));
}

function jsonFiles(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return jsonFiles(path);
    return name.endsWith('.json') ? [JSON.parse(readFileSync(path, 'utf8'))] : [];
  });
}

/** Without comments and empty lines. */
function linesOf(file) {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function writeList(file, meaning, collections, lines) {
  const head = [
    ...meaning,
    'Made by scripts/build-url-data.mjs; docs/url-data.md says where the collections are had.',
    '',
    `Source: ${collections.map((name) => `${name} (${dates[name]}, ${licences[name]})`).join(', ')}`,
    `Date: ${collections
      .map((name) => dates[name])
      .toSorted()
      .at(-1)}`,
    'Licence: that of each source as named with it; docs/url-data.md has the notices',
  ];
  writeFileSync(
    join(target, file),
    `${head.map((line) => `# ${line}`.trim()).join('\n')}\n\n${lines.join('\n')}\n`,
  );
  process.stdout.write(`${file}: ${lines.length} lines\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
