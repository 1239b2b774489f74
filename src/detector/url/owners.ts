import { isNationalSuffix } from './suffixes.js';
import { readTable } from './word-list.js';

/** Who has registered domains, and under which names pages pretend to be its own. */
export interface Owner {
  /** As a reader would say it: `Microsoft`. */
  readonly name: string;
  /** Registered domains, that which stands for the owner first. */
  readonly domains: readonly string[];
  readonly brands: readonly OwnedName[];
}

/** A name in lower-case letters and digits, as it stands in host names. */
export interface OwnedName {
  readonly name: string;
  /** The owner has the name under practically every country's suffix, as `google.de`. */
  readonly isNational: boolean;
  /** The name is also a word or part of words: alone it says nothing of the owner. */
  readonly isWord: boolean;
  /** Hundreds of owners share the name, as savings banks do. */
  readonly isShared: boolean;
  /** The name is part of words of a dictionary: within other letters it says nothing. */
  readonly isPart: boolean;
  /** The name is that of a service that fewer people know. */
  readonly isMinor: boolean;
  /** The label of a domain beside the foremost: where it stands as it is, it says nothing. */
  readonly isFurther: boolean;
}

interface Owners {
  readonly all: readonly Owner[];
  readonly byDomain: ReadonlyMap<string, Owner>;
  readonly byNationalName: ReadonlyMap<string, Owner>;
}

let read: Owners | undefined;

/** Read at first use: what starts without scoring an address needs none of it. */
function table(): Owners {
  return (read ??= readOwners());
}

function readOwners(): Owners {
  const all = readTable('owners.txt', /^[^\t]+\t[^\t]*\t[^\t]+$/).map(([name, brands, domains]): Owner => ({
    name,
    domains: domains.split(' '),
    brands: brands === '' ? [] : brands.split(' ').map(ownedName),
  }));
  const byDomain = new Map<string, Owner>();
  const byNationalName = new Map<string, Owner>();
  for (const owner of all) {
    for (const domain of owner.domains) byDomain.set(domain, owner);
    for (const { name, isNational } of owner.brands) if (isNational) byNationalName.set(name, owner);
  }
  return { all, byDomain, byNationalName };
}

function withoutMarks(written: string): string {
  let end = written.length;
  while ('*~&+=-'.includes(written.charAt(end - 1)) && end > 0) end--;
  return written.slice(0, end);
}

function ownedName(written: string): OwnedName {
  return {
    name: withoutMarks(written),
    isNational: written.includes('*'),
    isWord: written.includes('~'),
    isShared: written.includes('&'),
    isPart: written.includes('-'),
    isMinor: written.includes('='),
    isFurther: written.includes('+'),
  };
}

/** Everyone whose domains are known. */
export function owners(): readonly Owner[] {
  return table().all;
}

/** Who has a registered domain; undefined where nobody is known to. */
export function domainOwner(registeredDomain: string): Owner | undefined {
  const { byDomain, byNationalName } = table();
  const owner = byDomain.get(registeredDomain);
  if (owner !== undefined) return owner;
  const dot = registeredDomain.indexOf('.');
  const national = dot < 0 ? undefined : byNationalName.get(registeredDomain.slice(0, dot));
  if (national === undefined || !isNationalSuffix(registeredDomain.slice(dot + 1))) return undefined;
  return national;
}

/** The name of who has a registered domain, as a reader would say it; undefined where nobody is known to. */
export function ownerOf(registeredDomain: string): string | undefined {
  return domainOwner(registeredDomain)?.name;
}

/** Whether two registered domains are the same or known to be in one hand. */
export function isSameOwner(a: string, b: string): boolean {
  if (a === b) return true;
  const owner = domainOwner(a);
  return owner !== undefined && owner === domainOwner(b);
}
