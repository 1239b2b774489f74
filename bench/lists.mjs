// Memory and speed of the lists: `npm run bench:lists`, after a build. Prints megabytes and look-ups a second with a
// million entries of mixed kinds, for addresses and for flows.
import { ListMatcher } from '../dist/lists/list-matcher.js';
import { parseUrl } from '../dist/detector/url/canonical-url.js';

const entries = 1_000_000;
const lookups = 200_000;
const now = new Date();
const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};
/** Of this process alone: others may keep the machine busy. */
const seconds = () => process.cpuUsage().user / 1e6;
const entry = (match, value, finding = null) => ({
  ...{ list: match === 'network' ? 'allow' : 'deny', match, value, finding },
  ...{ anyOrder: false, domains: [], note: 'a feed', author: 'bench', createdAt: now, expiresAt: null },
  removedAt: null,
});
const ip = (i) => [1 + (i % 223), (i >> 3) % 256, (i >> 11) % 256, i % 251].join('.');
const make = (i) =>
  [
    () => entry('domain', `name-${i}.example.com`),
    () => entry('host', `host-${i}.some-name.net`),
    () => entry('url', `page-${i}.org/path/${i}/login?id=${i}`),
    () => entry('host', ip(i)),
    () => entry('network', `${ip(i).replace(/\.\d+$/, '.0')}/24`),
  ][i % 5]();

const matcher = new ListMatcher();
const before = heap();
let start = seconds();
for (let i = 0; i < entries; i++) matcher.put(make(i));
const filled = seconds() - start;
console.log(`${entries} entries: ${Math.round(heap() - before)} MB, taken in within ${filled.toFixed(1)} s`);

const urls = Array.from({ length: 1000 }, (_, i) => [
  parseUrl(i % 2 ? `https://a.b.c.name-${i * 7}.example.com/x?y=${i}` : `http://${ip(i * 13)}/x`),
]);
start = seconds();
let found = 0;
for (let i = 0; i < lookups; i++) if (matcher.find(urls[i % urls.length], now)) found++;
report('addresses', found);

const flows = Array.from({ length: 1000 }, (_, i) => ({
  ...{ source: ip(i * 31), target: `192.0.2.${i % 256}`, port: 443, proto: 'tcp' },
}));
start = seconds();
found = 0;
for (let i = 0; i < lookups; i++) if (matcher.findFlow(flows[i % flows.length], now)) found++;
report('flows', found);

function report(what, hits) {
  const spent = seconds() - start;
  console.log(
    `${what}: ${Math.round(lookups / spent)} look-ups/s, ${Math.round((100 * hits) / lookups)} % covered`,
  );
}
