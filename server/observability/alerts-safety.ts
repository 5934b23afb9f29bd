import { alert, growing, steady, type Alert } from './alerts-shape.ts';

const delivered = (values: string) => ({
  'story_policy_violations_total{category="harassment",stage="delivered"}': values,
});
const audit = (failures: string, verified: string) => ({
  audit_verify_failures_total: failures,
  audit_last_verified_timestamp_seconds: verified,
});

const PEOPLE = [
  alert({
    name: 'PassageDeliveredUnsafe',
    expr: 'sum by (category) (increase(story_policy_violations_total{stage="delivered"}[10m])) > 0',
    hold: null,
    severity: 'critical',
    slo: 'safety',
    isNeverMuted: true,
    summary: 'People read something against the policy: {{ $labels.category }}',
    description:
      'A passage was found to be against the policy, or a report was upheld, after it had been shown.',
    figure: 'passages within ten minutes',
    fires: { series: delivered('0x20 1x20'), at: '25m', labels: { category: 'harassment' }, value: '1' },
    healthy: { series: delivered(steady(0)), at: '25m' },
  }),
  alert({
    name: 'UnsafeStreak',
    expr: 'max(story_sessions_unhealthy{issue="unsafe_streak"}) > 0',
    hold: '10m',
    severity: 'warning',
    summary: 'Sessions in which one text after the other is held back',
    description:
      'Three texts or more within ten minutes were held: a table is in trouble, or the rules do not fit it.',
    figure: 'sessions',
    fires: {
      series: { 'story_sessions_unhealthy{issue="unsafe_streak"}': steady(2) },
      at: '20m',
      value: '2',
    },
    healthy: { series: { 'story_sessions_unhealthy{issue="unsafe_streak"}': '1x5 0x60' }, at: '20m' },
  }),
  alert({
    name: 'ModerationTierFailing',
    expr: 'sum by (tier) (increase(story_moderation_tier_failures_total[15m])) >= 10',
    hold: '5m',
    severity: 'critical',
    slo: 'safety',
    summary: 'The tier {{ $labels.tier }} of moderation gives no answers',
    description:
      'Texts are judged by fewer tiers: more is held for people, and some that should be may pass.',
    figure: 'answers that failed within 15 minutes',
    fires: {
      series: { 'story_moderation_tier_failures_total{tier="encoder"}': growing(2) },
      at: '40m',
      labels: { tier: 'encoder' },
      value: '30',
    },
    healthy: {
      series: { 'story_moderation_tier_failures_total{tier="encoder"}': growing(0.2) },
      at: '40m',
    },
  }),
  alert({
    name: 'ReviewQueueOld',
    expr: 'story_review_oldest_seconds > 600',
    hold: '5m',
    severity: 'warning',
    summary: 'A text has waited for a game master for more than ten minutes',
    description: 'Its author cannot go on with it, and the table may be without a game master.',
    figure: 'seconds that the oldest has waited',
    fires: { series: { story_review_oldest_seconds: steady(900) }, at: '20m', value: '900' },
    healthy: { series: { story_review_oldest_seconds: steady(300) }, at: '20m' },
  }),
  alert({
    name: 'ReviewBacklog',
    expr: 'story_review_queue_items > 20',
    hold: '15m',
    severity: 'warning',
    summary: 'More than 20 texts wait for game masters',
    description:
      'Reviews do not keep up: many players wait for a decision, or a rule holds what it should not.',
    figure: 'texts that wait',
    fires: { series: { story_review_queue_items: steady(30) }, at: '30m', value: '30' },
    healthy: { series: { story_review_queue_items: steady(15) }, at: '30m' },
  }),
  alert({
    name: 'ModerationLogLosing',
    expr: 'sum(increase(story_moderation_log_lost_total[15m])) > 0',
    hold: null,
    severity: 'warning',
    summary: 'Decisions of moderation are not stored',
    description: 'Texts are judged as ever, but afterwards nobody can tell why: rows of the log were lost.',
    figure: 'rows within 15 minutes',
    fires: { series: { story_moderation_log_lost_total: growing(1) }, at: '30m', value: '15' },
    healthy: { series: { story_moderation_log_lost_total: steady(0) }, at: '30m' },
  }),
];

const VERIFIED = 'audit_last_verified_timestamp_seconds';
/** What a failure before the first scrape leaves is no increase: then there is no time of a success. */
const NOT_PROVEN = [
  'increase(audit_verify_failures_total[10m]) > 0',
  `(audit_verify_failures_total > 0 unless ${VERIFIED})`,
  `(time() - ${VERIFIED}) > 7200`,
  `((time() - process_start_time_seconds) > 7200 unless ${VERIFIED})`,
].join(' or ');

const PROOF = [
  alert({
    name: 'AuditLogTampered',
    expr: NOT_PROVEN,
    hold: null,
    severity: 'critical',
    isNeverMuted: true,
    summary: 'The audit log is not what was written, or has not been verified for two hours',
    description: 'What the log says of the past cannot be relied on until this is understood. Play goes on.',
    figure: 'verifications that failed, or seconds since the last one',
    fires: { series: audit('0x20 1x20', '0+60x200'), at: '25m', value: '1' },
    healthy: { series: audit(steady(0), '0+60x500'), at: '300m' },
  }),
  alert({
    name: 'AuditAppendFailing',
    expr: 'increase(audit_append_failures_total[5m]) > 0',
    hold: null,
    severity: 'critical',
    summary: 'Records of the audit log cannot be written',
    description:
      'The server says that it is not ready. Play goes on, and what is missing is made up for later.',
    figure: 'records within five minutes',
    fires: { series: { audit_append_failures_total: growing(1) }, at: '20m', value: '5' },
    healthy: { series: { audit_append_failures_total: steady(3) }, at: '20m' },
  }),
];

/** Alerts about the safety of people and about what proves what happened. */
export const SAFETY_ALERTS: readonly Alert[] = [...PEOPLE, ...PROOF];
