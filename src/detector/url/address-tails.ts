import type { Random } from '../../ml/random.js';

/** What pages that ask for a password are called, in the languages of many sites and the words of common software. */
const signInPages = (
  'connexion anmelden accedi entrar giris logowanie prijava prihlaseni acesso ingresar iniciar-sesion inloggen logga-in ' +
  'masuk dang-nhap kirjaudu belepes autentificare vhod portal/login cliente/login member/login customer/account/login ' +
  'wp-login.php owa/ admin/ dashboard my-account sign-in auth/login users/sign_in session/new login.php webmail/ ' +
  'Account/Login?ReturnUrl=%2F'
).split(' ');

/** What the pages of anyone with a site are called. */
const commonPages = (
  'kontakt contact about impressum contatti contacto contato iletisim kapcsolat hakkimizda prices preise tarifs menu ' +
  'galerie gallery team news faq services leistungen servicios produkte produits productos produtos booking reservation ' +
  'shop blog en/ de/ fr/ es/ pl/ ja/'
).split(' ');

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

/** Beside them, what anyone's site has: pages of many languages, files, identifiers, interfaces. */
const furtherTails: readonly ((random: Random) => string)[] = [
  (random) => `/${pick(signInPages, random)}`,
  (random) => `/${pick(commonPages, random)}`,
  (random) => `/${pick(commonPages, random)}`,
  (random) =>
    `/wp-content/uploads/20${10 + random.below(16)}/0${1 + random.below(9)}/` +
    `${pick(['flyer', 'catalogue', 'form', 'menu', 'logo'], random)}.${pick(['pdf', 'jpg', 'png', 'docx'], random)}`,
  (random) => `/index.php?option=com_content&view=article&id=${random.below(400)}`,
  (random) => `/item/${token(random)}${token(random)}${token(random)}${token(random)}`,
  (random) => `/s/${letters(16, random)}`,
  (random) =>
    `/api/v${1 + random.below(3)}/${pick(['stores', 'stations', 'items', 'users'], random)}` +
    `?lat=${random.below(90)}.${random.below(1000)}&lng=${random.below(180)}.${random.below(1000)}&limit=50`,
  (random) =>
    `/search?q=${pick(['pump', 'red', 'harbour', 'night'], random)}&page=${random.below(9)}&sort=price`,
  (random) => `/page/${random.below(30)}`,
  (random) => `/view.php?id=${random.below(9000)}`,
  () => '/category/garden?utm_source=newsletter&utm_medium=email&utm_campaign=spring',
];

const anyTails = [...tails.slice(1), ...furtherTails];

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** What may stand behind a host, made up. */
export function madeTail(random: Random): string {
  return pick(tails, random)(random);
}

/** What may stand behind the host of anyone, made up; never nothing. */
export function ordinaryTail(random: Random): string {
  return pick(anyTails, random)(random);
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[random.below(items.length)];
}

function token(random: Random): string {
  return random.uint32().toString(16);
}

function letters(count: number, random: Random): string {
  return Array.from({ length: count }, () => alphabet[random.below(alphabet.length)]).join('');
}
