import type { JSX } from 'react';
import type { HoldView } from '../../sessions/safety-view.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { figureRows, type Figure } from './figure-rows.ts';

/** Severities and scores that led to a decision, as small meters, the largest first. */
export function HoldFigures({ why }: { why: NonNullable<HoldView['why']> }): JSX.Element | null {
  const { severities, scores } = figureRows(why);
  if (severities.length + scores.length === 0) return null;
  return (
    <details className="figures">
      <summary>{SAFETY.review.figures}</summary>
      <Meters title={SAFETY.review.severities} rows={severities} max={4} />
      <Meters title={SAFETY.review.scoresTitle} rows={scores} max={1} />
    </details>
  );
}

function Meters({ title, rows, max }: { title: string; rows: Figure[]; max: number }): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <>
      <p className="note">{title}</p>
      {rows.map(({ name, value, words }) => (
        <div key={name} className="meter-row">
          <span className="meter-name">{name}</span>
          <span
            className="meter"
            role="meter"
            aria-label={name}
            aria-valuemin={0}
            aria-valuemax={max}
            aria-valuenow={value}
            aria-valuetext={words}
          >
            <span style={{ width: `${Math.min(100, (100 * value) / max)}%` }} />
          </span>
          <span className="meter-value">{words}</span>
        </div>
      ))}
    </>
  );
}
