import { Random } from '../../ml/random.js';
import { textKey } from '../../ml/text-key.js';
import { knownDomains } from './known-domains.js';

/** Addresses made up for each domain. */
const addressesADomain = 10;

/** What stands before a domain; most addresses have nothing there. */
const subdomains = [
  ...['', '', '', '', 'login.', 'accounts.', 'secure.', 'support.', 'online.', 'm.', 'id.', 'auth.', 'my.'],
  ...['help.', 'blog.'],
];

/** The ways in which sites commonly lay out pages, those that ask for a password above all. */
const tails: readonly ((random: Random) => string)[] = [
  () => '',
  () => '/login',
  () => '/signin',
  () => '/account',
  () => '/account/security',
  () => '/user/password/reset',
  (random) => `/verify?token=${token(random)}${token(random)}`,
  () => '/checkout/payment',
  (random) => `/billing/invoices/${random.below(1_000_000)}`,
  () => '/help/contact',
  (random) =>
    `/oauth/authorize?client_id=${token(random)}&redirect_uri=https%3A%2F%2Fapp.test%2Fcallback&scope=openid`,
  (random) => `/products/${random.below(100_000)}`,
  (random) => `/20${10 + random.below(16)}/05/${10 + random.below(18)}/a-title-of-some-words`,
  () => '/en/customer/service.html',
  (random) => `/web/index.php?page=update&id=${random.below(10_000)}`,
];

/**
 * Addresses of widely known domains as their owners would lay them out, the same ones at each call. Collections of good
 * addresses seldom hold those that ask for a password, and learners take the words for a sign of phishing.
 */
export function knownAddresses(): string[] {
  return knownDomains.flatMap((domain) => {
    const random = new Random(textKey(domain));
    const pick = <T>(items: readonly T[]): T => items[random.below(items.length)];
    const made = Array.from(
      { length: addressesADomain },
      () => pick(subdomains) + domain + pick(tails)(random),
    );
    return [...new Set(made)];
  });
}

function token(random: Random): string {
  return random.uint32().toString(16);
}
