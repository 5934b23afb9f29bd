import type { JSX } from 'react';
import type { MonitorView, QualityView } from '../../sessions/monitor-view.ts';
import { QUALITY_METRICS, type QualityMetric } from '../../sessions/quality.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { HEALTH_TEXT } from './health-strings.ts';
import { PassageLink } from './passage-link.tsx';
import { QualityScores } from './quality-scores.tsx';
import { gradeOf } from './quality-words.ts';
import { scoresOver, sparkLines } from './spark-line.ts';

const { quality: words } = CONSOLE;
const { metrics, grades, score: told } = HEALTH_TEXT.quality;

/** The session's quality by measure, and the newest passages that stand out. */
export function QualityPart({ view }: { view: MonitorView }): JSX.Element {
  const { passages, quality, reasons } = view;
  const measured = QUALITY_METRICS.filter(
    (metric) => quality[metric] !== null || passages.some(({ scores }) => scores[metric] !== null),
  );
  const missing = QUALITY_METRICS.filter((metric) => !measured.includes(metric));
  const low = passages.filter(({ below, voice }) => below.length + voice.length > 0);
  return (
    <ConsoleSection title={words.title}>
      {measured.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <p>{low.length === 0 ? words.noLow : words.low}</p>
          <ul className="console-list">
            {low.map((one) => (
              <LowPassage key={one.passageId} view={one} />
            ))}
          </ul>
          <p className="note">{words.scale}</p>
          <ul className="console-list" aria-label={words.measures}>
            {measured.map((metric) => (
              <Measure
                key={metric}
                metric={metric}
                mean={quality[metric]}
                isBelow={reasons.some(({ about }) => about === metric)}
                passages={passages}
              />
            ))}
          </ul>
        </>
      )}
      {missing.length > 0 && (
        <p className="note">
          {words.notMeasured(missing.map((metric) => metrics[metric]).join('; '))} {words.notMeasuredWhy}
        </p>
      )}
    </ConsoleSection>
  );
}

function LowPassage({ view }: { view: QualityView }): JSX.Element {
  return (
    <li className="console-card">
      <p>
        <PassageLink passageId={view.passageId} />
      </p>
      <QualityScores view={view} isOnlyLow />
    </li>
  );
}

interface MeasureProps {
  metric: QualityMetric;
  mean: number | null;
  isBelow: boolean;
  passages: readonly QualityView[];
}

function Measure({ metric, mean, isBelow, passages }: MeasureProps): JSX.Element {
  const scores = scoresOver(passages, metric);
  return (
    <li className="measure">
      <span className="grow">
        {metrics[metric]}
        <span className="note measure-words">
          {mean === null ? HEALTH_TEXT.unknown : told(grades[gradeOf(mean, isBelow)], mean.toFixed(2))}
        </span>
      </span>
      <Spark name={metrics[metric]} scores={scores} />
    </li>
  );
}

const WIDTH = 72;
const HEIGHT = 22;
const EDGE = 2;

/** A small picture of the newest scores of one measure, oldest at the left. */
function Spark({ name, scores }: { name: string; scores: readonly (number | null)[] }): JSX.Element | null {
  const known = scores.filter((score) => score !== null);
  const last = known.at(-1);
  if (last === undefined) return null;
  const label = `${words.spark(name, known.length)}, ${words.sparkTold(Math.min(...known).toFixed(2), last.toFixed(2))}`;
  const at = ({ x, y }: { x: number; y: number }): string =>
    `${(EDGE + x * (WIDTH - 2 * EDGE)).toFixed(1)} ${(HEIGHT - EDGE - y * (HEIGHT - 2 * EDGE)).toFixed(1)}`;
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path d={`M0 ${HEIGHT - 0.5}h${WIDTH}`} className="minutes-ground" />
      {sparkLines(scores).map((line, index) => (
        // A lone point is drawn by the round end of a line of no length.
        <path
          key={index}
          className="spark-line"
          data-lone={line.length === 1}
          d={`M${line.map(at).join('L')}${line.length === 1 ? 'h0' : ''}`}
        />
      ))}
    </svg>
  );
}
