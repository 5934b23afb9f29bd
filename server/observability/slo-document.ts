import { AGREEMENTS, objectivePromql, OBJECTIVES, type Objective } from './slos.ts';

const PERCENT_DIGITS = 4;

/** A ratio as people write it: 0.999 is 99.9 %. */
const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(PERCENT_DIGITS))} %`;

function targetOf({ kind, target, unit }: Objective): string {
  if (kind === 'quantile') return `at most ${target} s`;
  return unit === 'ratio' ? percent(target) : `at least ${target}`;
}

/** The window of an objective as people say it: `30 days`, `1 h`. */
export function windowOf({ windowDays }: Pick<Objective, 'windowDays'>): string {
  return windowDays < 1 ? `${Math.round(windowDays * 24)} h` : `${windowDays} days`;
}

function table(objectives: readonly Objective[]): string {
  const rows = objectives.map((each) => {
    const cells = [
      `\`${each.id}\``,
      each.good,
      each.total,
      targetOf(each),
      windowOf(each),
      String(each.least),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| id | good | all | target | over | from |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

function queries(objectives: readonly Objective[]): string {
  return objectives.map((each) => `# ${each.id}\n${objectivePromql(each)}`).join('\n');
}

/** The part of docs/slo.md that follows from the definitions. */
export function sloTables(): string {
  return [
    '## Objectives',
    table(OBJECTIVES),
    '## Agreements',
    table(AGREEMENTS),
    '## As PromQL',
    `\`\`\`promql\n${queries([...OBJECTIVES, ...AGREEMENTS])}\n\`\`\``,
  ].join('\n\n');
}
