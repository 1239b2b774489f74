import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { projectRoot } from '../config/project-root.js';
import type { Environment } from '../config/environment.js';
import { contractDigest, ContractsService, loadContracts } from './contracts.service.js';
import { ContractInvalidError, DetectorUnknownError } from './detector.errors.js';
import { tinyContract, tinySource } from './fixtures/tiny-contract.js';

describe('the contracts of a folder', () => {
  let folder: string;
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const refusal = (): ContractInvalidError => {
    try {
      loadContracts(folder);
    } catch (error) {
      if (error instanceof ContractInvalidError) return error;
      throw error;
    }
    throw new Error('the folder was not refused');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwarden-contracts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are refused where they learn from a column that must not be learned from', () => {
    const [{ name }] = tinySource.features as { name: string }[];
    write('tiny.yaml', stringify({ ...tinySource, input: { drop: { [name]: 'it is a leak' } } }));
    expect(refusal().message).toContain(`'${name}' must not be learned from: it is a leak`);
  });

  it('are read and completed with defaults', () => {
    write('tiny.yaml', stringify(tinySource));
    write('notes.txt', 'not a contract');
    const contracts = loadContracts(folder);
    expect([...contracts.keys()]).toEqual(['tiny']);
    expect(contracts.get('tiny')).toEqual(tinyContract());
    expect(contracts.get('tiny')!.label.threat).toEqual(['-1', 'phishing']);
    expect(contracts.get('tiny')!.candidates[1]).toMatchObject({ options: {}, space: {}, optional: false });
    expect(contracts.get('tiny')!.search).toEqual({
      method: 'none',
      maxFits: 60,
      maxSeconds: null,
      factor: 3,
      minResources: 2000,
    });
  });

  it('have novelty with its defaults where they ask for it, and another digest then', () => {
    const asked = tinyContract({ novelty: {} });
    expect(asked.novelty).toEqual({ nEstimators: 50, maxSamples: 256 });
    expect(tinyContract()).not.toHaveProperty('novelty');
    expect(contractDigest(asked)).not.toBe(contractDigest(tinyContract()));
  });

  it.each([
    ['an unknown key', { extra: 1 }, '', 'Unrecognized key: "extra"'],
    [
      'novelty without trees',
      { novelty: { nEstimators: 0 } },
      'novelty.nEstimators',
      'Too small: expected number to be >=1',
    ],
    [
      'an option that novelty does not have',
      { novelty: { contamination: 0.1 } },
      'novelty',
      'Unrecognized key: "contamination"',
    ],
    [
      'novelty of addresses, which have n-grams',
      { kind: 'url', features: undefined, novelty: {} },
      'novelty',
      'needs features that are all dense',
    ],
    [
      'a bad learner option',
      { candidates: [{ ...tinySource.candidates[0], options: { nEstimators: 0 } }] },
      'candidates.0.options',
      'random-forest: nEstimators must be a whole number, 1 to 10000, got 0',
    ],
    [
      'an unknown learner option',
      { candidates: [{ ...tinySource.candidates[0], options: { trees: 9 } }] },
      'candidates.0.options',
      'random-forest: there is no option "trees"',
    ],
    [
      'a searched option that the learner does not know',
      { candidates: [{ ...tinySource.candidates[0], space: { trees: [1, 2] } }] },
      'candidates.0.space.trees',
      'random-forest: there is no option "trees"',
    ],
    [
      'a searched value that the learner does not take',
      { candidates: [{ ...tinySource.candidates[0], space: { criterion: ['gini', 'chaos'] } }] },
      'candidates.0.space.criterion',
      'random-forest: criterion must be "gini" or "entropy", got "chaos"',
    ],
    [
      'a searched range that ends where the learner takes no more',
      {
        candidates: [
          { ...tinySource.candidates[0], space: { maxDepth: { low: 0, high: 9, integer: true } } },
        ],
      },
      'candidates.0.space.maxDepth',
      'random-forest: maxDepth must be a whole number, 1 or more or null, got 0',
    ],
    [
      'a searched range of fractions for a whole number',
      { candidates: [{ ...tinySource.candidates[0], space: { maxDepth: { low: 2, high: 9 } } }] },
      'candidates.0.space.maxDepth',
      'random-forest: maxDepth must be a whole number',
    ],
    [
      'a searched range upside down',
      { candidates: [{ ...tinySource.candidates[0], space: { maxDepth: { low: 9, high: 2 } } }] },
      'candidates.0.space.maxDepth',
      'low must be below high',
    ],
    [
      'a logarithm of zero',
      { candidates: [{ ...tinySource.candidates[1], space: { C: { low: 0, high: 2, log: true } } }] },
      'candidates.0.space.C',
      'low must be above 0 where log is true',
    ],
    [
      'a single value to search',
      { candidates: [{ ...tinySource.candidates[0], space: { maxDepth: 3 } }] },
      'candidates.0.space.maxDepth',
      'must be a list of values, or a range of low and high',
    ],
    ['a search without fits', { search: { method: 'random', maxFits: 0 } }, 'search.maxFits', 'Too small'],
    ['an unknown search', { search: { method: 'grid' } }, 'search.method', 'Invalid option'],
    [
      'an alias that is another feature',
      { features: [tinySource.features[0], { ...tinySource.features[1], aliases: ['Having_IP'] }] },
      'features.1',
      "'Having_IP' is taken by features.0",
    ],
    [
      'a feature named like the label',
      { features: [{ ...tinySource.features[1], name: 'class' }] },
      'label',
      "'class' is taken by features.0",
    ],
    [
      'a value that stands for threat and benign',
      { label: { ...tinySource.label, benign: ['-1', '1'] } },
      'label.benign',
      "'-1' stands for threat and benign",
    ],
    [
      'a value in both lists in another spelling',
      { label: { ...tinySource.label, benign: ['1', '-1.0'] } },
      'label.benign',
      "'-1.0' stands for threat and benign",
    ],
    [
      'a word in both lists in another case',
      { label: { ...tinySource.label, benign: ['Phishing '] } },
      'label.benign',
      "'Phishing ' stands for threat and benign",
    ],
    ['an unknown group column', { group: ['host'] }, 'group.0', "no feature is named 'host'"],
    [
      'optional candidates only',
      { candidates: [{ ...tinySource.candidates[0], optional: true }] },
      'candidates',
      'at least one must not be optional',
    ],
    [
      'native categories for a learner of numbers',
      { candidates: [{ ...tinySource.candidates[1], encoder: 'native' }] },
      'candidates.0.encoder',
      'native is for random-forest, extra-trees, decision-tree, ada-boost, gradient-boosting',
    ],
    [
      'native categories where there are none',
      {
        features: tinySource.features.slice(0, 2),
        candidates: [{ ...tinySource.candidates[0], encoder: 'native' }],
      },
      'candidates.0.encoder',
      'no feature is a category',
    ],
    [
      'more native categories than a learner takes',
      {
        features: [
          ...tinySource.features.slice(0, 2),
          {
            ...tinySource.features[2],
            values: Object.fromEntries([...Array(256).keys()].map((n) => [n, 'n'])),
          },
        ],
        candidates: [{ ...tinySource.candidates[0], encoder: 'native' }],
      },
      'candidates.0.encoder',
      'native takes 255 values, protocol has more',
    ],
    [
      'a decision without a comparison that there is none of',
      { gate: { ...tinySource.gate, whenNotComparable: 'promote' } },
      'gate.whenNotComparable',
      'expected one of "refuse"|"limits"',
    ],
    ['no time for a run', { training: { maxMinutes: 0 } }, 'training.maxMinutes', 'Too small'],
    [
      'two candidates of one name',
      { candidates: [tinySource.candidates[0], tinySource.candidates[0]] },
      'candidates.1.name',
      "a second candidate named 'forest'",
    ],
    [
      'a range upside down',
      { features: [{ ...tinySource.features[1], min: 5, max: 1 }] },
      'features.0.min',
      'min 5 is above max 1',
    ],
    [
      'a supplement for records that are no addresses',
      { supplement: { homePages: true } },
      'supplement',
      'there is none for detectors of the kind tabular',
    ],
    ['no features', { features: [] }, 'features', 'Too small'],
    [
      'threat shares upside down',
      { validation: { ...tinySource.validation, threatShare: { min: 0.5, max: 0.5 } } },
      'validation.threatShare',
      'min must be below max',
    ],
  ])('are refused with %s, by file, path and reason', (_, changes, path, reason) => {
    write('tiny.yaml', stringify({ ...tinySource, ...changes }));
    const error = refusal();
    expect(error).toMatchObject({ code: 'CONTRACT_INVALID', file: 'tiny.yaml' });
    expect(error.errors).toHaveLength(1);
    expect(error.errors[0].path).toBe(path);
    expect(error.errors[0].message).toContain(reason);
    expect(error.message).toContain('tiny.yaml');
    expect(error.message).toContain(reason);
  });

  it.each([
    ['a syntax error', 'detector: [tiny', 'at line 1'],
    ['a key that stands twice', 'detector: tiny\ndetector: tiny\n', 'Map keys must be unique'],
    ['an alias without its anchor', 'detector: *name\n', 'Unresolved alias'],
    ['nothing in it', '', 'expected object'],
  ])('are refused with %s', (_, text, reason) => {
    write('tiny.yaml', text);
    expect(refusal().file).toBe('tiny.yaml');
    expect(refusal().message).toContain(reason);
  });

  it('are refused when one is named other than its file', () => {
    write('huge.yaml', stringify(tinySource));
    expect(refusal().message).toContain("detector: is 'tiny', but the file is named huge.yaml");
  });

  it('are refused when one cannot be read', () => {
    mkdirSync(join(folder, 'tiny.yaml'));
    expect(refusal()).toMatchObject({
      file: 'tiny.yaml',
      errors: [{ message: expect.stringContaining('EISDIR') }],
    });
  });

  it('are refused where there are none, or no folder', () => {
    expect(refusal().message).toContain('holds no *.yaml file');
    expect(() => loadContracts(join(folder, 'none'))).toThrow('cannot be read (ENOENT)');
  });
});

