import type { JSX } from 'react';
import type { OpsVersion } from '../../sessions/ops-view.ts';
import { QUALITY_METRICS, type QualityMetric } from '../../sessions/quality.ts';
import { DataTable, type Column } from './data-table.tsx';
import { FeedbackCard } from './feedback-card.tsx';
import { figureText, sharesOf } from './figures.ts';
import { OPS } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { Card, LivePart, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';
import { VERSIONS as words } from './versions-strings.ts';

const SHAPE: Shape = {
  versions: [
    {
      version: 'text',
      model: 'text',
      isCurrent: 'flag',
      passages: 'number',
      quality: 'any',
      drift: 'any',
      feedback: { positive: 'number', neutral: 'number', negative: 'number', brokeStory: 'number' },
    },
  ],
};
const KINDS = ['positive', 'neutral', 'negative', 'brokeStory'] as const;
const STATES = { 0: 'green', 1: 'yellow', 2: 'red' } as const;

/** The versions of the narrator side by side. */
export function VersionsPage(): JSX.Element {
  const live = useLive<{ versions: OpsVersion[] }>('/versions', SHAPE);
  return (
    <>
      <PageHead tab="versions" live={live} />
      <LivePart live={live}>
        {({ versions }) =>
          versions.length === 0 ? (
            <p className="note ops-empty">{words.empty}</p>
          ) : (
            <>
              <div className="ops-versions">
                {versions.map((version) => (
                  <Version key={`${version.version}/${version.model}`} of={version} />
                ))}
              </div>
              <p className="note">{words.meanHelp}</p>
            </>
          )
        }
      </LivePart>
      <FeedbackCard />
    </>
  );
}

interface MetricRow {
  metric: QualityMetric;
  mean: number | null;
  drift: NonNullable<OpsVersion['drift'][QualityMetric]> | null;
}

const COLUMNS: readonly Column<MetricRow>[] = [
  { title: words.measure, cell: ({ metric }) => OPS.quality[metric] },
  { title: words.mean, cell: ({ mean }) => figureText(mean, 'score'), isNumber: true },
  { title: words.drift, cell: ({ drift }) => <Drift of={drift} /> },
  { title: words.cusum, cell: ({ drift }) => figureText(drift?.cusum ?? null, 'score'), isNumber: true },
  { title: words.legacyZ, cell: ({ drift }) => figureText(drift?.legacyZ ?? null, 'score'), isNumber: true },
];

function Version({ of }: { of: OpsVersion }): JSX.Element {
  const rows = QUALITY_METRICS.flatMap((metric): MetricRow[] => {
    const [mean, drift] = [of.quality[metric] ?? null, of.drift[metric] ?? null];
    return mean === null && drift === null ? [] : [{ metric, mean, drift }];
  });
  return (
    <Card
      title={of.version}
      aside={of.isCurrent ? <StateMark state="green" word={words.current} /> : undefined}
    >
      <p className="note ops-break">
        {words.model}: {of.model} · {words.passages(of.passages)}
      </p>
      <DataTable
        label={words.qualityOf(of.version)}
        columns={COLUMNS}
        rows={rows}
        keyOf={({ metric }) => metric}
        empty={OPS.nothing}
      />
      <Feedback of={of.feedback} />
    </Card>
  );
}

function Drift({ of }: { of: MetricRow['drift'] }): JSX.Element {
  if (of === null) return <StateMark state="insufficient" word={words.noBaseline} />;
  return <StateMark state={STATES[of.state]} word={words.drifts[of.state]} />;
}

function Feedback({ of }: { of: OpsVersion['feedback'] }): JSX.Element {
  const counts = KINDS.map((kind) => of[kind]);
  const said = KINDS.map((kind, i) => `${words.kinds[kind]}: ${counts[i] ?? 0}`);
  const shares = sharesOf(counts);
  const isEmpty = counts.every((n) => n === 0);
  return (
    <div className="ops-feedback">
      <h3>{words.feedback}</h3>
      {isEmpty ? (
        <p className="note">{words.noFeedback}</p>
      ) : (
        <>
          <div className="ops-stack-bar" role="img" aria-label={`${words.feedback}. ${said.join(', ')}.`}>
            {KINDS.map((kind, i) =>
              counts[i] === 0 ? null : (
                <span key={kind} data-kind={kind} style={{ width: `${shares[i] ?? 0}%` }} />
              ),
            )}
          </div>
          <ul className="ops-inline" aria-hidden="true">
            {KINDS.map((kind, i) => (
              <li key={kind}>
                <span className="ops-dot" data-kind={kind} />
                {said[i]}
              </li>
            ))}
          </ul>
          <p className="note">
            {of.rating === null ? words.noRating : words.rating(figureText(of.rating, 'score'))}
          </p>
        </>
      )}
    </div>
  );
}
