import Sequencer from '@jest/test-sequencer';

const long = [
  'first-start',
  'training',
  'docs',
  'command-line',
  'ingestion',
  'search',
  'file-uploads',
  'monitoring',
  'access',
  'queue',
  'schedule',
];

/** Begins with the longest, so that none is left to run alone at the end; the others come in Jest's own order. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = long.findIndex((name) => path.endsWith(`/${name}.e2e-spec.ts`));
      return place === -1 ? long.length : place;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
