import type { OpsSession, OpsVersion } from '../sessions/ops-view.ts';
import { ISSUES } from '../sessions/monitor-view.ts';
import type { SessionObserver } from '../sessions/peers.ts';
import { metricsOf, QUALITY_METRICS } from '../sessions/quality.ts';
import { COLLAB_RATIOS, refusalLabel } from './metric-labels.ts';
import type { LABELS } from './metric-labels.ts';
import type { Metrics } from './metrics.ts';

/** How gently a rollback of each timing comes. */
const CLASS = {
  now: 'immediate',
  turn: 'turn_boundary',
  scene: 'scene_boundary',
  branch: 'preserve',
} as const satisfies Record<string, (typeof LABELS.rollbackClass)[number]>;

type Rollback = Parameters<SessionObserver['rolledBack']>[0];

/** What sessions report, as metrics. `delivered`: a passage is there for everybody to read. */
export function sessionObserver(
  metrics: Metrics,
  { model, delivered }: { model: string; delivered: () => void },
): Omit<SessionObserver, 'qualityAlerted'> {
  return {
    editPropagated: (seconds) => metrics.editPropagation.observe(seconds),
    updateRefused: (fault) => metrics.refusedUpdates.inc({ reason: refusalLabel(fault) }),
    merged: (seconds) => metrics.merge.observe(seconds),
    passageCommitted: (authorKind) => {
      metrics.passages.inc({ author_kind: authorKind });
      delivered();
    },
    turnEnded: (outcome) => metrics.turns.inc({ outcome }),
    rolledBack: (of) => countRollback(metrics, of),
    turnWaited: (seconds) => metrics.turnWait.observe(seconds),
    assessed: (quality, isDeeper) => countQuality(metrics, model, { quality, isDeeper }),
    monitored: (scores) => {
      for (const metric of COLLAB_RATIOS) {
        const score = scores[metric];
        if (score !== null) metrics.collabScore.observe({ metric }, score);
      }
    },
    intervened: (issue, action) => metrics.interventions.inc({ issue, action }),
    feedbackGiven: ({ type, rating, version }) => {
      const writer = writerLabel(version, model);
      metrics.feedback.inc({ type, model: writer });
      if (rating !== null) metrics.feedbackRating.observe({ model: writer }, rating);
    },
    sessionUnloaded: (seconds) => metrics.sessionDuration.observe(seconds),
  };
}

/** Whose passage it is: of the configured model, or of any other. `version` is `<model>@<hash>`. */
export function writerLabel(version: string | null, model: string): string {
  return version !== null && version.slice(0, version.lastIndexOf('@')) === model ? model : 'other';
}

function countRollback(metrics: Metrics, { scope, timing, disruption, waitedSeconds }: Rollback): void {
  metrics.textRollbacks.inc({ scope, timing });
  metrics.textRollbackDisruption.observe(disruption);
  metrics.textRollbackWait.observe(waitedSeconds);
  metrics.rollbacks.inc({ reason: scope });
  metrics.rollbackSessions.inc({ class: CLASS[timing] });
  metrics.rollbackDisruption.observe(disruption);
  metrics.rollbackSeconds.observe({ class: CLASS[timing] }, waitedSeconds);
}

/** Only what the narrator wrote: nobody's own words are held against a model. */
function countQuality(
  metrics: Metrics,
  model: string,
  { quality, isDeeper }: { quality: Parameters<SessionObserver['assessed']>[0]; isDeeper: boolean },
): void {
  if (quality.authorKind !== 'narrator') return;
  const writer = writerLabel(quality.version, model);
  for (const metric of metricsOf(isDeeper)) {
    const score = quality.scores[metric];
    const labels = { metric, model: writer };
    if (score !== null) metrics.qualityScore.observe(labels, score);
    const verdict = score === null ? 'skipped' : quality.below.includes(metric) ? 'below' : 'ok';
    metrics.qualityChecks.inc({ ...labels, verdict });
  }
}

/** Tells in how many sessions each issue is open: to be called before the gauges are read. */
export function refreshSessionHealth(metrics: Metrics, sessions: Iterable<Pick<OpsSession, 'issues'>>): void {
  const counts = new Map(ISSUES.map((issue) => [issue, 0]));
  for (const { issues } of sessions)
    for (const issue of new Set(issues)) counts.set(issue, (counts.get(issue) ?? 0) + 1);
  for (const [issue, count] of counts) metrics.sessionsUnhealthy.set({ issue }, count);
}

/**
 * Tells the drift of the version in use and the worst of the others: to be called before the gauges are read. A metric
 * without a baseline is absent.
 */
export function refreshDrift(
  metrics: Metrics,
  model: string,
  versions: Iterable<Pick<OpsVersion, 'version' | 'drift'>>,
): void {
  metrics.driftState.reset();
  const worst = new Map<string, number>();
  for (const { version, drift } of versions) {
    for (const metric of QUALITY_METRICS) {
      const state = drift[metric]?.state;
      if (state === undefined) continue;
      const labels = { metric, model: writerLabel(version, model) };
      const key = `${labels.metric} ${labels.model}`;
      worst.set(key, Math.max(worst.get(key) ?? 0, state));
      metrics.driftState.set(labels, worst.get(key) ?? state);
    }
  }
}
