import { isUrlFault, parseUrl } from '../../detector/url/canonical-url.js';
import type { ListsService } from '../../lists/lists.service.js';
import { findingEnds, flowEnds } from '../../prediction/flow-ends.js';
import type { Alert } from './alert.js';

/** Whether an entry keeps an alert back for now: of what it is about, or of the host whose doing it is. */
export function isSuppressed(
  lists: Pick<ListsService, 'isEmpty' | 'suppressionOf' | 'flowSuppressionOf'>,
  alert: Alert,
): boolean {
  if (lists.isEmpty) return false;
  switch (alert.kind) {
    case 'flow':
      return lists.flowSuppressionOf(flowEnds(alert.flow)) !== null;
    case 'host':
      return lists.flowSuppressionOf(findingEnds(alert.finding), alert.finding.kind) !== null;
    case 'url': {
      const { url: text, client } = alert.asked;
      const url = parseUrl(text);
      const asking = { source: client, target: null, port: null, proto: null };
      const entry = isUrlFault(url) ? null : lists.suppressionOf(url);
      return (entry ?? lists.flowSuppressionOf(asking)) !== null;
    }
  }
}
