import { AppError } from '../sessions/errors.ts';
import type { Refusal } from '../sessions/errors.ts';
import type {
  Clock,
  ModelInfo,
  NarratorTurn,
  TextModel,
  TokenCost,
  TurnQueue,
  WorkClass,
} from '../sessions/ports.ts';
import type { NarratorObserver, SideEndpoint } from './narrator-observer.ts';
import { SideMeter } from './side-meter.ts';
import { track } from './track.ts';
import type { Tracker } from './track.ts';

/** What side work gets with its place on the engine. */
export interface SideEngine {
  model: TextModel;
  info: ModelInfo;
  /** To be told all that it costs, see `GenerateRequest.onCost`. */
  onCost: (cost: TokenCost) => void;
}

/** Work on the engine that is no narrator turn; it goes on only until `signal` aborts. */
export type SideWork<T> = (engine: SideEngine, signal: AbortSignal) => Promise<T>;

/** A place in the queue for side work. */
export interface SideTurn extends NarratorTurn {
  /** Under what its requests are counted; default: moderation by its class, else 'judge'. */
  endpoint?: SideEndpoint;
}

/** Runs other work on the narrator's engine. */
export interface SideRunner {
  /**
   * Puts `turn` into the narrator's queue and calls `work` once, when it has its place. Its class says whom it
   * yields to. Resolves and rejects as `work` does; rejects with NARRATOR_OFF, SHUTTING_DOWN, a code of the queue,
   * or at once with the signal's reason when that aborts. Work in the background may be ended with NARRATOR_BUSY.
   */
  side<T>(turn: SideTurn, work: SideWork<T>, signal: AbortSignal): Promise<T>;
}

interface Entry {
  workClass: WorkClass;
  hasBegun: boolean;
  begin: (info: ModelInfo) => void;
  fail: (error: unknown) => void;
}

/** What the side line needs. */
export interface SideLineOptions {
  queue: TurnQueue;
  model: TextModel;
  clock: Clock;
  observer: Partial<NarratorObserver>;
}

/** The side work that waits and runs. It never counts for or against the model. Bounded by the queue. */
export class SideLine {
  readonly #options: SideLineOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: SideLineOptions) {
    this.#options = options;
  }

  /** See `SideRunner.side`; whether there is an engine is the caller's concern. */
  run<T>(turn: SideTurn, work: SideWork<T>, signal: AbortSignal): Promise<T> {
    const { clock, observer } = this.#options;
    const meter = new SideMeter(clock);
    const tell: Tracker['tell'] = (status, durationMs) =>
      observer.sideEnded?.({ endpoint: endpointOf(turn), status, durationMs, ...meter.figures });
    return track({ now: () => clock.now(), tell }, (begun) => {
      const started = () => {
        begun();
        observer.granted?.(meter.granted(), turn.workClass);
      };
      return this.#start(turn, work, { signal, meter, started });
    });
  }

  #start<T>(
    turn: NarratorTurn,
    work: SideWork<T>,
    { signal, meter, started }: { signal: AbortSignal; meter: SideMeter; started: () => void },
  ): Promise<T> {
    const { queue, model } = this.#options;
    const { turnId, workClass } = turn;
    const ending = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const end = () => {
        this.#entries.delete(turnId);
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: unknown) => {
        end();
        ending.abort(error);
        queue.cancel(turnId);
        reject(error instanceof Error ? error : new AppError('INTERNAL', { cause: error }));
      };
      const abort = () => fail(signal.reason);
      if (signal.aborted) return abort();
      const done = (result: T) => {
        // Aborted work may end well all the same: it is forgotten by then.
        if (!this.#entries.has(turnId)) return;
        end();
        queue.complete(turnId);
        resolve(result);
      };
      const onCost = (cost: TokenCost) => queue.charge(turnId, cost);
      const begin = (info: ModelInfo) => {
        started();
        const engine = { model: meter.listening(model), info, onCost };
        void Promise.resolve()
          .then(() => work(engine, ending.signal))
          .then(done, fail);
      };
      this.#entries.set(turnId, { workClass, hasBegun: false, begin, fail });
      signal.addEventListener('abort', abort, { once: true });
      const answer = queue.enqueue(turn);
      if (!answer.ok) fail(errorOf(answer));
    });
  }

  /** The queue lets a turn begin; false: it is none of these. */
  begin(turnId: string, info: ModelInfo): boolean {
    const entry = this.#entries.get(turnId);
    if (entry === undefined) return false;
    entry.hasBegun = true;
    entry.begin(info);
    return true;
  }

  /** Ends work in the background, what began last first, to make its place free; false: there is none. */
  giveWay(): boolean {
    const isInTheWay = ({ workClass, hasBegun }: Entry) => workClass === 'background' && hasBegun;
    const entry = [...this.#entries.values()].filter(isInTheWay).at(-1);
    entry?.fail(new AppError('NARRATOR_BUSY'));
    return entry !== undefined;
  }

  /** Ends all, waiting and running. */
  failAll(refusal: Refusal): void {
    for (const entry of [...this.#entries.values()]) entry.fail(errorOf(refusal));
  }
}

/** A refusal as an error, for promises. */
export function errorOf({ code, detail }: Refusal): AppError {
  return new AppError(code, detail === null ? {} : { detail });
}

function endpointOf({ endpoint, workClass }: SideTurn): SideEndpoint {
  return endpoint ?? (workClass === 'moderation' ? 'moderation' : 'judge');
}
