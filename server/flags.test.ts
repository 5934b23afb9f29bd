import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '../sessions/errors.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import { StoredFlags, type FlagSetting, type FlagStore } from './flags.ts';

/** A store in memory that fails while `isBroken`. */
class FakeStore implements FlagStore {
  readonly rows = new Map<string, FlagSetting>();
  isBroken = false;

  load(): Promise<FlagSetting[]> {
    return Promise.resolve([...this.rows.values()]);
  }

  async save(setting: FlagSetting): Promise<void> {
    await this.check();
    this.rows.set(`${setting.flag} ${setting.sessionId}`, setting);
  }

  async remove(flag: string, sessionId: string | null): Promise<void> {
    await this.check();
    this.rows.delete(`${flag} ${sessionId}`);
  }

  async hasSession(sessionId: string): Promise<boolean> {
    await this.check();
    return sessionId.startsWith('s');
  }

  private check(): Promise<void> {
    return this.isBroken ? Promise.reject(new AppError('STORAGE_UNAVAILABLE')) : Promise.resolve();
  }
}

async function fixture(store = new FakeStore()) {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const flags = await StoredFlags.load({ store, clock: new ManualClock(), log });
  return { store, lines, flags };
}

describe('StoredFlags', () => {
  it('is on for one session, or for all', async () => {
    const { flags } = await fixture();
    await flags.turnOn('read_only', 's1', '');
    expect([flags.isOn('read_only', 's1'), flags.isOn('read_only', 's2')]).toEqual([true, false]);
    expect(flags.isOn('human_only', 's1')).toBe(false);
    await flags.turnOn('read_only', null, '');
    expect(flags.isOn('read_only', 's2')).toBe(true);
    expect(await flags.turnOff('read_only', 's1')).toBe(true);
    expect(flags.isOn('read_only', 's1')).toBe(true);
    expect(await flags.turnOff('read_only', null)).toBe(true);
    expect(await flags.turnOff('read_only', null)).toBe(false);
    expect([flags.isOn('read_only', 's1'), flags.list()]).toEqual([false, []]);
  });

  it('tells of each change at once, before it is stored, until one leaves', async () => {
    const { flags } = await fixture();
    const seen: boolean[] = [];
    const leave = flags.onChanged(() => seen.push(flags.isOn('narrator_off', 's1')));
    flags.onChanged(() => {
      throw new Error('a listener at fault');
    });
    const stored = flags.turnOn('narrator_off', null, 'test');
    expect(seen).toEqual([true]);
    await stored;
    const removed = flags.turnOff('narrator_off', null);
    expect(seen).toEqual([true, false]);
    await removed;
    await flags.turnOff('narrator_off', null);
    leave();
    await flags.turnOn('narrator_off', null, '');
    expect(seen).toEqual([true, false]);
  });

  it('is what it was after a restart', async () => {
    const { store, flags } = await fixture();
    await flags.turnOn('safe_responder', 's1', 'a complaint');
    await flags.turnOn('human_only', null, '');
    await flags.turnOff('human_only', null);
    const again = (await fixture(store)).flags;
    expect(again.isOn('safe_responder', 's1')).toBe(true);
    expect(again.list()).toMatchObject([{ flag: 'safe_responder', sessionId: 's1', reason: 'a complaint' }]);
  });

  it('counts even when it cannot be stored, and says so', async () => {
    const { store, flags } = await fixture();
    store.isBroken = true;
    await expect(flags.turnOn('narrator_off', null, '')).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      detail: 'It is on now, but will not be after a restart.',
    });
    await expect(flags.turnOn('read_only', 's1', '')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect([flags.isOn('narrator_off', 's9'), flags.isOn('read_only', 's1')]).toEqual([true, true]);
  });

  it('refuses a session that does not exist, and logs changes without the reason', async () => {
    const { lines, flags } = await fixture();
    await expect(flags.turnOn('read_only', 'other', '')).rejects.toMatchObject({ code: 'SESSION_UNKNOWN' });
    expect(lines).toEqual([]);
    await flags.turnOn('read_only', 's1', 'Bo wrote something');
    await flags.turnOff('read_only', 's1');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['flag-on', 'flag-off']);
    expect(lines.join('')).not.toContain('Bo');
  });
});
