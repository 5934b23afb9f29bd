import { WORK_CLASSES } from '../sessions/ports.ts';
import type { WorkClass } from '../sessions/ports.ts';

/** Classes below the first are promised this share of the engine while they want it, over `WINDOW_MS`. */
const SHARE = 0.05;
const WINDOW_MS = 60_000;
const SLOT_MS = 5_000;

interface Slot {
  /** Number of the slot since the epoch. */
  at: number;
  units: Record<WorkClass, number>;
}

/** What each class was served lately; plain data. */
export interface ClassService {
  slots: Slot[];
  /** Slot since when each class has wanted the engine without a break; null: it does not. */
  wantsSince: Record<WorkClass, number | null>;
}

/** No service yet. */
export function newClassService(): ClassService {
  return { slots: [], wantsSince: { narrator: null, moderation: null, background: null } };
}

const slotOf = (nowMs: number) => Math.floor(nowMs / SLOT_MS);

/** Remembers that a class has, or has no longer, anything waiting or running. */
export function noteWants(service: ClassService, of: WorkClass, wants: boolean, nowMs: number): void {
  if (!wants) service.wantsSince[of] = null;
  else service.wantsSince[of] ??= slotOf(nowMs);
}

/** Adds cost units to the share of a class. */
export function noteService(service: ClassService, of: WorkClass, units: number, nowMs: number): void {
  const at = slotOf(nowMs);
  let slot = service.slots.at(-1);
  if (slot?.at !== at) {
    service.slots.push((slot = { at, units: { narrator: 0, moderation: 0, background: 0 } }));
    while ((service.slots[0]?.at ?? at) <= at - WINDOW_MS / SLOT_MS) service.slots.shift();
  }
  slot.units[of] += units;
}

/** The first of the lower classes that has had less than its floor since it wants the engine, 60 s at most; or null. */
export function classBelowFloor(service: ClassService, nowMs: number): WorkClass | null {
  for (const of of WORK_CLASSES.slice(1)) {
    const since = service.wantsSince[of];
    if (since === null) continue;
    const from = Math.max(since, slotOf(nowMs) - WINDOW_MS / SLOT_MS + 1);
    let own = 0;
    let all = 0;
    for (const { at, units } of service.slots) {
      if (at < from) continue;
      own += units[of];
      for (const each of WORK_CLASSES) all += units[each];
    }
    if (own < SHARE * all) return of;
  }
  return null;
}
