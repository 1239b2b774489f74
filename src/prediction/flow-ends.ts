import type { Flow } from '../detector/flow/flow.js';
import type { ItemFinding } from '../detector/kind.js';
import type { FlowEnds } from '../lists/list-matcher.js';

/** What entries of the lists compare of a flow. The type and code of ICMP are no ports. */
export function flowEnds({ id_orig_h, id_resp_h, id_resp_p, proto }: Flow): FlowEnds {
  return { source: id_orig_h, target: id_resp_h, port: proto === 'icmp' ? null : id_resp_p, proto };
}

/** What they compare of a finding. */
export function findingEnds({ host, target, port, proto }: ItemFinding): FlowEnds {
  return { source: host, target, port, proto };
}
