import { tinyContract } from '../detector/fixtures/tiny-contract.js';
import { Matrix } from '../ml/matrix.js';
import type { Transformation } from '../transformation/transform.task.js';
import type { ValidationReport } from '../validation/validation-report.js';
import { summaries } from './stage-summaries.js';
import type { Evaluation } from './stages/evaluate.task.js';
import type { Registered } from './stages/registration.service.js';
import type { Trained } from './stages/trainer.service.js';

describe('the line that a stage leaves', () => {
  it('ingestion', () => {
    const snapshot = {
      detector: 'tiny',
      x: new Matrix(1234, 3),
      y: new Uint8Array(1234),
      fingerprint: 'a'.repeat(64),
    };
    expect(summaries.ingestion(snapshot)).toBe('1,234 records, 3 features, fingerprint aaaaaaaaaaaa');
  });

  it('validation', () => {
    const checks = ['passed', 'warned', 'failed', 'passed'].map((status) => ({ status }));
    const report = { status: 'failed', checks, duplicates: 5206, drift: null } as unknown as ValidationReport;
    expect(summaries.validation(report)).toBe('failed: 2 of 4 checks, 5,206 duplicates');
    const drift = { numberOfDriftedColumns: 2 } as ValidationReport['drift'];
    expect(summaries.validation({ ...report, drift })).toBe(
      'failed: 2 of 4 checks, 5,206 duplicates, 2 columns drifted',
    );
  });

  it('transformation', () => {
    const parts = {
      train: new Int32Array(8000),
      test: new Int32Array(2000),
      folds: new Array<Int32Array>(5),
    };
    expect(summaries.transformation(parts as unknown as Transformation)).toBe(
      '8,000 training rows in 5 folds, 2,000 test rows',
    );
  });

  it('training', () => {
    const [winner] = tinyContract().candidates;
    const candidates = [
      { name: 'forest', mean: { rocAuc: 0.98765 } },
      { name: 'logistic', mean: { rocAuc: null } },
    ];
    expect(summaries.training({ winner, candidates } as unknown as Trained)).toBe(
      'forest wins (cross-validated ROC AUC: forest 0.9877, logistic none)',
    );
    const search = { method: 'halving', trials: 31, fits: 1058, seconds: 9.87, outOfTime: false };
    const line = (changes: object): string =>
      summaries.training({ winner, candidates, search: { ...search, ...changes } } as unknown as Trained);
    expect(line({})).toMatch(/; halving search: 31 trials, 1,058 fits, 9\.9 s$/);
    expect(line({ outOfTime: true, maxSeconds: 9 })).toMatch(/ 9\.9 s, ended by its limit of 9 s$/);
  });

  it('evaluation', () => {
    const metrics = { rocAuc: 0.98, accuracy: 0.9 };
    const test = { metrics, intervals: { rocAuc: [0.97, 0.99] } };
    expect(summaries.evaluation({ test } as unknown as Evaluation)).toBe(
      'test ROC AUC 0.9800 [0.9700, 0.9900], accuracy 0.9000',
    );
    expect(
      summaries.evaluation({ test: { metrics, intervals: { rocAuc: null } } } as unknown as Evaluation),
    ).toBe('test ROC AUC 0.9800 [none, none], accuracy 0.9000');
  });

  it.each([
    [true, true, 'version 3, promoted to champion'],
    [true, false, 'version 3, promoted to champion'], // forced
    [false, true, 'version 3, challenger'],
    [false, false, 'version 3, challenger, did not pass the gate'],
  ])('registration, promoted: %s, passed: %s', (promoted, passed, line) => {
    const registered = { version: { version: 3 }, promoted, gate: { passed } };
    expect(summaries.registration(registered as unknown as Registered)).toBe(line);
  });
});
