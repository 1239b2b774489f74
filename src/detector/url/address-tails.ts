import type { Random } from '../../ml/random.js';

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

/** What may stand behind a host, made up. */
export function madeTail(random: Random): string {
  return pick(tails, random)(random);
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[random.below(items.length)];
}

function token(random: Random): string {
  return random.uint32().toString(16);
}
