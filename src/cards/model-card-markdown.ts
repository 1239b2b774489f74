import { evaluationSection, thresholdsSection } from './evaluation-sections.js';
import {
  blocks,
  bullets,
  code,
  facts,
  heading,
  joined,
  link,
  type Markdown,
  markup,
  strong,
  table,
} from './markdown.js';
import { figureOf, labelOf } from './metric-labels.js';
import type { CardData, ModelCard, ServedModelCard } from './model-card.js';
import { count, duration, figure, moment, percent, size, withInterval } from './number-text.js';
import { optionsText, selectionSection } from './selection-section.js';

/** The card as a page that GitHub renders. Parts that the card does not have are left out. */
export function modelCardMarkdown(card: ModelCard | ServedModelCard): string {
  const sections = [
    ...summary(card),
    ...detailsSection(card),
    ...intendedUseSection(card),
    ...dataSection(card),
    ...(card.modelSelection ? selectionSection(card.modelSelection) : []),
    ...evaluationSection(card),
    ...thresholdsSection(card),
    ...noveltySection(card),
    ...gateSection(card),
    heading(2, 'Caveats and recommendations'),
    bullets(card.caveatsAndRecommendations),
    ...('deployments' in card ? deploymentsSection(card) : []),
  ];
  return `${blocks(sections).text}\n`;
}

function summary(card: ModelCard | ServedModelCard): Markdown[] {
  const { detector, version, title, learner, trainedAt } = card.modelDetails;
  const { metrics, intervals } = card.evaluation.test;
  const aliases = 'deployments' in card ? card.deployments.aliases.map((alias) => strong(alias)) : [];
  const auc = withInterval(figureOf(metrics, 'rocAuc'), intervals?.rocAuc);
  return [
    heading(1, `${detector}, version ${version}`),
    markup`${title}.`,
    joined(
      [
        ...aliases,
        code(learner),
        `ROC AUC ${auc} on ${count(metrics.rows)} test rows`,
        `trained ${moment(trainedAt)}`,
      ],
      ' · ',
    ),
  ];
}

function detailsSection({ modelDetails: details }: ModelCard): Markdown[] {
  const { options, imputer, encoder, actor } = details;
  return [
    heading(2, 'Model details'),
    facts([
      ['candidate', code(details.candidate)],
      ['learner', code(details.learner)],
      ['missing values', imputer === 'none' ? 'left to the learner' : imputer],
      ['encoder', encoder],
      ['calibration', details.calibration],
      ['trained', moment(details.trainedAt)],
      ['fit time', duration(details.fitMs)],
      ['run', markup`${code(details.run)}${actor === null ? '' : `, started by ${actor}`}`],
      ['seed', details.seed],
      ['code version', details.codeVersion],
      ['bundle', markup`${size(details.size)}, sha256 ${code(details.sha256)}`],
    ]),
    markup`It takes ${count(details.features.length)} features: ${joined(details.features.map(({ name }) => code(name)))}.`,
    ...(options ? [markup`Options of the learner: ${optionsText(options)}.`] : []),
  ];
}

function intendedUseSection({ intendedUse }: ModelCard): Markdown[] {
  const { positiveClass, primaryUses, outOfScopeUses } = intendedUse;
  return [
    heading(2, 'Intended use'),
    bullets(primaryUses),
    markup`The positive class is the ${strong(positiveClass.name)}: ${code(positiveClass.column)} is ${joined(
      positiveClass.values.map((value) => code(value)),
      ' or ',
    )}.`,
    markup`Out of scope:`,
    bullets(outOfScopeUses),
  ];
}

