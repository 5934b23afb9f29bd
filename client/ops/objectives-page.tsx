import type { JSX } from 'react';
import type { SloReport, SloStatus } from '../../sessions/ops-view.ts';
import { DataTable, type Column } from './data-table.tsx';
import { figureText, NOTHING, percentText } from './figures.ts';
import { OBJECTIVES as words } from './objectives-strings.ts';
import { OPS } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { Bar, Card, CodeBox, LivePart, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

const SHAPE: Shape = [
  {
    'id': 'text',
    'title': 'text',
    'good': 'text',
    'total': 'text',
    'promql': 'text',
    'windowDays': 'number',
    'target': 'number',
    'unit': 'text',
    'totalCount': 'number',
    'value?': 'number',
    'budgetLeft?': 'number',
    'burn': {},
    'status': 'text',
  },
];
const BURN_WINDOWS = ['5m', '1h', '6h'] as const;

/** Objectives and promises: what was meant, what is, and how much may still go wrong. */
export function ObjectivesPage(): JSX.Element {
  const slo = useLive<SloReport[]>('/slo', SHAPE);
  const sla = useLive<SloReport[]>('/sla', SHAPE);
  return (
    <>
      <PageHead tab="objectives" live={slo} />
      <Card title={words.slo} isWide>
        <p className="note">{words.sloHelp}</p>
        <LivePart live={slo}>{(objectives) => <Reports title={words.slo} of={objectives} />}</LivePart>
      </Card>
      <Card title={words.sla} isWide>
        <p className="note">{words.slaHelp}</p>
        <LivePart live={sla}>{(objectives) => <Reports title={words.sla} of={objectives} />}</LivePart>
      </Card>
      <p className="note">{words.burnHelp}</p>
    </>
  );
}

const COLUMNS: readonly Column<SloReport>[] = [
  { title: words.objective, cell: (report) => <Objective of={report} /> },
  { title: words.status, cell: ({ status }) => <StateMark state={status} word={OPS.slo[status]} /> },
  { title: words.value, cell: (report) => <Value of={report} />, isNumber: true },
  { title: words.target, cell: ({ target, unit }) => figureText(target, unit), isNumber: true },
  { title: words.budget, cell: (report) => <Budget of={report} /> },
  { title: words.burn, cell: (report) => <Burn of={report} /> },
];

const ORDER: Record<SloStatus, number> = { red: 0, yellow: 1, green: 2, insufficient: 3 };

function Reports({ title, of }: { title: string; of: SloReport[] }): JSX.Element {
  const bad = of.filter(({ status }) => status === 'red' || status === 'yellow').length;
  const rows = of.toSorted((one, other) => ORDER[one.status] - ORDER[other.status]);
  return (
    <>
      {of.length > 0 && <p>{words.summary(bad, of.length)}</p>}
      <DataTable label={title} columns={COLUMNS} rows={rows} keyOf={({ id }) => id} empty={words.empty} />
    </>
  );
}

function Objective({ of }: { of: SloReport }): JSX.Element {
  return (
    <span className="ops-objective">
      <strong>{of.title}</strong> <span className="note">{words.window(of.windowDays)}</span>
      <details>
        <summary>{words.how}</summary>
        <dl className="ops-figures ops-plain">
          <div>
            <dt>{words.good}</dt>
            <dd>{of.good}</dd>
          </div>
          <div>
            <dt>{words.total}</dt>
            <dd>{of.total}</dd>
          </div>
        </dl>
        <p className="note">{words.promql}</p>
        <CodeBox label={words.promqlOf(of.title)} text={of.promql} />
      </details>
    </span>
  );
}

function Value({ of }: { of: SloReport }): JSX.Element {
  const { value, unit, goodCount, totalCount, status } = of;
  const total = figureText(totalCount, 'count');
  const counted =
    goodCount === null ? words.events(totalCount) : words.counted(figureText(goodCount, 'count'), total);
  return (
    <span className="ops-two-lines">
      <strong>{figureText(value, unit)}</strong>
      <span className="note">{status === 'insufficient' ? `${counted}; ${words.tooFew}` : counted}</span>
    </span>
  );
}

function Budget({ of }: { of: SloReport }): JSX.Element {
  const { budgetLeft, status, title } = of;
  if (budgetLeft === null) return <span className="note">{words.noBudget}</span>;
  const text = budgetLeft < 0 ? words.over(percentText(-budgetLeft)) : percentText(budgetLeft);
  return <Bar label={`${words.budget}: ${title}`} share={budgetLeft} words={text} tone={status} />;
}

function Burn({ of }: { of: SloReport }): JSX.Element {
  return (
    <span className="ops-burn">
      {BURN_WINDOWS.map((window) => {
        const rate = of.burn[window];
        return (
          <span key={window} data-fast={rate !== null && rate > 1}>
            {words.burnOf(window, rate === null ? NOTHING : figureText(rate, 'score'))}
          </span>
        );
      })}
    </span>
  );
}
