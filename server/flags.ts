import type { Logger } from 'pino';
import { AppError } from '../sessions/errors.ts';
import type { Clock, Flag, FlagBoard } from '../sessions/ports.ts';

/** A flag that is on. */
export interface FlagSetting {
  flag: Flag;
  /** Null: for all sessions. */
  sessionId: string | null;
  /** Epoch ms. */
  setAt: number;
  /** Why, in the operator's words; '' when none were given. */
  reason: string;
}

/** Durable home of flags. Everything throws AppError STORAGE_UNAVAILABLE. */
export interface FlagStore {
  load(): Promise<FlagSetting[]>;
  /** Adds it, or replaces the one of the same flag and session. */
  save(setting: FlagSetting): Promise<void>;
  remove(flag: Flag, sessionId: string | null): Promise<void>;
  hasSession(sessionId: string): Promise<boolean>;
}

/** Flags that may be on at a time, over all sessions. */
const MAX_SETTINGS = 10_000;

const keyOf = (flag: Flag, sessionId: string | null): string => `${sessionId ?? ''}/${flag}`;

/**
 * The operators' switches: kept in a store, answered from memory. A change counts at once, before it is stored:
 * a switch that stops something must work on a full disk too.
 */
export class StoredFlags implements FlagBoard {
  readonly #store: FlagStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #settings = new Map<string, FlagSetting>();
  readonly #listeners = new Set<() => void>();

  private constructor(parts: { store: FlagStore; clock: Clock; log: Logger }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** With what was on when the server stopped. Throws AppError STORAGE_UNAVAILABLE. */
  static async load(parts: { store: FlagStore; clock: Clock; log: Logger }): Promise<StoredFlags> {
    const flags = new StoredFlags(parts);
    for (const setting of await parts.store.load())
      flags.#settings.set(keyOf(setting.flag, setting.sessionId), setting);
    return flags;
  }

  isOn(flag: Flag, sessionId: string): boolean {
    return this.#settings.has(keyOf(flag, null)) || this.#settings.has(keyOf(flag, sessionId));
  }

  onChanged(listener: () => void): () => void {
    // Wrapped, so that one function may listen twice and leave once.
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** All that are on, in the order in which they were set. */
  list(): FlagSetting[] {
    return [...this.#settings.values()].toSorted((one, other) => one.setAt - other.setAt);
  }

  /**
   * Turns a flag on, for one session or (null) for all. Throws AppError SESSION_UNKNOWN, TOO_LARGE when too many are
   * on, and STORAGE_UNAVAILABLE when it is on but will not be after a restart.
   */
  async turnOn(flag: Flag, sessionId: string | null, reason: string): Promise<FlagSetting> {
    // Where the store cannot tell, the operator is believed.
    if (sessionId !== null && !(await this.#store.hasSession(sessionId).catch(() => true)))
      throw new AppError('SESSION_UNKNOWN');
    const setting = { flag, sessionId, setAt: this.#clock.now(), reason };
    const key = keyOf(flag, sessionId);
    if (!this.#settings.has(key) && this.#settings.size >= MAX_SETTINGS)
      throw new AppError('TOO_LARGE', { detail: 'Too many flags are on. Turn one on for all instead.' });
    this.#settings.set(key, setting);
    this.#log.warn({ flag, session: sessionId }, 'flag-on');
    this.#tell();
    await this.#keep(this.#store.save(setting), 'It is on now, but will not be after a restart.');
    return setting;
  }

  /**
   * Turns a flag off where it was turned on: what is on for all stays on for a session. Answers whether it was on.
   * Throws AppError STORAGE_UNAVAILABLE when it is off but will be on again after a restart.
   */
  async turnOff(flag: Flag, sessionId: string | null): Promise<boolean> {
    const wasOn = this.#settings.delete(keyOf(flag, sessionId));
    if (wasOn) {
      this.#log.warn({ flag, session: sessionId }, 'flag-off');
      this.#tell();
    }
    // Also when it was not on here: an earlier removal may have failed on the disk.
    await this.#keep(this.#store.remove(flag, sessionId), 'It is off now, but will be on after a restart.');
    return wasOn;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        // One session's trouble must not keep the flag from the others.
        this.#log.error({ err: error }, 'flag-listener-failed');
      }
    }
  }

  async #keep(stored: Promise<void>, otherwise: string): Promise<void> {
    try {
      await stored;
    } catch (cause) {
      throw new AppError('STORAGE_UNAVAILABLE', { detail: otherwise, cause });
    }
  }
}
