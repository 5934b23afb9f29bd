import type { Logger } from 'pino';
import { AppError } from '../sessions/errors.ts';
import type { FactSink, SessionFact } from '../sessions/facts.ts';
import { newId, type Random } from '../sessions/ids.ts';
import {
  INCIDENT_STEPS,
  type IncidentKind,
  type IncidentStep,
  type LogLine,
  type OpsIncident,
  type OpsTurn,
  type SloReport,
  type StatusAnswer,
} from '../sessions/ops-view.ts';
import type { Clock } from '../sessions/ports.ts';
import { guideOf, postmortemOf, PRIVACY_DEADLINE_MS } from './incident-guides.ts';
import type { IncidentSample } from './incident-samples.ts';
import { describeError } from './log-error.ts';

/** An incident as it is stored. */
export interface StoredIncident {
  id: string;
  title: string;
  kind: IncidentKind;
  openedAt: number;
  closedAt: number | null;
  steps: { step: IncidentStep; doneAt: number | null; note: string }[];
}

/** Durable home of incidents. Everything throws AppError STORAGE_UNAVAILABLE. */
export interface IncidentStore {
  add(incident: StoredIncident, bundle: object, samples: readonly IncidentSample[]): Promise<void>;
  /** The newest, without their bundles. */
  list(limit: number): Promise<StoredIncident[]>;
  get(
    id: string,
  ): Promise<{ incident: StoredIncident; bundle: Record<string, unknown>; samples: IncidentSample[] } | null>;
  /** Steps and end; the rest never changes. */
  save(incident: StoredIncident): Promise<void>;
  /** Empties the samples of older incidents. */
  dropSamples(openedBefore: number): Promise<void>;
  /** Takes passages out of all samples. */
  purge(sessionId: string, passageIds: readonly string[]): Promise<void>;
  /** Deletes closed incidents that are not among the newest so many. */
  dropClosed(keep: number): Promise<void>;
}

/** What a bundle is made of, asked when an incident is opened; one that throws is left out, and said to be. */
export interface BundleSources {
  /** Of the server, the narrator, the policy ... */
  versions: () => unknown;
  status: () => Promise<StatusAnswer>;
  slo: () => readonly SloReport[] | Promise<readonly SloReport[]>;
  flags: () => unknown;
  /** The newest lines of the log, oldest first. */
  lines: () => LogLine[];
  turns: () => OpsTurn[];
  queue: () => unknown;
  /** The newest signed checkpoint of the audit log. */
  audit: () => unknown;
  samples: () => IncidentSample[];
}

interface IncidentParts {
  store: IncidentStore;
  clock: Clock;
  random: Random;
  log: Logger;
  sources: BundleSources;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** S2.11: samples are for the work on an incident, not for ever. */
const SAMPLE_DAYS = 30;
const LISTED = 200;
const MOST_STORED = 500;
/** Characters of one part of a bundle; of lines and turns the oldest go. */
const MOST_OF_A_PART = 1_000_000;

const PARTS = ['versions', 'status', 'slo', 'flags', 'lines', 'turns', 'queue', 'audit'] as const;

/** Incidents of the server (S2.18): what it was like, kept in one bundle, and the steps to take. */
export class Incidents implements FactSink {
  readonly #parts: IncidentParts;
  #cancelPrune: () => void;
  readonly #work = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: IncidentParts) {
    this.#parts = parts;
    this.#cancelPrune = () => undefined;
    this.#prune();
  }

