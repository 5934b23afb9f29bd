import { useEffect, useRef, type JSX, type RefObject } from 'react';
import type { MonitorView } from '../../sessions/monitor-view.ts';
import { useStore } from '../common/store.ts';
import { useSessionPart } from '../link/session-context.ts';
import { consoleAsked } from './console-place.ts';
import { CONSOLE } from './console-strings.ts';
import { DonePart } from './done-part.tsx';
import { FiguresPart } from './figures-part.tsx';
import { HealthPart } from './health-part.tsx';
import { IssuesPart } from './issues-part.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { NarratorPart } from './narrator-part.tsx';
import { PeoplePart } from './people-part.tsx';
import { QualityPart } from './quality-part.tsx';
import { ThreadsPart } from './threads-part.tsx';
import { WaitingPart } from './waiting-part.tsx';

/** The game master's console: how the session is doing, what the server did about it, and what can be done. */
export function ConsolePanel(): JSX.Element {
  const health = useSessionPart((state) => state.health);
  const panelRef = useRef<HTMLDivElement>(null);
  const { onFocus } = useKeptFocus(panelRef);
  useAskedFor(panelRef);
  return (
    <div
      className="console"
      role="region"
      aria-label={CONSOLE.panel}
      tabIndex={-1}
      ref={panelRef}
      onFocus={onFocus}
    >
      {health === null ? (
        <>
          <p className="note">{CONSOLE.nothingYet}</p>
          <WaitingPart />
          <NarratorPart />
        </>
      ) : (
        <Told view={health} />
      )}
    </div>
  );
}

function Told({ view }: { view: MonitorView }): JSX.Element {
  return (
    <>
      <HealthPart view={view} />
      <IssuesPart view={view} />
      <PeoplePart view={view} />
      <WaitingPart />
      <ThreadsPart threads={view.threads} />
      <QualityPart view={view} />
      <NarratorPart />
      <DonePart interventions={view.interventions} />
      <FiguresPart scores={view.scores} ratings={view.ratings} />
    </>
  );
}

/** Takes the focus when the console was asked for from elsewhere on the page. */
function useAskedFor(panelRef: RefObject<HTMLElement | null>): void {
  const isAsked = useStore(consoleAsked);
  useEffect(() => {
    if (!isAsked) return;
    consoleAsked.set(false);
    panelRef.current?.focus({ preventScroll: true });
  }, [isAsked, panelRef]);
}
