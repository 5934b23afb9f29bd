import { COMMANDS } from '../sessions/protocol.ts';
import { ACTIONS_OF_MONITOR, ISSUES } from '../sessions/monitor-view.ts';
import { FEEDBACK_TYPES } from '../sessions/feedback.ts';
import { QUALITY_METRICS } from '../sessions/quality.ts';
import { RECORD_TYPES } from './audit/record.ts';
import {
  COLLAB,
  COMMAND,
  DISRUPTION,
  PROPAGATION,
  QUALITY,
  RATING,
  ROLLBACK_WAIT,
  SESSION,
  QUEUE_WAIT,
} from './metric-buckets.ts';
import { counter, gauge, histogram } from './metric-definition.ts';
import { COLLAB_RATIOS, LABELS, REFUSAL_REASONS } from './metric-labels.ts';

const command = [...Object.keys(COMMANDS), 'other'];
const { direction, writer } = LABELS;

/** Sessions, commands and documents. */
const SESSIONS = {
  sessionsActive: gauge('story_sessions_active', 'Sessions with players in them or a running turn.', {
    start: 0,
  }),
  playersConnected: gauge('story_players_connected', 'Players with an open command channel.', { start: 0 }),
  sessionDuration: histogram(
    'story_session_duration_seconds',
    'From the loading of a session to its unloading.',
    SESSION,
  ),
  sessionsUnhealthy: gauge('story_sessions_unhealthy', 'Sessions in which something is wrong, by what.', {
    labels: { issue: ISSUES },
    start: 0,
  }),
  commands: counter('story_commands_total', 'Commands by how they ended.', {
    command,
    status: LABELS.commandStatus,
  }),
  // Many, and never the first sign of anything: they come with use.
  commandDuration: histogram(
    'story_command_duration_seconds',
    'From the arrival of a command to its answer.',
    COMMAND,
    { labels: { command, status: LABELS.commandStatus }, isLazy: true },
  ),
  editPropagation: histogram(
    'story_edit_propagation_seconds',
    'From the arrival of an edit to its fan-out, storing included.',
    PROPAGATION,
  ),
  syncBytes: counter('story_sync_bytes_total', 'Bytes over document sockets.', { direction }),
  merge: histogram('story_merge_seconds', 'Checking and applying one update.', PROPAGATION),
  refusedUpdates: counter('story_refused_updates_total', 'Document updates refused.', {
    reason: REFUSAL_REASONS,
  }),
  storeAppend: histogram('story_store_append_seconds', 'One transaction of appends.', PROPAGATION),
  storeWorks: gauge('story_store_writable', '1 while the store takes writes; 0: sessions are read-only.', {
    start: 1,
  }),
};

/** Passages, turns and what is taken back. */
const STORY = {
  passages: counter('story_passages_total', 'Passages committed to stories.', {
    author_kind: LABELS.authorKind,
  }),
  turns: counter('story_turns_total', 'Narrator turns by how they ended.', { outcome: LABELS.outcome }),
  turnWait: histogram('story_turn_wait_seconds', 'From asking the narrator to its start.', QUEUE_WAIT),
  textRollbacks: counter('story_text_rollbacks_total', 'Rollbacks of stories by game masters.', {
    scope: LABELS.rollbackScope,
    timing: LABELS.rollbackTiming,
  }),
  textRollbackDisruption: histogram(
    'story_text_rollback_disruption_score',
    'What the table felt of a rollback; the same as story_rollback_disruption_score.',
    DISRUPTION,
  ),
  textRollbackWait: histogram(
    'story_text_rollback_wait_seconds',
    'From the order of a rollback to its execution.',
    ROLLBACK_WAIT,
  ),
  rollbacks: counter('story_rollbacks_total', 'Rollbacks carried out, by what was taken back.', {
    reason: LABELS.rollbackScope,
  }),
  rollbackSessions: counter('story_rollback_sessions_total', 'Sessions rolled back, by how gently.', {
    class: LABELS.rollbackClass,
  }),
  rollbackDisruption: histogram(
    'story_rollback_disruption_score',
    'What the table felt of a rollback, 0 to 1.',
    DISRUPTION,
  ),
  rollbackSeconds: histogram(
    'story_rollback_seconds',
    'From the order of a rollback to its execution.',
    ROLLBACK_WAIT,
    { labels: { class: LABELS.rollbackClass } },
  ),
};

/** How well it is told and how people fare together. `model` is that of the writer: the configured one, or another. */
const QUALITY_AND_PEOPLE = {
  qualityScore: histogram('story_quality_score', 'Scores of passages by the narrator, 0 to 1.', QUALITY, {
    labels: { metric: QUALITY_METRICS, model: writer },
  }),
  qualityChecks: counter('story_quality_checks_total', 'Passages by the narrator against their threshold.', {
    metric: QUALITY_METRICS,
    model: writer,
    verdict: LABELS.qualityVerdict,
  }),
  driftState: gauge(
    'story_drift_state',
    'Drift of a metric: 0 none, 1 suspect, 2 drift; absent: no baseline.',
    {
      labels: { metric: QUALITY_METRICS, model: writer },
      start: null,
    },
  ),
  collabScore: histogram(
    'story_collab_score',
    'Measures of sessions, once a minute with people in them.',
    COLLAB,
    {
      labels: { metric: COLLAB_RATIOS },
    },
  ),
  interventions: counter('story_interventions_total', 'What the server did about an issue by itself.', {
    issue: ISSUES,
    action: ACTIONS_OF_MONITOR,
  }),
  feedback: counter('story_feedback_total', 'What players said about passages by the narrator.', {
    type: FEEDBACK_TYPES,
    model: writer,
  }),
  feedbackRating: histogram('story_feedback_rating', 'Ratings of passages, 1 to 5.', RATING, {
    labels: { model: writer },
  }),
};

/** The audit log. */
const AUDIT = {
  auditRecords: counter('audit_records_total', 'Records of the audit log.', { type: RECORD_TYPES }),
  auditAppendFailures: counter(
    'audit_append_failures_total',
    'Records that could not be written; they are made up for later.',
  ),
  auditTreeSize: gauge('audit_tree_size', 'Leaves of the audit tree.', { start: null }),
  auditVerifiedAt: gauge(
    'audit_last_verified_timestamp_seconds',
    'When the log was last found whole, Unix time; absent: not yet since the start.',
    { start: null },
  ),
  auditVerifyFailures: counter('audit_verify_failures_total', 'Verifications that found the log changed.'),
};

/** Definitions of everything about sessions, stories, quality and the audit log. */
export const STORY_METRICS = { ...SESSIONS, ...STORY, ...QUALITY_AND_PEOPLE, ...AUDIT };
