import { Button } from '@mantine/core';
import type { JSX } from 'react';
import type { Report } from '../../sessions/safety-state.ts';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useSessionPart, useTable } from '../link/session-context.ts';
import { age } from '../string-parts.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { goToPassage } from './go-to-passage.ts';

const { review } = SAFETY;

/** A report of a player about a passage, a line of talk, or another player. */
export function ReportCard({ report, now }: { report: Report; now: number }): JSX.Element {
  const { session } = useTable();
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  const { about } = report;
  const line = useSessionPart((state) => state.talk.find((one) => one.id === about.id));
  const what = { passage: review.aPassage, talk: review.aLine, player: nameOf(about.id) }[about.kind];
  return (
    <li className="review-card">
      <p>
        <strong>{review.reportBy(nameOf(report.by), what)}</strong>{' '}
        <span className="note">{review.ago(age(Math.max(0, now - report.at)))}</span>
      </p>
      <p>{SAFETY.report.reasons[report.reason]}</p>
      {report.text !== '' && (
        <p>
          <q>{report.text}</q>
        </p>
      )}
      {about.kind === 'talk' && line !== undefined && (
        <blockquote className="review-quote">
          {nameOf(line.by)}: {line.text}
        </blockquote>
      )}
      {about.kind === 'passage' && (
        <button type="button" className="link-button" onClick={() => goToPassage(about.id)}>
          {review.goTo}
        </button>
      )}
      <div>
        {[true, false].map((isUpheld) => (
          <Button
            key={String(isUpheld)}
            size="compact-sm"
            variant="light"
            mr="xs"
            disabled={!isLive}
            onClick={() => void session.act('report:close', { reportId: report.id, isUpheld })}
          >
            {isUpheld ? review.reportRight : review.close}
          </Button>
        ))}
      </div>
    </li>
  );
}
