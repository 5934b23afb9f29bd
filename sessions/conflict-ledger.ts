/** Writing into what somebody else wrote less than this ago is an overlap (D11). */
const OVERLAP_MS = 10_000;
/** Removing half of what somebody else wrote less than this ago is a conflict. */
const REMOVAL_MS = 120_000;
const REMOVED_SHARE = 0.5;
/** Fewer characters are a slip of the pen. */
const LEAST_REMOVED = 12;
/** A conflict is settled by so long without another touch. */
const QUIET_MS = 60_000;
/** The window of the efficiency, and the least number of conflicts that tell anything. */
const WINDOW_MS = 30 * 60_000;
const SETTLED_SOON_MS = 120_000;
const LEAST_CONFLICTS = 3;
/** Bounds of what is remembered. */
const MOST_RUNS = 200;
const MOST_CONFLICTS = 100;
/** Ranges of one edit that are looked at: an edit may have as many as characters. */
const MOST_RANGES = 100;

/** Characters of one Yjs client: clocks from (taken in) to (left out). */
export interface ClockRange {
  client: number;
  from: number;
  to: number;
}

/** One edit of a draft. */
export interface DraftEdit {
  draftId: string;
  playerId: string;
  at: number;
  /** What it put in, with its UTF-8 bytes and the characters left and right of each run (null: the edge of the text). */
  inserted: readonly (ClockRange & { bytes: number; left: Char | null; right: Char | null })[];
  deleted: readonly ClockRange[];
}

/** One character: a Yjs client's and its clock. */
export interface Char {
  client: number;
  clock: number;
}

interface Run extends ClockRange {
  draftId: string;
  playerId: string;
  at: number;
  /** How many of its characters others have removed. */
  removed: number;
}

interface Conflict {
  /** Draft or passage that it is about. */
  about: string;
  players: readonly string[];
  openedAt: number;
  touchedAt: number;
  closedAt: number | null;
}

/** Conflicts of people over text and over the story (D11). Bounded. */
export class ConflictLedger {
  private runs: Run[] = [];
  private conflicts: Conflict[] = [];

  /** Takes an edit of a draft. */
  edited(whole: DraftEdit): void {
    const edit = {
      ...whole,
      inserted: whole.inserted.slice(0, MOST_RANGES),
      deleted: whole.deleted.slice(0, MOST_RANGES),
    };
    this.forget(edit.at);
    const touched = new Set<string>();
    for (const run of this.runs) {
      if (run.draftId !== edit.draftId || run.playerId === edit.playerId) continue;
      if (this.isHit(run, edit)) touched.add(run.playerId);
    }
    for (const other of touched) this.touch(edit.draftId, [edit.playerId, other], edit.at);
    for (const { client, from, to } of edit.inserted) this.remember({ ...edit, client, from, to });
  }

  private isHit(run: Run, edit: DraftEdit): boolean {
    const isFresh = edit.at - run.at <= OVERLAP_MS;
    const isWithin = edit.inserted.some(
      ({ left, right }) => left !== null && right !== null && has(run, left) && has(run, right),
    );
    const removed = edit.deleted.reduce((sum, range) => sum + shared(run, range), 0);
    run.removed += removed;
    if (isFresh && (isWithin || removed >= LEAST_REMOVED)) return true;
    return removed > 0 && run.removed >= Math.max(LEAST_REMOVED, (run.to - run.from) * REMOVED_SHARE);
  }

  private remember({ draftId, playerId, at, client, from, to }: DraftEdit & ClockRange): void {
    const last = this.runs.at(-1);
    const goesOn = last?.client === client && last.to === from && at - last.at <= OVERLAP_MS;
    if (goesOn) {
      last.to = to;
      last.at = at;
      return;
    }
    this.runs.push({ draftId, playerId, at, client, from, to, removed: 0 });
    if (this.runs.length > MOST_RUNS) this.runs.shift();
  }

  /** Somebody said that the story contradicts itself, or a vote was a tie; `about` names the passage. */
  opened(about: string, players: readonly string[], at: number): void {
    this.touch(about, players, at);
  }

  /** A game master has ruled about a passage or draft. */
  ruled(about: string, at: number): void {
    for (const conflict of this.conflicts)
      if (conflict.about === about && conflict.closedAt === null) conflict.closedAt = at;
  }

  private touch(about: string, players: readonly string[], at: number): void {
    this.settle(at);
    const open = this.conflicts.find(
      (one) => one.closedAt === null && one.about === about && same(one.players, players),
    );
    if (open !== undefined) {
      open.touchedAt = at;
      return;
    }
    this.conflicts.push({ about, players, openedAt: at, touchedAt: at, closedAt: null });
    if (this.conflicts.length > MOST_CONFLICTS) this.conflicts.shift();
  }

  private settle(now: number): void {
    for (const conflict of this.conflicts) {
      const quietAt = conflict.touchedAt + QUIET_MS;
      if (conflict.closedAt === null && quietAt <= now) conflict.closedAt = quietAt;
    }
  }

  private forget(now: number): void {
    if (this.runs[0] !== undefined && now - this.runs[0].at > REMOVAL_MS)
      this.runs = this.runs.filter(({ at }) => now - at <= REMOVAL_MS);
  }

  /** How many are open, the share settled within 120 s (null under 3), and the median time to settle, seconds. */
  figures(now: number): { open: number; efficiency: number | null; medianSeconds: number | null } {
    this.settle(now);
    this.conflicts = this.conflicts.filter(
      ({ openedAt, closedAt }) => closedAt === null || openedAt > now - WINDOW_MS,
    );
    const times = this.conflicts
      .flatMap(({ openedAt, closedAt }) => (closedAt === null ? [] : [closedAt - openedAt]))
      .sort((a, b) => a - b);
    const median = times[Math.floor((times.length - 1) / 2)];
    const soon = times.filter((ms) => ms <= SETTLED_SOON_MS).length;
    return {
      open: this.conflicts.filter(({ closedAt }) => closedAt === null).length,
      efficiency: this.conflicts.length < LEAST_CONFLICTS ? null : soon / this.conflicts.length,
      medianSeconds: median === undefined ? null : median / 1_000,
    };
  }
}

function has(run: ClockRange, { client, clock }: Char): boolean {
  return run.client === client && clock >= run.from && clock < run.to;
}

/** How many characters two ranges have in common. */
function shared(one: ClockRange, other: ClockRange): number {
  if (one.client !== other.client) return 0;
  return Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
