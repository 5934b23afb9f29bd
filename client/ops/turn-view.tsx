import type { JSX } from 'react';
import type { OpsTurn } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { figureText, NOTHING, spanText } from './figures.ts';
import { LogLines } from './log-lines.tsx';
import { PageLink } from './page-link.tsx';
import { Card, Figures } from './parts.tsx';
import { TimingBar } from './timing-bar.tsx';
import { TURNS as words } from './turns-strings.ts';

/** All that is known of a turn: its stages, what to do about them, and its log lines. `of` null: not in memory. */
export function TurnView({ id, of }: { id: string; of: OpsTurn | null }): JSX.Element {
  return (
    <>
      <p>
        <PageLink tab="turns">{words.back}</PageLink>
      </p>
      <Card title={words.title(id)} isWide>
        {of === null ? <p>{words.gone}</p> : <Stages of={of} />}
      </Card>
      <Card title={words.logs} isWide>
        <LogLines query={{ turn: id, session: '', level: '' }} label={words.logsOf(id)} />
      </Card>
    </>
  );
}

function Stages({ of }: { of: OpsTurn }): JSX.Element {
  return (
    <>
      <TimingBar ms={of.ms} isLarge />
      <div className="ops-columns">
        <Figures
          rows={[
            [words.total, spanText(of.ms.total / 1_000)],
            [words.outcome, words.outcomes[of.outcome]],
            [words.at, clockTime(of.at)],
            [words.session, <code>{of.session}</code>],
          ]}
        />
        <Figures
          rows={[
            [words.model, <span className="ops-break">{of.model ?? NOTHING}</span>],
            [words.version, <span className="ops-break">{of.version ?? NOTHING}</span>],
            [
              words.tokensIn,
              `${figureText(of.tokens.in, 'count')}, ${words.tokensReused} ${figureText(of.tokens.reused, 'count')}`,
            ],
            [words.tokensOut, figureText(of.tokens.out, 'count')],
          ]}
        />
      </div>
      <h3>{words.adviceTitle}</h3>
      {of.advice.length === 0 ? (
        <p className="note">{words.fast}</p>
      ) : (
        <ul className="ops-reasons">
          {of.advice.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
    </>
  );
}
