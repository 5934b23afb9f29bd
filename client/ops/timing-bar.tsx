import type { JSX } from 'react';
import type { OpsTurn } from '../../sessions/ops-view.ts';
import { sharesOf, spanText } from './figures.ts';
import { TURNS as words } from './turns-strings.ts';

const STAGES = ['queue', 'prefill', 'decode', 'post'] as const;

/** How long each stage of a turn took, in words. */
function stageWords(ms: OpsTurn['ms']): string[] {
  return STAGES.map((stage) => `${words.stages[stage]} ${spanText(ms[stage] / 1_000)}`);
}

/** Where the time of a turn went, as one bar; with its legend where there is room. */
export function TimingBar({ ms, isLarge = false }: { ms: OpsTurn['ms']; isLarge?: boolean }): JSX.Element {
  const shares = sharesOf(STAGES.map((stage) => ms[stage]));
  const told = stageWords(ms);
  return (
    <span className="ops-timing" data-large={isLarge}>
      <span className="ops-stack-bar" role="img" aria-label={words.barOf(told.join(', '))}>
        {STAGES.map((stage, i) =>
          ms[stage] <= 0 ? null : (
            <span key={stage} data-stage={stage} style={{ width: `${shares[i] ?? 0}%` }} title={told[i]} />
          ),
        )}
      </span>
      {isLarge && (
        <span className="ops-inline" aria-hidden="true">
          {STAGES.map((stage, i) => (
            <span key={stage}>
              <span className="ops-dot" data-stage={stage} />
              {told[i]}
            </span>
          ))}
        </span>
      )}
    </span>
  );
}
