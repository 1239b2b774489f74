const benign = ['news', 'docs', 'shop', 'forum', 'music', 'travel'];
const baits = ['secure', 'verify', 'account', 'update', 'signin', 'billing'];

/** A labelled list of 600 addresses, every other one a threat, each of a domain of its own. */
export function urlList(): string {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [good, bait] = [benign[i % 6], baits[i % 6]];
    return [
      `https://www.${good}-site${i}.org/${good}/page-${i}.html,benign`,
      `http://paypal.com.${bait}-${i * 7919}.${bait}${i}.tk/${bait}/login.php?id=${i * 104729},phishing`,
    ].join('\n');
  });
  return `url,label\n${rows.join('\n')}\n`;
}
