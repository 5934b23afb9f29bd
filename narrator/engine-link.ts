import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { reportSchema } from './engine-protocol.ts';
import type { EngineOrder, EngineReport } from './engine-protocol.ts';

/** Heartbeats that may be missing while the engine runs, and while it loads (parsing a file may block it). */
const MISSED = { running: 3, loading: 30 } as const;
/** A little below normal: much less and a busy machine starves the engine. */
const NICENESS = 3;
/** Environment that the engine may see; secrets of the server are none of its business. */
const ENVIRONMENT =
  /^(?:PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SystemRoot|LD_LIBRARY_PATH|DYLD_.*|CUDA_.*|NVIDIA_.*|GGML_.*|LLAMA_.*|NODE_LLAMA_CPP_.*|VK_.*|HIP_.*|ROCR_.*|HSA_.*|OMP_.*)$/i;

/** What one engine process needs. */
export interface EngineLinkOptions {
  /** Interval of heartbeats and of the checks, milliseconds. */
  beatMs: number;
  /** A step may take so long before the process is ended, milliseconds. */
  stallMs: number;
  onReport: (report: EngineReport) => void;
  /** Called once, when the process is gone; `reason` is for people who run the server. */
  onGone: (reason: string) => void;
  log: (level: string, line: string) => void;
}

function startChild(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './engine-child.ts' : './engine-child.js', import.meta.url);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => ENVIRONMENT.test(name)));
  return fork(fileURLToPath(entry), [], {
    execArgv: isSource ? ['--import', 'tsx'] : ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env,
  });
}

/**
 * One life of the engine process: starts it, passes messages, and ends it with SIGKILL when it stops beating or
 * stepping. It is never restarted; `EngineProcess` makes a new one.
 */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #child: ChildProcess;
  readonly #watch: NodeJS.Timeout;
  #missed = 0;
  #isLoading = true;
  #steppingSince: number | null = null;
  #killReason: string | null = null;
  #isGone = false;

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    this.#child = startChild();
    this.#child.on('message', (message) => this.#heard(message));
    this.#child.on('error', (error) => this.#gone(`the engine process: ${error.message}`));
    this.#child.on('exit', (code, signal) =>
      this.#gone(`the engine process ended (${signal ?? `exit code ${code}`})`),
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => options.log('debug', data.toString('utf8').slice(0, 2_000)));
      stream?.on('error', () => undefined);
    }
    // The pages of people come before the narrator when cores are scarce.
    try {
      if (this.#child.pid !== undefined) setPriority(this.#child.pid, NICENESS);
    } catch (error) {
      options.log('debug', `priority: ${String(error)}`);
    }
    this.#watch = setInterval(() => this.#check(), options.beatMs);
  }

  /** Process id; null when it could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Sends an order; a dead process ignores it (its end is reported anyway). */
  send(order: EngineOrder): void {
    if (this.#isGone || !this.#child.connected) return;
    this.#child.send(order, (error) => {
      if (error !== null) this.kill(`the engine process took no orders: ${error.message}`);
    });
  }

  /** Tells whether a step is under way, so that standing still can be told from rest. */
  setStepping(isStepping: boolean): void {
    this.#steppingSince = isStepping ? performance.now() : null;
  }

  /** Ends it now; `onGone` follows with this reason. Idempotent. */
  kill(reason: string): void {
    this.#killReason ??= reason;
    this.#child.kill('SIGKILL');
  }

  #heard(message: unknown): void {
    if (this.#isGone || this.#killReason !== null) return;
    const report = reportSchema.safeParse(message);
    if (!report.success) return this.kill('the engine process sent something unreadable');
    this.#missed = 0;
    if (report.data.type === 'loaded') this.#isLoading = false;
    this.#options.onReport(report.data);
  }

  // Counting own timer runs, not wall time: after a pause of this process the child gets its full grace again.
  #check(): void {
    this.#missed += 1;
    const allowed = this.#isLoading ? MISSED.loading : MISSED.running;
    if (this.#missed > allowed) return this.kill(`the engine process gave no sign of life ${allowed} times`);
    const { stallMs } = this.#options;
    if (this.#steppingSince !== null && performance.now() - this.#steppingSince > stallMs) {
      this.kill(`the engine made no step for ${Math.round(stallMs / 1_000)} s`);
    }
  }

  #gone(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearInterval(this.#watch);
    this.#options.onGone(this.#killReason ?? reason);
  }
}
