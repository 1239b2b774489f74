import { RequestInvalidError } from '../common/errors.js';
import { canonicalText } from '../detector/tabular/canonical-text.js';
import type { LabelWords } from '../detector/tabular/cells.js';

/**
 * What someone says of the labels of an input; undefined where nothing is said.
 * @throws RequestInvalidError where only one side is named, or a label stands on both
 */
export function labelWords(threat?: readonly string[], benign?: readonly string[]): LabelWords | undefined {
  if (!threat && !benign) return undefined;
  if (!threat || !benign) {
    const [given, missing] = threat ? ['threat', 'benign'] : ['benign', 'threat'];
    throw invalid(missing, `has to be said as well where ${given} is: the labels that mean it`);
  }
  const threats = new Set(threat.map(canonicalText));
  const both = benign.find((word) => threats.has(canonicalText(word)));
  if (both !== undefined) throw invalid('benign', `has '${both}', which stands for threats as well`);
  return { threat, benign };
}

function invalid(path: string, message: string): RequestInvalidError {
  return new RequestInvalidError([{ path, message }]);
}