function dataSection({ data }: ModelCard): Markdown[] {
  const { source, group, time, train, test } = data;
  const all = { rows: data.rows, threats: data.threats, groups: null };
  const parts = [
    ['all', all],
    ['training', train],
    ['test', test],
  ] as const;
  return [
    heading(2, 'Data'),
    facts([
      ['source', source.name],
      ['authors', source.authors ?? null],
      ['DOI', source.doi === undefined ? null : link(`https://doi.org/${source.doi}`)],
      ['licence', source.licence ?? null],
      ['fingerprint', data.fingerprint === null ? null : code(data.fingerprint)],
      ['contract', markup`sha256 ${code(data.contractSha256)}`],
      [
        'duplicates',
        data.duplicates === null ? null : `${count(data.duplicates)} rows repeat an earlier one`,
      ],
      ['kept together', groupText(group)],
      ['test part', time ? timeText(time) : 'drawn by a hash of the group, the same in every run'],
      ['cross-validation', `${data.folds} folds of the training part`],
    ]),
    table(
      ['part', 'rows', 'threats', 'share of threats', 'groups'],
      parts.map(([name, { rows, threats, groups }]) => [
        name,
        count(rows),
        count(threats),
        percent(threats / rows),
        count(groups),
      ]),
      'lrrrr',
    ),
    ...(data.sources ? [sourcesTable(data.sources)] : []),
  ];
}

function sourcesTable(sources: NonNullable<CardData['sources']>): Markdown {
  return table(
    ['source of labels', 'licence', 'rows', 'threats'],
    [...sources]
      .sort((a, b) => b.rows - a.rows)
      .map(({ name, licence, rows, threats }) => [name, licence, count(rows), count(threats)]),
    'llrr',
  );
}

function groupText(group: CardData['group']): Markdown {
  if (group === 'features') return markup`rows with equal feature vectors`;
  if ('registeredDomain' in group)
    return markup`rows of one registered domain, by ${code(group.registeredDomain)}`;
  const columns = 'column' in group ? [group.column] : group;
  return markup`rows that agree in ${joined(columns.map((name) => code(name)))}`;
}

function timeText({ column, testFrom }: NonNullable<CardData['time']>): Markdown {
  const from = testFrom === null ? '' : `, from ${moment(testFrom)} on`;
  return markup`the latest rows by ${code(column)}${from}`;
}

function noveltySection({ novelty }: ModelCard): Markdown[] {
  if (!novelty) return [];
  return [
    heading(2, 'Novelty'),
    markup`Beside the probability an ${code(novelty.learner)} says how unlike the ${count(novelty.rows)} training rows a record is. Above a score of ${figure(novelty.newAbove)} it counts as new: only one training row in a thousand is there.`,
    table(
      ['share of the training rows', 'score up to'],
      novelty.quantiles.map(({ level, score }) => [`${Number((level * 100).toFixed(2))} %`, figure(score)]),
      'rr',
    ),
  ];
}

function gateSection({ gate }: ModelCard): Markdown[] {
  if (!gate) return [];
  const against =
    gate.champion === null ? 'with no champion to compare with' : `against version ${gate.champion}`;
  return [
    heading(2, 'Gate'),
    markup`${strong(gate.passed ? 'Passed' : 'Not passed')}, ${against}.`,
    table(
      ['', 'check', 'found'],
      gate.checks.map(({ name, passed, message }) => [passed ? '✓' : '✗', labelOf(name), message]),
      'lll',
    ),
  ];
}

function deploymentsSection({ deployments: { aliases, moves } }: ServedModelCard): Markdown[] {
  const now =
    aliases.length === 0
      ? markup`No alias points to it now.`
      : markup`It is the ${joined(aliases.map(strong), ' and the ')} now.`;
  if (moves.length === 0) return [heading(2, 'Deployments'), now];
  return [
    heading(2, 'Deployments'),
    now,
    table(
      ['at', 'move', 'alias', 'from', 'to', 'by', 'reason'],
      moves.map(({ at, kind, alias, from, to, actor, reason }) => [
        moment(at),
        kind,
        alias,
        from,
        to,
        actor,
        reason,
      ]),
      'lllrrll',
    ),
  ];
}
