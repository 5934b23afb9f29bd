import type { JSX } from 'react';
import type { QualityView } from '../../sessions/monitor-view.ts';
import { useSlice } from '../link/session-context.ts';
import { HEALTH_TEXT } from './health-strings.ts';
import { scoreRows } from './quality-words.ts';

const { rules, finding } = HEALTH_TEXT.quality;

/** What was measured of a passage and what was found wrong with its voices. `isOnlyLow`: the low scores alone. */
export function QualityScores({ view, isOnlyLow }: { view: QualityView; isOnlyLow: boolean }): JSX.Element {
  const cast = useSlice('cast');
  const nameOf = (castId: string): string => cast.find(({ id }) => id === castId)?.name ?? castId;
  const rows = scoreRows(view).filter(({ grade }) => !isOnlyLow || grade === 'below');
  return (
    <ul className="quality-scores">
      {rows.map(({ metric, name, words, grade }) => (
        <li key={metric} data-grade={grade}>
          {name}: {words}
        </li>
      ))}
      {view.voice.map(({ castId, rule, detail }) => (
        <li key={`${castId} ${rule} ${detail}`}>{finding(nameOf(castId), rules[rule], detail)}</li>
      ))}
    </ul>
  );
}
