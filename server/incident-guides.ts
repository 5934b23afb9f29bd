import type { IncidentKind, IncidentStep, OpsIncident } from '../sessions/ops-view.ts';

/** What a privacy incident leaves to tell the authority (GDPR, article 33). */
export const PRIVACY_DEADLINE_MS = 72 * 60 * 60 * 1_000;

const TRIAGE: Record<IncidentKind, string> = {
  quality:
    'Look at Versions and Sessions: is it one narrator version, one session, or all? Read the turns it is about, and their log lines.',
  safety:
    'Look at Moderation and at the holds: what was delivered, where, since when? Texts that still wait for review harm nobody; delivered ones do.',
  privacy:
    'Find out whose data it is, what became known, to whom, and since when. Write down when you learnt of it: that is when the 72 hours began.',
  availability:
    'Read the reasons of the three levels, then the on-call board: is it the process, the disk, the engine, or too many at once?',
};

const ISOLATE: Record<IncidentKind, string> = {
  quality:
    'Turn on safe_responder, or narrator_off, for the sessions concerned, or for all when the version itself is bad.',
  safety: 'Turn on human_only for the sessions concerned; read_only where people must not write either.',
  privacy:
    'Turn on read_only where it happens. Take back links that became known, and change OPERATOR_TOKEN and SESSION_SECRET if they may have.',
  availability:
    'Turn on narrator_off when the engine is the trouble: writing together works without it. Take the server out of the load balancer when /ready does not.',
};

const MITIGATE: Record<IncidentKind, string> = {
  quality:
    'Go back to the version that was good; take bad passages back with the game masters. Compare the drift afterwards.',
  safety:
    'Purge what must not stay. Tighten the policy (MODERATION_POLICY) if it let it through, and check it with the evaluation set.',
  privacy:
    'Purge the passages, or erase the person in the audit log; both are final. Check exports and copies that have left the server.',
  availability:
    'Make room, restart, or give the engine fewer turns at once. Then see /ready be 200 and the queue shrink.',
};

const COMMUNICATE: Record<IncidentKind, string> = {
  quality: 'Tell the game masters concerned what happened and which passages are marked.',
  safety: 'Tell the game masters concerned, and whoever is responsible for safety with you. Name no player.',
  privacy:
    'Tell whoever is responsible for data protection now. The authority has to know within 72 hours, the people concerned without delay when the risk for them is high.',
  availability: 'Tell the tables: what does not work, that their words are kept, and when you look again.',
};

const POSTMORTEM =
  'Within five days: what happened, when, why, what helped, and what will be different. Nobody is to blame. The bundle has the figures.';

/** What to do in a step, in sentences for people. */
export function guideOf(step: IncidentStep, kind: IncidentKind): string {
  switch (step) {
    case 'triage':
      return TRIAGE[kind];
    case 'isolate':
      return ISOLATE[kind];
    case 'mitigate':
      return MITIGATE[kind];
    case 'communicate':
      return COMMUNICATE[kind];
    case 'postmortem':
      return POSTMORTEM;
  }
}

const time = (at: number | null): string =>
  at === null ? 'open' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The beginning of a postmortem as Markdown: what is known, and headings for the rest. */
export function postmortemOf(
  incident: OpsIncident,
  facts: readonly (readonly [what: string, value: string])[],
): string {
  const timeline = incident.steps
    .filter(({ step }) => step !== 'postmortem')
    .map(({ step, doneAt, note }) => `- ${time(doneAt)}: ${step}${note === '' ? '' : `. ${note}`}`);
  return [
    `# ${incident.title}`,
    [
      `- Kind: ${incident.kind}`,
      `- Opened: ${time(incident.openedAt)}`,
      `- Closed: ${time(incident.closedAt)}`,
      ...(incident.dueAt === null ? [] : [`- Authority to be told by: ${time(incident.dueAt)}`]),
    ].join('\n'),
    '## What happened',
    '## When',
    timeline.join('\n'),
    '## The server at the time',
    facts.map(([what, value]) => `- ${what}: ${value}`).join('\n'),
    '## Why',
    '## What helped, what did not',
    '## What will be different',
    '- [ ] ',
  ].join('\n\n');
}
