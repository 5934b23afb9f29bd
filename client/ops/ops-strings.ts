import type { Health, Issue } from '../../sessions/monitor-view.ts';
import type { IncidentStep, SloStatus } from '../../sessions/ops-view.ts';
import type { QualityMetric } from '../../sessions/quality.ts';
import type { Tab } from './ops-place.ts';

// The words of the operator's page; what strings.ts is for the rest of the client.

/** The text of the operator's page; its single pages have files of their own beside this one. */
export const OPS = {
  name: 'Operations',
  skip: 'Skip to the figures',
  pages: 'Pages',
  page: 'Page',
  notFound: 'There is no such page here.',
  tabs: {
    'overview': 'Overview',
    'executive': 'Executive board',
    'on-call': 'On-call board',
    'debug': 'Debug board',
    'objectives': 'Objectives',
    'versions': 'Narrator versions',
    'sessions': 'Sessions',
    'turns': 'Turns and logs',
    'moderation': 'Moderation',
    'flags': 'Flags',
    'incidents': 'Incidents',
    'audit': 'Audit log',
  } satisfies Record<Tab, string>,
  groups: { now: 'Now', boards: 'Boards', look: 'Look closer', act: 'Act' },
  ledes: {
    'overview': 'How the server is doing, and what needs somebody.',
    'executive': 'Use, cost, availability and satisfaction.',
    'on-call': 'Latency, errors, queue and capacity: what to look at when an alert comes.',
    'debug': 'Tokens, prefill and decode, moderation and recent failures.',
    'objectives': 'What was promised, and how much of the error budget is left.',
    'versions': 'How well each version of the narrator tells, and what readers think.',
    'sessions': 'Sessions in memory, the unhealthy ones first. No names and no text are shown here.',
    'turns': 'Where the time of a narrator turn went, and everything that was logged about it.',
    'moderation': 'What the screens decided lately, without the texts.',
    'flags': 'Switches that count at once, for one session or for all.',
    'incidents': 'A bundle of evidence and five steps, from triage to the postmortem.',
    'audit': 'The log of what happened, which cannot be changed unseen.',
  } satisfies Record<Tab, string>,
  login: {
    title: 'Sign in as the operator',
    body: 'This page shows how the server is doing. It holds no names and no story text.',
    token: 'Operator’s token',
    hint: 'The value of OPERATOR_TOKEN on the server.',
    signIn: 'Sign in',
    or: 'or',
    oidc: 'Sign in with your organisation',
    wrong: 'That is not the token of this server. Check for missing characters and try again.',
    ended: 'Your sign-in has ended. Sign in again to go on.',
    as: (name: string) => `Signed in as ${name}`,
    signOut: 'Sign out',
  },
  off: {
    title: 'The operator’s page is off',
    body: 'Nobody can sign in, because the server has neither a token nor a login of your organisation. To turn the page on:',
    steps: [
      'Choose a long random token, for example with: openssl rand -hex 32',
      'Start the server with it in the environment: OPERATOR_TOKEN=… npm start',
      'Load this page again and sign in with the token.',
    ],
    oidc: 'A login of your organisation (OIDC) can be set up instead; the README lists the settings.',
  },
  unreachable: 'The server cannot be reached',
  live: {
    asOf: (when: string) => `As of ${when}`,
    every: 'renews every 15 s',
    pause: 'Pause',
    go: 'Go on',
    paused: 'paused',
    refresh: 'Refresh now',
    loading: 'Fetching the figures…',
    lost: (when: string) => `Connection lost. These are the figures of ${when}; trying again every 15 s.`,
    stale: (when: string, why: string) => `${why} These are the figures of ${when}.`,
    failed: 'The figures could not be fetched',
    retry: 'Try again',
  },
  levels: { green: 'Healthy', yellow: 'Warning', red: 'Critical' } satisfies Record<Health, string>,
  slo: {
    green: 'On target',
    yellow: 'Just missed',
    red: 'Missed',
    insufficient: 'Too few events',
  } satisfies Record<SloStatus, string>,
  issues: {
    dominated: 'one person dominates',
    stalled: 'stalled',
    diverging: 'threads diverge',
    voice_break: 'voices break',
    conflict_loop: 'conflict goes in circles',
    starved: 'somebody gets no turn',
    unsafe_streak: 'streak of held texts',
  } satisfies Record<Issue, string>,
  quality: {
    narrative_coherence: 'Coherence',
    character_consistency: 'Characters',
    user_engagement: 'Engagement',
    diversity: 'Diversity',
    embedding_coherence: 'Coherence (encoder)',
    judge_coherence: 'Coherence (judge)',
    judge_voice: 'Voice (judge)',
    judge_engagement: 'Engagement (judge)',
  } satisfies Record<QualityMetric, string>,
  steps: {
    triage: 'Triage',
    isolate: 'Isolate',
    mitigate: 'Mitigate',
    communicate: 'Communicate',
    postmortem: 'Postmortem',
  } satisfies Record<IncidentStep, string>,
  flag: {
    names: {
      narrator_off: 'Narrator off',
      safe_responder: 'Safe responder',
      human_only: 'Humans only',
      read_only: 'Read only',
    } as Record<string, string>,
    helps: {
      narrator_off: 'The narrator takes no turns. People go on writing.',
      safe_responder: 'The narrator answers with prepared harmless passages instead of the model.',
      human_only: 'Only people write: the narrator is silent, and what it was asked for is dropped.',
      read_only: 'Nothing new can be written. Everybody can read and export.',
    } as Record<string, string>,
  },
  more: 'Show more',
  nothing: 'nothing measured',
  allSessions: 'all sessions',
} as const;

/** What a code of the server reads like when there is no better word for it. */
export const plain = (code: string): string => {
  const words = code.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Name of a flag. */
export const flagName = (flag: string): string => OPS.flag.names[flag] ?? plain(flag);
