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

/**
 * The lower class that is owed the engine: it has had less than its floor since it wants it, 60 s at most. Where
 * that is true of several they take turns, a slot each: work that costs little beside the rest may stay below its
 * floor for good, and must not keep the others waiting. Null: none.
 */
export function classBelowFloor(service: ClassService, nowMs: number): WorkClass | null {
  const below = WORK_CLASSES.slice(1).filter((of) => isBelowFloor(service, of, nowMs));
  return below[slotOf(nowMs) % below.length] ?? null;
}

function isBelowFloor(service: ClassService, of: WorkClass, nowMs: number): boolean {
  const since = service.wantsSince[of];
  if (since === null) return false;
  const from = Math.max(since, slotOf(nowMs) - WINDOW_MS / SLOT_MS + 1);
  let own = 0;
  let all = 0;
  for (const { at, units } of service.slots) {
    if (at < from) continue;
    own += units[of];
    for (const each of WORK_CLASSES) all += units[each];
  }
  return own < SHARE * all;
}
