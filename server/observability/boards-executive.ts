import type { Board } from './boards.ts';
import { gauge, increase, mean, minus, over, rate, times } from './expressions.ts';

const NARRATOR = { endpoint: 'narrator' };
const PASSAGES = increase('story_passages_total');
const BY_NARRATOR = increase('story_passages_total', { match: { author_kind: 'narrator' } });

/** How it goes, for who answers for it (S2.5, S3.3). */
export const EXECUTIVE: Board = {
  id: 'executive',
  title: 'How it goes',
  rows: [
    {
      title: 'Playing',
      panels: [
        {
          id: 'sessions',
          title: 'Sessions being played',
          help: 'Sessions with somebody in them, or a turn of the narrator under way.',
          unit: 'count',
          kind: 'stat',
          lines: [{ label: '', value: gauge('story_sessions_active') }],
        },
        {
          id: 'players',
          title: 'Players',
          help: 'Players who are connected.',
          unit: 'count',
          kind: 'stat',
          lines: [{ label: '', value: gauge('story_players_connected') }],
        },
        {
          id: 'passages',
          title: 'Passages a minute',
          help: 'Passages that became part of stories, by who wrote them.',
          unit: 'count',
          kind: 'line',
          lines: [{ label: '', value: times(rate('story_passages_total', { by: 'author_kind' }), 60) }],
        },
        {
          id: 'satisfaction',
          title: 'Ratings',
          help: 'Mean rating of passages, 1 to 5. Below 4.2 readers are less happy than agreed.',
          unit: 'score',
          kind: 'line',
          limit: 4.2,
          lines: [{ label: '', value: mean('story_feedback_rating') }],
        },
      ],
    },
    {
      title: 'What is promised',
      panels: [
        {
          id: 'availability',
          title: 'Commands that work',
          help: 'Commands that did not fail by a fault of the server. Below 99.9 % over a month breaks the promise.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.999,
          lines: [
            {
              label: '',
              value: over(
                increase('story_commands_total', { match: { status: { none: ['error', 'rejected'] } } }),
                increase('story_commands_total', { match: { status: { none: ['rejected'] } } }),
              ),
            },
          ],
        },
        {
          id: 'narrator-availability',
          title: 'Narrator turns that work',
          help: 'Requests to the narrator that succeeded, without those taken back or refused. The promise is 99.5 %.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.995,
          lines: [
            {
              label: '',
              value: over(
                increase('llm_requests_total', { match: { ...NARRATOR, status: 'success' } }),
                increase('llm_requests_total', {
                  match: { ...NARRATOR, status: { none: ['cancelled', 'rejected'] } },
                }),
              ),
            },
          ],
        },
        {
          id: 'safety',
          title: 'Safe passages',
          help: 'Delivered passages that nothing was found against later. Below 99.9 % breaks the promise.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.999,
          lines: [
            {
              label: '',
              value: over(
                minus(PASSAGES, increase('story_policy_violations_total', { match: { stage: 'delivered' } })),
                PASSAGES,
              ),
            },
          ],
        },
        {
          id: 'violations',
          title: 'Texts against the policy, an hour',
          help: 'Where they were caught: at the door, held for a person, or after delivery. The last should be 0.',
          unit: 'count',
          kind: 'line',
          lines: [{ label: '', value: times(rate('story_policy_violations_total', { by: 'stage' }), 3_600) }],
        },
      ],
    },
    {
      title: 'What it costs',
      panels: [
        {
          id: 'model-seconds',
          title: 'Seconds of model work a passage',
          help: 'Time that requests to the model took, for each passage of the narrator. Times your price it is the cost.',
          unit: 'seconds',
          kind: 'line',
          lines: [{ label: '', value: over(increase('llm_request_duration_seconds_sum'), BY_NARRATOR) }],
        },
        {
          id: 'tokens-passage',
          title: 'Tokens a passage',
          help: 'Tokens read and written for each passage of the narrator. A jump is a cost that somebody should look into.',
          unit: 'tokens',
          kind: 'line',
          lines: [
            {
              label: 'read',
              value: over(increase('llm_tokens_used_total', { match: { type: 'input' } }), BY_NARRATOR),
            },
            {
              label: 'written',
              value: over(increase('llm_tokens_used_total', { match: { type: 'output' } }), BY_NARRATOR),
            },
          ],
        },
        {
          id: 'cpu',
          title: 'Processor seconds a second',
          help: 'Of the server itself, without the process of the model. Near 1 the server is at its end.',
          unit: 'perSecond',
          kind: 'line',
          limit: 0.9,
          lines: [
            { label: 'user', value: rate('process_cpu_user_seconds_total') },
            { label: 'system', value: rate('process_cpu_system_seconds_total') },
          ],
        },
      ],
    },
  ],
};
