import { ISSUES, type Intervention, type Issue, type MonitorView } from '../../sessions/monitor-view.ts';

/** An issue as the console lists it. */
export interface IssueRow {
  issue: Issue;
  /** Since when it is open, epoch ms; null: it is muted and not open. */
  since: number | null;
  /** Null: not muted now. */
  mutedUntil: number | null;
  /** The last thing that the server did about it since it opened; null: nothing. */
  done: Intervention | null;
}

/** Open issues, the oldest first; then those that are muted without being open. */
export function issueRows(
  { issues, interventions, muted }: Pick<MonitorView, 'issues' | 'interventions' | 'muted'>,
  now: number,
): IssueRow[] {
  const mutedUntil = (issue: Issue): number | null => {
    const until = muted[issue];
    return until !== undefined && until > now ? until : null;
  };
  const open = issues.toSorted((a, b) => a.since - b.since);
  const isOpen = (issue: Issue): boolean => open.some((one) => one.issue === issue);
  const silent = ISSUES.filter((issue) => mutedUntil(issue) !== null && !isOpen(issue));
  return [
    ...open.map(({ issue, since }) => ({
      issue,
      since,
      mutedUntil: mutedUntil(issue),
      done: interventions.find((one) => one.issue === issue && one.at >= since) ?? null,
    })),
    ...silent.map((issue) => ({ issue, since: null, mutedUntil: mutedUntil(issue), done: null })),
  ];
}
