import { readFileSync } from 'node:fs';
import { exampleCard } from './example-card.js';
import type { ModelCard, ServedModelCard } from './model-card.js';
import { modelCardMarkdown } from './model-card-markdown.js';

const golden = readFileSync(new URL('./fixtures/example-card.md', import.meta.url), 'utf8');
const { deployments, ...storedCard } = exampleCard;
const bare: ModelCard = {
  ...storedCard,
  modelSelection: null,
  evaluation: {
    test: { ...exampleCard.evaluation.test, intervals: null },
    validation: { ...exampleCard.evaluation.validation, intervals: null },
    curves: null,
    importance: null,
  },
  gate: null,
};

describe('a model card in Markdown', () => {
  it('is the page that people read', () => {
    expect(modelCardMarkdown(exampleCard)).toBe(golden);
  });

  it('says of novelty what share of the training rows has which score', () => {
    const quantiles = [{ level: 0.5, score: 0.43127 }, { level: 0.9999, score: 0.71 }]; // prettier-ignore
    const novelty = { learner: 'isolation-forest', rows: 9000, newAbove: 0.65, quantiles } as const;
    const page = modelCardMarkdown({ ...bare, novelty });
    expect(page).toContain('says how unlike the 9,000 training rows a record is. Above a score of 0.6500');
    expect(page).toMatch(/\| +50 % \| +0\.4313 \|\n\| +99\.99 % \| +0\.7100 \|/);
  });

  it('leaves out what the card does not have', () => {
    const page = modelCardMarkdown(bare);
    expect([...page.matchAll(/^##+ .*/gm)].map(([heading]) => heading)).toEqual([
      '## Model details',
      '## Intended use',
      '## Data',
      '## Evaluation',
      '## Thresholds',
      '## Caveats and recommendations',
    ]);
    expect(page).toMatch(/\| ROC AUC ↑ +\| +0\.9850 \| +0\.9850 \|/);
    expect(page).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('shows a metric that it has no label for, by its name in words', () => {
    const metrics = { ...bare.evaluation.test.metrics, recallAt5Alarms: 0.25 };
    const evaluation = {
      ...bare.evaluation,
      test: { metrics, intervals: { recallAt5Alarms: [0.2, 0.3] as const } },
    };
    expect(modelCardMarkdown({ ...bare, evaluation })).toMatch(
      /\| recall at 5 alarms +\| 0\.2500 \(0\.2000–0\.3000\) \|/,
    );
  });

  it('shows what a search tried, what went farthest first', () => {
    const [winner, other] = exampleCard.modelSelection!.candidates;
    const trial = { options: { maxDepth: 3 }, folds: 2, fitMs: 10 };
    const trials = [
      { ...trial, trial: 0, status: 'finished', share: 1, score: 0.97 },
      { ...trial, trial: 1, status: 'dropped', share: 0.25, folds: 1, score: 0.99 },
      { ...trial, trial: 2, status: 'finished', share: 1, score: 0.98 },
      { ...trial, trial: 3, status: 'failed', share: 0, folds: 0, score: null },
    ];
    const page = modelCardMarkdown({
      ...bare,
      modelSelection: {
        ...exampleCard.modelSelection!,
        candidates: [
          { ...winner, tried: 4, trials, curves: { roc: exampleCard.evaluation.curves!.roc } },
          other,
        ],
        search: { method: 'halving', fits: 12, seconds: 3.21, outOfTime: true },
      },
    });
    expect(page).toContain('by halving search: 12 fits in 3.2 s, when its time was up.');
    const rows = [...page.matchAll(/^\| \*\*`random-forest`\*\* \| +(\d) \| +(\S+) \|.*`maxDepth=3` \|$/gm)];
    expect(rows.map(([, number, score]) => [number, score])).toEqual([
      ['2', '0.9800'],
      ['0', '0.9700'],
      ['1', '0.9900'],
      ['3', '–'],
    ]);
    expect(page).toMatch(/\| \*\*`random-forest`\*\* \| `▄▄▄▄▄▄▄▄▄▄▇+█` \|/);
  });

  it('shows other people’s words as they are', () => {
    const evil = '| <script>alert(1)</script> [x](javascript:1)\n# owned';
    const card: ServedModelCard = {
      ...bare,
      modelDetails: { ...bare.modelDetails, title: evil, actor: evil },
      data: { ...bare.data, source: { name: evil, licence: evil } },
      caveatsAndRecommendations: [evil],
      deployments: { ...deployments, moves: [{ ...deployments.moves[0], reason: evil, actor: evil }] },
    };
    const page = modelCardMarkdown(card);
    expect(page).not.toMatch(/(?<!\\)<script|(?<!\\)\[x|^# owned/m);
    for (const line of page.split('\n').filter((row) => row.startsWith('| 2026'))) {
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(8);
    }
  });

  it.each([
    ['features', 'rows with equal feature vectors'],
    [['src', 'dst'], 'rows that agree in `src`, `dst`'],
    [{ column: 'capture' }, 'rows that agree in `capture`'],
    [{ registeredDomain: 'url' }, 'rows of one registered domain, by `url`'],
  ] as const)('says what is kept together: %j', (group, text) => {
    const data = { ...bare.data, group: group as ModelCard['data']['group'] };
    expect(modelCardMarkdown({ ...bare, data })).toMatch(new RegExp(`\\| kept together +\\| ${text} +\\|`));
  });

  it('says from when on the rows test where time splits them', () => {
    const data = { ...bare.data, time: { column: 'seen', testFrom: '2026-02-25T06:13:20.000Z' } };
    expect(modelCardMarkdown({ ...bare, data })).toMatch(
      /\| test part +\| the latest rows by `seen`, from 2026-02-25 06:13 UTC on +\|/,
    );
  });

  it('says of a version that nobody points to that nobody does', () => {
    const page = modelCardMarkdown({ ...bare, deployments: { aliases: [], moves: [] } });
    expect(page).toMatch(/## Deployments\n\nNo alias points to it now\.\n$/);
  });
});
