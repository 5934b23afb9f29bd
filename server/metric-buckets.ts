// Bounds of histograms. Every limit of an objective (0.1, 0.3, 0.5, 1, 5, 30 s) is a bound of the histogram it is
// about, so that shares are counted and not estimated.

/** One step of work of a command. */
export const COMMAND = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1, 2.5] as const;
export const PROPAGATION = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] as const;
/** As OpenTelemetry's conventions for language models have them. */
export const LLM_DURATION = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;
/** The same conventions, with a tail: a queue of one machine outlives their 10 s. */
export const FIRST_TOKEN = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
] as const;
export const PER_TOKEN = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5] as const;
export const QUEUE_WAIT = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120] as const;
export const TURN = [0.1, 0.3, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 180] as const;
export const TOKENS = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536] as const;
export const CONTEXT = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1] as const;
export const MODEL_LOAD = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120] as const;
export const STEP = [
  0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
] as const;
export const WIDTH = [1, 2, 4, 8, 16, 32] as const;
export const SCREEN = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.08, 0.1, 0.25, 0.5, 1, 2, 5] as const;
/** The bounds of `disruption` at which its advice changes are among them. */
export const DISRUPTION = [0.05, 0.1, 0.2, 0.35, 0.45, 0.65, 0.8, 1] as const;
export const ROLLBACK_WAIT = [0.1, 1, 10, 30, 60, 300, 900] as const;
export const SESSION = [60, 300, 900, 1_800, 3_600, 7_200, 14_400] as const;
/** The thresholds of quality are among them. */
export const QUALITY = [0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] as const;
export const COLLAB = [0.1, 0.2, 0.3, 0.35, 0.5, 0.65, 0.8, 1] as const;
export const RATING = [1, 2, 3, 4, 5] as const;
