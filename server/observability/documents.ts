import { ALERTS } from './alerts.ts';
import { runbookOf } from './alerts-shape.ts';
import { metricRegistry } from './metric-registry.ts';
import { sloTables } from './slo-document.ts';

/** A part of a document between `<!-- mark:begin -->` and `<!-- mark:end -->` that is written by a script. */
interface DocumentPart {
  path: string;
  mark: string;
  text: string;
}

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function metricTable(): string {
  const rows = metricRegistry().metrics.map(({ name, type, unit, labels, help }) => {
    const told = Object.keys(labels).map((label) => `\`${label}\``);
    return row(`\`${name}\``, type, unit, told.join(', '), help);
  });
  return [row('metric', 'type', 'unit', 'labels', 'tells'), '|---|---|---|---|---|', ...rows].join('\n');
}

function runbookTable(): string {
  const rows = ALERTS.map(({ name, severity, slo, summary }) => {
    const file = runbookOf(name).split('/').at(-1) ?? '';
    const plain = summary.replaceAll(/: \{\{ \$labels\.\w+ \}\}|\{\{ \$labels\.(\w+) \}\}/g, '$1');
    return row(`[${name}](${file})`, severity, slo ?? '', plain);
  });
  return [row('alert', 'severity', 'objective', 'says'), '|---|---|---|---|', ...rows].join('\n');
}

/** The tables in docs that follow from definitions. */
export function documentParts(): DocumentPart[] {
  return [
    { path: 'docs/metrics.md', mark: 'metrics', text: metricTable() },
    { path: 'docs/runbooks/README.md', mark: 'runbooks', text: runbookTable() },
    { path: 'docs/slo.md', mark: 'slo', text: sloTables() },
  ];
}
