import { AppError } from '../sessions/errors.ts';
import type { GenerateRequest, GenerateResult, StepPlan, StepSource } from '../sessions/ports.ts';
import type { StepFacts } from './engine-facts.ts';
import type {
  EngineOrder,
  EngineReport,
  EngineStep,
  EngineStepped,
  EngineTurnReport,
} from './engine-protocol.ts';

const MAX_OPEN = 256;

/** How the turns of an engine are stepped. */
export interface EngineLoopOptions {
  /** Most turns in one step. */
  parallel: number;
  /** Who is in each step. Default: the turns that came first. */
  steps?: StepSource;
  /** Told after each step; numbers only. */
  stepped?: (facts: StepFacts) => void;
  /** Engine messages, one line each; they never hold story text. */
  log?: (level: string, line: string) => void;
}

/** The engine process as the loop needs it. */
export interface StepLink {
  send(order: EngineOrder): void;
  setStepping(isStepping: boolean): void;
}

interface OpenTurn {
  id: string;
  request: GenerateRequest;
  resolve: (result: GenerateResult) => void;
  reject: (error: AppError) => void;
}

/** Steps the turns that came first. */
class FirstTurns implements StepSource {
  readonly #turnIds: () => readonly string[];

  constructor(turnIds: () => readonly string[]) {
    this.#turnIds = turnIds;
  }

  plan(): StepPlan {
    const turnIds = new Set(this.#turnIds());
    return { run: [...turnIds].map((turnId) => ({ turnId, workClass: 'narrator' })), paused: [] };
  }

  lost(): void {}

  onChanged(): () => void {
    return () => undefined;
  }
}

function factsOf({ turns, type: _, ...facts }: EngineStepped): StepFacts {
  return {
    ...facts,
    inputTokens: turns.reduce((sum, turn) => sum + turn.inputTokens, 0),
    outputTokens: turns.reduce((sum, turn) => sum + turn.outputTokens, 0),
    opened: turns.flatMap(({ opened }) => (opened === undefined ? [] : [opened])),
  };
}

function openOrder(id: string, request: GenerateRequest): EngineOrder {
  const { storyId: story, prompt, maxTokens, temperature, topP, minP, seed, grammar } = request;
  const order = { type: 'open', id, story, prompt, maxTokens, temperature, topP, minP, seed } as const;
  return grammar === undefined ? order : { ...order, grammar };
}

/**
 * Drives the engine step by step: asks the step source who is in the next one, orders it, and tells the turns
 * what has become of them. There is one order at a time; without anybody to step it sleeps until a turn is
 * opened or the source has another plan. `plan` is never called from within itself or from within a report.
 */
export class EngineLoop {
  readonly #options: EngineLoopOptions;
  readonly #steps: StepSource;
  readonly #unsubscribe: () => void;
  readonly #open = new Map<string, OpenTurn>();
  #link: StepLink | null = null;
  #nextId = 1;
  #isStepping = false;
  #isClosed = false;
  /** A report is told or a plan is made: what happens meanwhile is looked at afterwards. */
  #isHeld = false;
  #isWoken = false;
  #soon: NodeJS.Immediate | null = null;

  constructor(options: EngineLoopOptions) {
    this.#options = options;
    this.#steps =
      options.steps ?? new FirstTurns(() => [...this.#open.values()].map(({ request }) => request.turnId));
    this.#unsubscribe = this.#steps.onChanged(() => this.#wake());
  }

  /** Steps turns in this process from now on. */
  attach(link: StepLink): void {
    this.#link = link;
    this.#isStepping = false;
  }

  /** The process is gone: rejects all turns with `error`. */
  detach(error: AppError): void {
    if (this.#link !== null && !this.#isClosed) this.#steps.lost();
    this.#link = null;
    this.#isStepping = false;
    const lost = [...this.#open.values()];
    this.#open.clear();
    for (const turn of lost) turn.reject(error);
  }

  /** Listens to the step source no more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    if (this.#soon !== null) clearImmediate(this.#soon);
    this.#soon = null;
  }

  /** See `TextModel.generate`. Rejects with NARRATOR_FAILED without a process, and when 256 turns are open. */
  async generate(request: GenerateRequest): Promise<GenerateResult> {
    const link = this.#link;
    if (link === null) throw new AppError('NARRATOR_FAILED');
    if (this.#open.size >= MAX_OPEN) {
      throw new AppError('NARRATOR_FAILED', { detail: 'The engine is overrun.' });
    }
    const id = String(this.#nextId++);
    const cancel = () => link.send({ type: 'close', id });
    try {
      return await new Promise<GenerateResult>((resolve, reject) => {
        this.#open.set(id, { id, request, resolve, reject });
        link.send(openOrder(id, request));
        request.signal.addEventListener('abort', cancel, { once: true });
        this.#wake();
      });
    } finally {
      request.signal.removeEventListener('abort', cancel);
    }
  }

  /** Takes a report of the process. */
  heard(report: Extract<EngineReport, { type: 'stepped' | 'closed' }>): void {
    if (report.type === 'stepped') {
      this.#isStepping = false;
      this.#link?.setStepping(false);
    }
    this.#isHeld = true;
    try {
      if (report.type === 'stepped') this.#options.stepped?.(factsOf(report));
      for (const turn of report.turns) this.#tell(turn);
    } finally {
      this.#isHeld = false;
    }
    const hasEnded = report.turns.some(({ done, failed }) => done !== undefined || failed !== undefined);
    if (!hasEnded) return this.#next();
    // Those who waited for the end come first: their turns are over, and others have their permits.
    this.#nextSoon();
  }

  #tell({ id, text, inputTokens, outputTokens, done, failed }: EngineTurnReport): void {
    const turn = this.#open.get(id);
    if (turn === undefined) return;
    if (inputTokens + outputTokens > 0) turn.request.onCost({ inputTokens, outputTokens });
    if (text !== '') turn.request.onText(text);
    if (done !== undefined) {
      this.#open.delete(id);
      turn.resolve(done);
    } else if (failed !== undefined) {
      this.#options.log?.('warn', `a turn failed in the engine: ${failed}`);
      this.#open.delete(id);
      turn.reject(new AppError('NARRATOR_FAILED', { cause: new Error(failed) }));
    }
  }

  #wake(): void {
    this.#isWoken = true;
    if (!this.#isHeld && this.#soon === null) this.#next();
  }

  #nextSoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = null;
      this.#next();
    });
  }

  #next(): void {
    const link = this.#link;
    if (link === null || this.#isStepping || this.#open.size === 0) return;
    this.#isHeld = true;
    this.#isWoken = false;
    let step: EngineStep;
    try {
      step = this.#order(this.#steps.plan());
    } finally {
      this.#isHeld = false;
    }
    if (step.run.length > 0) {
      this.#isStepping = true;
      link.setStepping(true);
      link.send(step);
    } else if (this.#isWoken) {
      // The plan itself changed something; it is asked again when whoever was told has had the time to act.
      this.#nextSoon();
    }
  }

  #order({ run, paused }: StepPlan): EngineStep {
    const openOf = (turnId: string) =>
      [...this.#open.values()].filter(({ request }) => request.turnId === turnId);
    const running = run.flatMap(({ turnId, workClass }) =>
      openOf(turnId).map(({ id }) => ({ id, isUrgent: workClass === 'narrator' })),
    );
    return {
      type: 'step',
      run: running.slice(0, this.#options.parallel),
      paused: paused.flatMap((turnId) => openOf(turnId).map(({ id }) => id)),
    };
  }
}
