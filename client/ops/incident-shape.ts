import type { Shape } from './shape.ts';

/** An incident as the list has it. */
const INCIDENT_SHAPE: Shape = {
  'id': 'text',
  'title': 'text',
  'kind': 'text',
  'openedAt': 'number',
  'closedAt?': 'number',
  'dueAt?': 'number',
  'steps': [{ 'step': 'text', 'guide': 'text', 'note': 'text', 'doneAt?': 'number' }],
};

/** Answer of `GET /api/ops/incidents`. */
export const INCIDENTS_SHAPE: Shape = { incidents: [INCIDENT_SHAPE] };
