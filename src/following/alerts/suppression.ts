import { readUrlItem, UrlItem } from '../../detector/url/url-item.js';
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
      const item = readUrlItem(text.trim());
      const asking = { source: client, target: null, port: null, proto: null };
      const entry = item instanceof UrlItem ? lists.suppressionOf(...item.links.map(({ url }) => url)) : null;
      return (entry ?? lists.flowSuppressionOf(asking)) !== null;
    }
  }
}
