import { Random } from '../../ml/random.js';
import { textKey } from '../../ml/text-key.js';
import { madeTail, pick } from './address-tails.js';
import { knownDomains } from './known-domains.js';

/** Addresses made up for each domain. */
const addressesADomain = 6;

/** What stands before a domain; most addresses have nothing there. */
const subdomains = [
  ...['', '', '', '', 'login.', 'accounts.', 'secure.', 'support.', 'online.', 'm.', 'id.', 'auth.', 'my.'],
  ...['help.', 'blog.'],
];

/**
 * Addresses of widely known domains as their owners would lay them out, the same ones at each call. Collections of good
 * addresses seldom hold those that ask for a password, and learners take the words for a sign of phishing.
 */
export function knownAddresses(): string[] {
  return knownDomains().flatMap((domain) => {
    const random = new Random(textKey(domain));
    const made = Array.from(
      { length: addressesADomain },
      () => pick(subdomains, random) + domain + madeTail(random),
    );
    return [...new Set(made)];
  });
}