  /** Purges of sessions reach the samples too. */
  take(fact: SessionFact): void {
    if (fact.kind === 'purge')
      this.#inBackground(
        this.#parts.store.purge(fact.sessionId, fact.passageIds),
        'incident-samples-not-purged',
      );
  }

  /** Opens an incident with a bundle of the server as it is now. Throws AppError STORAGE_UNAVAILABLE. */
  async open({ title, kind }: { title: string; kind: IncidentKind }): Promise<OpsIncident> {
    const { store, clock, random, log, sources } = this.#parts;
    const incident: StoredIncident = {
      id: newId(random),
      title,
      kind,
      openedAt: clock.now(),
      closedAt: null,
      steps: INCIDENT_STEPS.map((step) => ({ step, doneAt: null, note: '' })),
    };
    const bundle = await this.#bundle();
    // Last: what is purged meanwhile is not among them, and what is purged from now on is taken out of the store.
    const samples = tell(() => sources.samples());
    await store.add(incident, bundle, Array.isArray(samples) ? samples : []);
    log.warn({ incident: incident.id, kind }, 'incident-opened');
    this.#inBackground(store.dropClosed(MOST_STORED), 'incidents-not-pruned');
    return viewOf(incident);
  }

  /** The newest 200, newest first. */
  async list(): Promise<OpsIncident[]> {
    return (await this.#parts.store.list(LISTED)).map(viewOf);
  }

  /** Everything of an incident, its postmortem begun. Throws AppError NOT_FOUND. */
  async bundle(id: string) {
    const { incident, bundle, samples } = await this.#stored(id);
    const view = viewOf(incident);
    return { incident: view, ...bundle, samples, postmortem: postmortemOf(view, factsOf(bundle)) };
  }

  /** Marks a step as done, with what was done; again: with other words. Throws AppError NOT_FOUND. */
  doStep(id: string, step: IncidentStep, note: string): Promise<OpsIncident> {
    return this.#change(id, (incident) => {
      const at = this.#parts.clock.now();
      const done = (each: StoredIncident['steps'][number]) => ({ ...each, doneAt: each.doneAt ?? at, note });
      return { ...incident, steps: incident.steps.map((each) => (each.step === step ? done(each) : each)) };
    });
  }

  /** It is over. Idempotent. Throws AppError NOT_FOUND. */
  async end(id: string): Promise<OpsIncident> {
    const { clock, log } = this.#parts;
    const ended = await this.#change(id, (incident) => ({
      ...incident,
      closedAt: incident.closedAt ?? clock.now(),
    }));
    log.warn({ incident: id }, 'incident-closed');
    return ended;
  }

  /** One change after the other: two operators at once lose nothing. */
  #change(id: string, change: (incident: StoredIncident) => StoredIncident): Promise<OpsIncident> {
    const changing = this.#last.then(async () => {
      const changed = change((await this.#stored(id)).incident);
      await this.#parts.store.save(changed);
      return viewOf(changed);
    });
    this.#last = changing.catch(() => undefined);
    return changing;
  }

  async #stored(id: string) {
    const found = await this.#parts.store.get(id);
    if (found === null) throw new AppError('NOT_FOUND', { detail: 'There is no such incident.' });
    return found;
  }

  async #bundle(): Promise<Record<string, unknown>> {
    const { sources } = this.#parts;
    const told = await Promise.all(
      PARTS.map(async (part) => [part, bounded(await tell(() => sources[part]()))]),
    );
    return Object.fromEntries(told) as Record<string, unknown>;
  }

  /** Once a day, and at the start. */
  #prune(): void {
    const { clock, store } = this.#parts;
    this.#inBackground(store.dropSamples(clock.now() - SAMPLE_DAYS * DAY_MS), 'incident-samples-not-dropped');
    this.#cancelPrune = clock.after(DAY_MS, () => this.#prune());
  }

  #inBackground(work: Promise<unknown>, trouble: string): void {
    const watched = work
      .catch((error: unknown) => this.#parts.log.error({ err: error }, trouble))
      .finally(() => this.#work.delete(watched));
    this.#work.add(watched);
  }

  /** Ends its timer and waits for what it has begun; before the database closes. Idempotent. */
  async close(): Promise<void> {
    this.#cancelPrune();
    await Promise.all(this.#work);
  }
}

/** What was asked, or why it cannot be told; never throws, also not later. */
function tell<T>(ask: () => T | Promise<T>): T | { unknown: string } | Promise<T | { unknown: string }> {
  const refuse = (error: unknown) => ({ unknown: describeError(error).message });
  try {
    const told = ask();
    return told instanceof Promise ? told.catch(refuse) : told;
  } catch (error) {
    return refuse(error);
  }
}

/** Of what is too large, the newest half of a list, again and again; what is no list is left out. */
function bounded(part: unknown): unknown {
  if ((JSON.stringify(part) ?? '').length <= MOST_OF_A_PART) return part;
  if (!Array.isArray(part) || part.length < 2) return { unknown: 'too large' };
  const list = part as unknown[];
  return bounded(list.slice(Math.ceil(list.length / 2)));
}

function viewOf(incident: StoredIncident): OpsIncident {
  const { kind, openedAt, steps } = incident;
  return {
    ...incident,
    dueAt: kind === 'privacy' ? openedAt + PRIVACY_DEADLINE_MS : null,
    steps: steps.map((each) => ({ ...each, guide: guideOf(each.step, kind) })),
  };
}

/** The lines about the server in the postmortem. */
function factsOf(bundle: Record<string, unknown>): [string, string][] {
  const brief = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 300);
  const status = bundle.status as Partial<StatusAnswer> | undefined;
  const levels = Object.entries(status?.levels ?? {}).map(
    ([level, { state, reasons }]) => [level, [state, ...reasons].join(': ')] as [string, string],
  );
  const slo = Array.isArray(bundle.slo) ? (bundle.slo as Partial<SloReport>[]) : [];
  const missed = slo.filter((report) => report.status === 'red').map(({ title }) => title ?? '');
  return [
    ['Versions', brief(bundle.versions)],
    ...levels,
    ['Objectives missed', missed.length === 0 ? 'none' : missed.join(', ')],
    ['Flags', brief(bundle.flags)],
  ];
}
