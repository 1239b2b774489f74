import { Furnished } from './support/furnished.js';
import { hasSchemathesis, runSchemathesis } from './support/schemathesis.js';

/**
 * All checks that schemathesis has, but for two. `positive_data_acceptance` cannot hold for an honest service: whether a
 * row, an address or a bundle will do is said by the detector's contract, not by the document, and a wrong one is
 * refused. `object_level_authorization` needs a second user who owns nothing: test/access-matrix.e2e-spec.ts has that.
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'allow_header_conformance',
  'use_after_free',
  'ensure_resource_availability',
  'ignored_auth',
];
/** What a server that holds its own may grow by, MB: models are loaded and pages touched, nothing is kept for each request. */
const mostGrowth = 400;
/** It sends some ten thousand requests. */
const longestMs = 900_000;

if (!hasSchemathesis()) {
  process.stderr.write(
    'The tests by schemathesis are left out: it is not installed (npm run test:install does it).\n',
  );
}
const withSchemathesis = hasSchemathesis() || process.env.CI ? describe : describe.skip;

withSchemathesis('schemathesis, which knows the OpenAPI document and nothing else,', () => {
  let furnished: Furnished;

  beforeAll(async () => {
    furnished = await Furnished.open();
  });
  afterAll(() => furnished?.close());

  it(
    'finds no route that breaks its promises, and leaves a server that is sound',
    async () => {
      const before = furnished.memory();
      const { code, output } = await runSchemathesis(furnished, checks);
      // Whole, with its lines for curl: what failed has to be sent again by hand.
      if (code !== 0) process.stderr.write(`${output}\n`);
      await furnished.expectSound();
      expect(furnished.failuresInLog).toEqual([]);
      expect(furnished.memory()).toBeLessThan(before + mostGrowth);
      const [summary] = /^=+ SUMMARY =+\n[\s\S]*/m.exec(output) ?? [output];
      expect(summary).toMatch(/Selected: (\d+)\/\1\n\s+Tested: \1\n/);
      expect({ code, summary }).toEqual({ code: 0, summary });
    },
    longestMs,
  );
});
