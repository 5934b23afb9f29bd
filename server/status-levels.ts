import type { Health } from '../sessions/monitor-view.ts';
import type { LevelStatus, StatusAnswer } from '../sessions/ops-view.ts';
import type { Clock, NarratorStatus } from '../sessions/ports.ts';
import type { QualityMetric } from '../sessions/quality.ts';
import type { DiskSpace } from './status-host.ts';

/** How passages of the current narrator do lately by one metric. */
export interface QualityStanding {
  metric: QualityMetric;
  /** Null: too few were measured. */
  mean: number | null;
  threshold: number | null;
  /** D18: 0 none, 1 suspect, 2 drift; null: not known. */
  drift: 0 | 1 | 2 | null;
}

/** Where the server's condition is asked; each may throw, which counts as a condition that is not known. */
export interface StatusParts {
  version: string;
  clock: Clock;
  /** 'cpu' or the name of the device that the model runs on. */
  device: () => string;
  requestsPerMinute: () => number | null;
  /** False until the stores are open. */
  isLoaded: () => boolean;
  /** False from the moment shutdown begins. */
  isServing: () => boolean;
  /** False while nothing can be stored. */
  storeWorks: () => boolean;
  /** Null: cannot be told. */
  disk: () => Promise<DiskSpace | null>;
  /** Whether the audit log can be written, and is as it was written. */
  audit: () => { works: boolean; reason: string | null };
  narrator: () => NarratorStatus;
  /** Whether there is to be one. */
  wantsNarrator: boolean;
  /** Requests and commands of the last minutes, and those that failed by our fault. */
  commands: () => { total: number; errors: number };
  /** 99th percentile of the last minute, seconds. */
  loopDelay: () => number | null;
  quality: () => readonly QualityStanding[];
}

/** The checks of `/ready`: all but `narrator` have to be true. */
interface ReadyAnswer {
  ready: boolean;
  /** Names of the checks that fail. */
  failing: ('loaded' | 'serving' | 'store' | 'disk' | 'audit')[];
  checks: {
    loaded: boolean;
    serving: boolean;
    store: boolean;
    disk: boolean;
    audit: boolean;
    /** Shown only: writing works without one. */
    narrator: NarratorStatus['status'];
  };
}

/** The condition of the server, as `/status` and `/ready` tell it. */
export interface StatusBoard {
  status(): Promise<StatusAnswer>;
  ready(): Promise<ReadyAnswer>;
}

interface Finding {
  state: Exclude<Health, 'green'>;
  reason: string;
}
type Check = () => Finding | null;

/** Fewer failures than this in five minutes are no trend. */
const LEAST_ERRORS = 5;
/** Shares of failed commands: the objective is 99.9 %. */
const ERRORS = { yellow: 0.001, red: 0.01 };
const LOOP_SECONDS = { yellow: 0.25, red: 1 };
/** Free bytes under which the disk is short, or full; less of a small disk. */
const DISK = { short: 1024 ** 3, full: 100 * 1024 ** 2, shortShare: 0.15, fullShare: 0.05 };
/** So much under its threshold is red. */
const FAR_BELOW = 0.1;

const yellow = (reason: string): Finding => ({ state: 'yellow', reason });
const red = (reason: string): Finding => ({ state: 'red', reason });

function diskState(disk: DiskSpace | null): 'ok' | 'short' | 'full' {
  if (disk === null) return 'ok';
  const { freeBytes, totalBytes } = disk;
  if (freeBytes < Math.min(DISK.full, totalBytes * DISK.fullShare)) return 'full';
  return freeBytes < Math.min(DISK.short, totalBytes * DISK.shortShare) ? 'short' : 'ok';
}

