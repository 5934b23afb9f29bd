import type { OpsIncident } from '../../sessions/ops-view.ts';
import { INCIDENTS as words } from './incidents-strings.ts';
import { OPS } from './ops-strings.ts';

const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The beginning of a postmortem: what is known already, as headings and a timeline in UTC. */
export function postmortemDraft(incident: OpsIncident): string {
  const done = incident.steps
    .flatMap(({ step, doneAt, note }) =>
      doneAt === null || step === 'postmortem' ? [] : [{ step, doneAt, note }],
    )
    .toSorted((one, other) => one.doneAt - other.doneAt);
  const { post } = words;
  return [
    `# ${incident.title}`,
    `## ${post.summary}`,
    `## ${post.timeline}`,
    [
      `- ${time(incident.openedAt)}: ${post.opened}`,
      ...done.map(({ step, doneAt, note }) => `- ${time(doneAt)}: ${OPS.steps[step]}. ${note}`),
    ].join('\n'),
    `## ${post.causes}`,
    `## ${post.well}`,
    `## ${post.actions}`,
  ].join('\n\n');
}