describe('ContractsService', () => {
  const contracts = new ContractsService({ schemaDir: resolve(projectRoot, 'schema') } as Environment);

  it('has the bundled phishing-website contract', () => {
    expect(contracts.detectors).toContain('phishing-website');
    const contract = contracts.get('phishing-website');
    expect(contract.features).toHaveLength(30);
    expect(contract.label.threat).toEqual(['-1', 'phishing']);
    expect(contract.candidates.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual([
      'random-forest',
      'gradient-boosting',
      'logistic-regression',
    ]);
  });

  it('names the detector that was probably meant, or all there are', () => {
    expect(() => contracts.get('phising-website')).toThrow('Did you mean phishing-website?');
    expect(() => contracts.get('dns')).toThrow('There are: network-flow, nsl-kdd, phishing-website');
    expect(() => contracts.get('toString')).toThrow(DetectorUnknownError);
  });
});

describe('contractDigest', () => {
  let folder: string;
  const digestOf = (text: string): string => {
    writeFileSync(join(folder, 'tiny.yaml'), text);
    return contractDigest(loadContracts(folder).get('tiny')!);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netwarden-contracts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('looks at what a contract says, not at comments, layout or the order of its parts', () => {
    const digest = contractDigest(tinyContract());
    const { detector, ...rest } = tinySource;
    expect(digestOf(`# tiny\n${stringify(tinySource, { indent: 4 })}\n# the end\n`)).toBe(digest);
    expect(digestOf(JSON.stringify(tinySource))).toBe(digest);
    expect(digestOf(stringify({ ...rest, detector }))).toBe(digest);
    expect(digestOf(stringify({ ...tinySource, split: { ...tinySource.split, seed: 2 } }))).not.toBe(digest);
  });
});
