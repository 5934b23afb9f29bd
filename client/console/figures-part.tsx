import type { JSX } from 'react';
import { COLLAB_METRICS, type CollabMetric, type CollabScores } from '../../sessions/monitor-view.ts';
import { CONSOLE } from './console-strings.ts';
import { FIGURES, type FigureWords } from './figure-strings.ts';

const { figures: words } = CONSOLE;

/** Ratings that it takes before their mean tells much (requirements D20). */
const ENOUGH_RATINGS = 30;

/** All figures of the session, in words first, with what each means. */
export function FiguresPart({ scores, ratings }: { scores: CollabScores; ratings: number }): JSX.Element {
  return (
    <details className="console-section figure-list">
      <summary>{words.title}</summary>
      <p className="note">{words.intro}</p>
      <dl>
        {COLLAB_METRICS.map((metric) => (
          <FigureRow
            key={metric}
            metric={metric}
            value={scores[metric]}
            caution={metric === 'satisfaction' && ratings < ENOUGH_RATINGS ? words.few(ratings) : ''}
          />
        ))}
      </dl>
    </details>
  );
}

interface FigureRowProps {
  metric: CollabMetric;
  value: number | null;
  /** Why the value tells little; empty: it does not. */
  caution: string;
}

function FigureRow({ metric, value, caution }: FigureRowProps): JSX.Element {
  const figure: FigureWords = FIGURES[metric];
  return (
    <div>
      <dt>{figure.name}</dt>
      <dd>
        {value === null
          ? words.missing(figure.missing)
          : `${figure.words(value)}: ${figure.number(value)}${caution}`}
        <span className="note">{figure.means}</span>
      </dd>
    </div>
  );
}