/** S0.1: the three levels of the server's condition, each with its reasons, and the checks of `/ready` (S1.17). */
export function createStatus(parts: StatusParts): StatusBoard {
  return {
    async status() {
      const disk = await parts.disk().catch(() => null);
      return {
        version: parts.version,
        at: parts.clock.now(),
        device: orElse(parts.device, 'cpu'),
        requestsPerMinute: orElse(parts.requestsPerMinute, null),
        levels: {
          basic: level(basicChecks(parts)),
          cognitive: level(cognitiveChecks(parts)),
          integration: level(integrationChecks(parts, disk)),
        },
      };
    },
    async ready() {
      const disk = await parts.disk().catch(() => null);
      const checks = {
        loaded: orElse(parts.isLoaded, false),
        serving: orElse(parts.isServing, false),
        store: orElse(parts.storeWorks, false),
        disk: diskState(disk) !== 'full',
        audit: orElse(() => parts.audit().works, false),
      };
      const names = Object.keys(checks) as (keyof typeof checks)[];
      const failing = names.filter((name) => !checks[name]);
      const narrator = orElse(() => parts.narrator().status, 'off');
      return { ready: failing.length === 0, failing, checks: { ...checks, narrator } };
    },
  };
}

function orElse<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/** The worst of what was found, the worst reasons first. */
function level(checks: Record<string, Check>): LevelStatus {
  const found = Object.entries(checks).flatMap(([what, check]) => {
    const finding = orElse(check, yellow(`It cannot be told how it is with: ${what}.`));
    return finding === null ? [] : [finding];
  });
  const reasons = [
    ...found.filter(({ state }) => state === 'red'),
    ...found.filter(({ state }) => state === 'yellow'),
  ];
  return { state: reasons[0]?.state ?? 'green', reasons: reasons.map(({ reason }) => reason) };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Does the process serve? */
function basicChecks(parts: StatusParts): Record<string, Check> {
  return {
    'process': () => {
      if (!parts.isLoaded()) return yellow('The server is starting.');
      return parts.isServing() ? null : yellow('The server is stopping.');
    },
    'commands': () => {
      const { total, errors } = parts.commands();
      if (errors < LEAST_ERRORS || errors <= ERRORS.yellow * total) return null;
      const reason = `${errors} of ${total} requests failed in the last 5 minutes (${percent(errors / total)}).`;
      return errors > ERRORS.red * total ? red(reason) : yellow(reason);
    },
    'the main loop': () => {
      const seconds = parts.loopDelay();
      if (seconds === null || seconds <= LOOP_SECONDS.yellow) return null;
      const reason = `The server answers up to ${seconds.toFixed(2)} s late: it has more to do than it can.`;
      return seconds > LOOP_SECONDS.red ? red(reason) : yellow(reason);
    },
  };
}

/** Does the narrator tell well? What is not measured makes nothing worse. */
function cognitiveChecks(parts: StatusParts): Record<string, Check> {
  const standings = orElse(parts.quality, null);
  if (standings === null)
    return {
      quality: () => yellow('It cannot be told how it is with: quality.'),
    };
  return Object.fromEntries(standings.map((standing) => [standing.metric, () => judge(standing)]));
}

function judge({ metric, mean, threshold, drift }: QualityStanding): Finding | null {
  if (drift === 2) return red(`${metric} has drifted from what it was when this narrator was new.`);
  if (mean !== null && threshold !== null && mean < threshold) {
    const reason = `${metric} is at ${mean.toFixed(2)}, under its threshold of ${threshold.toFixed(2)}.`;
    return mean < threshold - FAR_BELOW ? red(reason) : yellow(reason);
  }
  return drift === 1 ? yellow(`${metric} may be drifting from what it was.`) : null;
}

/** Does what the server leans on work? */
function integrationChecks(parts: StatusParts, disk: DiskSpace | null): Record<string, Check> {
  return {
    'store': () => (parts.storeWorks() ? null : red('Nothing can be stored: sessions are read-only.')),
    'disk': () => {
      if (disk === null) return yellow('It cannot be told how much room the disk has.');
      const room = `The disk has ${Math.floor(disk.freeBytes / 1024 ** 2)} MiB left.`;
      const state = diskState(disk);
      if (state === 'ok') return null;
      return state === 'full' ? red(room) : yellow(room);
    },
    'the audit log': () => {
      const { works, reason } = parts.audit();
      return works ? null : red(reason ?? 'The audit log cannot be written.');
    },
    'the narrator': () => {
      const { status, reason } = parts.narrator();
      if (status === 'ready' || !parts.wantsNarrator) return null;
      if (status === 'loading') return yellow('The narrator is loading.');
      return red(`The narrator is off${reason === null ? '.' : `: ${reason}`}`);
    },
  };
}
