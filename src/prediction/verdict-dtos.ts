import { describeFinding, type HostFinding } from '../detector/flow/host-finding.js';
import { FlowItem } from '../detector/flow/record-fields.js';
import type { ItemFinding } from '../detector/kind.js';
import { UrlItem } from '../detector/url/url-item.js';
import type {
  ChainLinkDto,
  DecidingEntryDto,
  FlowVerdictDto,
  FlowVerdictsDto,
  HostFindingDto,
  ItemFaultDto,
  LoneFlowVerdictDto,
  UrlVerdictDto,
  UrlVerdictsDto,
  VerdictDto,
  VerdictsDto,
} from './prediction.dto.js';
import type { ScoredBody } from './scoring.service.js';
import type { Verdict } from './verdict.js';

/** A verdict may be kept for this long; lists and promotions take effect within it. */
const cacheSeconds = 300;

/** A verdict as the API and files show it, with what flows have beside it. */
export function verdictDto(verdict: Verdict): VerdictDto | FlowVerdictDto {
  const { id, probability, modelVerdict, decidedBy, context, reasons, novelty, version, servedBy } = verdict;
  const { detector } = version.contract;
  return {
    id,
    verdict: verdict.verdict,
    probability,
    modelVerdict,
    decidedBy,
    context,
    reasons: [...reasons],
    ...(novelty && { novelty }),
    model: { detector, version: version.version, trainedAt: version.row.createdAt, servedBy },
    ...listMember(verdict),
    ...chainMember(verdict),
    ...(verdict.item instanceof FlowItem && {
      uid: verdict.item.flow.uid,
      ...(verdict.item.mended.length > 0 && { mended: verdict.item.mended }),
      ...flowMembers(verdict),
    }),
  };
}

/** What only verdicts on addresses have that lead on to others. */
export function chainMember({ item }: Pick<Verdict, 'item'>): { readonly chain?: ChainLinkDto[] } {
  if (!(item instanceof UrlItem) || item.links.length < 2) return {};
  return { chain: item.links.map(({ url, through }) => ({ url: url.text, through })) };
}

/** The entry that decided, if one did. */
export function listMember({ list }: Verdict): Pick<VerdictDto, 'list'> {
  return list ? { list: entryDto(list) } : {};
}

/** What only verdicts on flows have. */
export function flowMembers({ findings }: Verdict): Pick<FlowVerdictDto, 'findings'> {
  return findings.length === 0 ? {} : { findings: findings.map(withText) };
}

export function hostDtos(findings: readonly HostFinding[]): HostFindingDto[] {
  return findings.map(withText);
}

/** The verdict on what came by itself, else all in their order; for flows with what they add up to. */
export function bodyDto(scored: ScoredBody): VerdictDto | VerdictsDto | LoneFlowVerdictDto | FlowVerdictsDto {
  const verdicts = inPlace(scored, scored.verdicts.map(verdictDto));
  const hosts = scored.hosts && { hosts: hostDtos(scored.hosts) };
  return scored.single ? { ...(verdicts[0] as VerdictDto), ...hosts } : { verdicts, ...hosts };
}

/** Verdicts on addresses, each with the time for which it may be kept. */
export function urlBodyDto(scored: ScoredBody): UrlVerdictDto | UrlVerdictsDto {
  const dtos = scored.verdicts.map((verdict) => ({ ...verdictDto(verdict), cacheFor: cacheFor(verdict) }));
  return scored.single ? dtos[0] : { verdicts: inPlace(scored, dtos) };
}

/** The verdicts with the faults between them, each where its item stood in the request. */
function inPlace<T>({ faults }: ScoredBody, verdicts: readonly T[]): (T | ItemFaultDto)[] {
  const placed: (T | ItemFaultDto)[] = [...verdicts];
  const texts = new Map<number, ItemFaultDto>();
  for (const { place, path, message } of faults) {
    const known = texts.get(place);
    texts.set(place, known ? { ...known, error: `${known.error}; ${message}` } : { path, error: message });
  }
  for (const [place, fault] of texts) placed.splice(place, 0, fault);
  return placed;
}

function cacheFor({ list }: Verdict): number {
  const ends = list?.expiresAt?.getTime() ?? Infinity;
  return Math.min(cacheSeconds, Math.max(0, Math.floor((ends - Date.now()) / 1000)));
}

function entryDto({
  _id: entry,
  list,
  match,
  value,
  note,
  expiresAt,
}: NonNullable<Verdict['list']>): DecidingEntryDto {
  return { entry, list, match, value, note, expiresAt };
}

function withText<T extends ItemFinding>(finding: T): T & { text: string } {
  return { ...finding, text: describeFinding(finding) };
}
