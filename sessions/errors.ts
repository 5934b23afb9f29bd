/**
 * The one table of everything that can be refused or go wrong, with the HTTP status, whether the same
 * request may work later, and the sentence that people see. Codes are part of the protocol.
 */
export const ERRORS = {
  BAD_INPUT: [422, false, 'That request was not understood.'],
  BAD_ORIGIN: [403, false, 'This page may not talk to this server. Open Taleloom at its own address.'],
  NOT_FOUND: [404, false, 'There is nothing at this address.'],
  TICKET_INVALID: [401, true, 'Your pass for this session has expired. Open the session again.'],
  SESSION_UNKNOWN: [404, false, 'This session does not exist on this server. Check the link.'],
  SESSION_FULL: [409, true, 'This session already has as many players as it can hold (200).'],
  INVITE_NEEDED: [403, false, 'You need an invite link to join this session. Ask the game master for one.'],
  INVITE_INVALID: [403, false, 'This invite link does not work. Ask the game master for a new one.'],
  INVITE_EXPIRED: [403, false, 'This invite link has expired. Ask the game master for a new one.'],
  INVITE_REVOKED: [403, false, 'This invite link was taken back. Ask the game master for a new one.'],
  INVITES_FULL: [409, false, 'There are too many invite links. Revoke some first.'],
  RECOVERY_INVALID: [403, false, 'This recovery link does not work or was used before.'],
  NAME_NEEDED: [422, false, 'Choose a display name to join.'],
  NAME_TAKEN: [409, false, 'Somebody in this session has that name. Choose another.'],
  ROLE_FORBIDS: [403, false, 'Your role in this session does not allow that.'],
  PLAYER_UNKNOWN: [404, false, 'That player is not in this session.'],
  PLAYER_REMOVED: [403, false, 'You were removed from this session by a game master.'],
  OWNER_STAYS: [409, false, 'The owner of a session keeps that role.'],
  NOT_YOUR_TURN: [409, true, 'It is not your turn yet.'],
  TURN_MODE_FORBIDS: [409, false, 'The turn mode of this session does not allow that.'],
  NOTHING_TO_RESOLVE: [409, true, 'Nobody has submitted a passage in this round yet.'],
  DRAFT_UNKNOWN: [404, false, 'That draft is no longer open. It may have been committed or discarded.'],
  DRAFT_ALREADY_OPEN: [409, false, 'You already have a draft open. Finish it first.'],
  DRAFT_FORBIDDEN: [403, false, 'You may not write in this draft.'],
  DRAFTS_FULL: [409, true, 'There are too many open drafts. Finish some first.'],
  PASSAGE_EMPTY: [422, false, 'There is nothing to commit yet. Write something first.'],
  PASSAGE_TOO_LONG: [422, false, 'A passage can hold 20,000 characters. Split it in two.'],
  PASSAGE_UNKNOWN: [404, false, 'That passage is not in the story.'],
  PASSAGE_BUSY: [409, true, 'That passage is being written right now.'],
  STORY_FULL: [
    409,
    false,
    'This story has reached 5,000 passages. Export it and start a new session from it.',
  ],
  ALTERNATIVES_FULL: [409, false, 'This passage has as many alternatives as it can hold (20).'],
  CAST_FULL: [409, false, 'The cast can hold 24 members.'],
  CAST_UNKNOWN: [404, false, 'That cast member is not in this session.'],
  CAST_PLAYED: [
    409,
    false,
    'That character is played by somebody who has not allowed the narrator to voice it.',
  ],
  NARRATOR_BUSY: [
    429,
    true,
    'The narrator has as many requests as it takes from here. Wait for one of them or cancel it.',
  ],
  NARRATOR_BUDGET: [429, true, 'The narrator has written as much as it may for now.'],
  NARRATOR_LOOP: [
    429,
    true,
    'You asked for the very same thing three times in a minute. Write something, or give a direction.',
  ],
  NARRATOR_LATE: [503, true, 'The narrator did not get to this request in time. Ask again.'],
  NARRATOR_QUEUE_FULL: [429, true, 'The narrator has too many requests waiting.'],
  NARRATOR_OFF: [503, true, 'The narrator is not available. You can go on writing without it.'],
  NARRATOR_FAILED: [503, true, 'The narrator could not finish. Ask again.'],
  NARRATOR_UNSAFE: [409, false, 'What the narrator wrote is not fit for this table.'],
  NARRATOR_PAUSED: [409, true, 'The game is paused. The narrator is silent until a game master goes on.'],
  NARRATOR_HUMAN: [409, false, 'In this scene the game master speaks as the narrator.'],
  TEXT_REFUSED: [422, false, 'This text cannot be used here.'],
  GAME_PAUSED: [409, true, 'The game is paused. Nothing goes into the story until a game master goes on.'],
  PLAYER_MUTED: [403, true, 'A game master has muted you for now.'],
  PLAYER_READ_ONLY: [403, false, 'A game master lets you read along, but not write, for now.'],
  PLAYER_KICKED: [403, true, 'A game master has asked you to leave. You may come back with your link.'],
  SLOW_MODE: [429, true, 'Slow mode is on. Wait a moment before the next one.'],
  HOLD_UNKNOWN: [404, false, 'That is no longer in the review queue.'],
  HOLDS_FULL: [409, true, 'The review queue is full. A game master has to look at it first.'],
  POLICY_LOOSENS: [409, false, 'A table can be stricter than the policy of this server, not looser.'],
  REPORTS_FULL: [409, true, 'There are too many open reports. A game master has to look at them first.'],
  BRANCH_UNKNOWN: [404, false, 'There is no such branch of the story.'],
  BRANCHES_FULL: [409, false, 'This story has as many branches as it can hold (100).'],
  SCENES_FULL: [409, false, 'This story has as many scenes as it can hold (500).'],
  CHECKPOINT_UNKNOWN: [404, false, 'That checkpoint is no longer kept. Choose a moment on the timeline.'],
  CHECKPOINTS_FULL: [409, false, 'There are as many named checkpoints as the session can hold (100).'],
  ROLLBACK_UNKNOWN: [404, false, 'That rollback is no longer kept, or was taken back before.'],
  ROLLBACK_WAITS: [409, true, 'Another rollback waits for its moment. Call it off first.'],
  ROLLBACK_EMPTY: [409, false, 'Nothing would change by that.'],
  PREVIEW_STALE: [409, true, 'The story has moved on since the preview. Look at the new one.'],
  PAST_UNKNOWN: [404, false, 'The story had not begun by then.'],
  MEMORY_UNKNOWN: [404, false, 'The narrator no longer knows that.'],
  THREADS_FULL: [409, false, 'There are too many threads. Mark some as resolved first.'],
  THREAD_UNKNOWN: [404, false, 'That thread is not in this session.'],
  MEMORY_FULL: [409, false, 'The narrator has as many things in mind as it can hold. Delete some first.'],
  FLAG_UNKNOWN: [404, false, 'There is no such flag.'],
  OPERATOR_ONLY: [401, false, 'This needs the token of the operator.'],
  TURN_UNKNOWN: [404, false, 'That narrator request is already over.'],
  UPDATE_REFUSED: [403, false, 'A change to a draft was refused because it broke the rules of authorship.'],
  STORY_READ_ONLY: [403, false, 'The story can only be changed through commands, not directly.'],
  FRAME_INVALID: [422, false, 'The server received data that it could not read.'],
  RATE_LIMITED: [429, true, 'That was too fast. Wait a moment.'],
  STORAGE_UNAVAILABLE: [
    503,
    true,
    'The server cannot store anything right now (is its disk full?). Your words stay here.',
  ],
  ARCHIVE_INVALID: [422, false, 'This file is not a Taleloom archive, or it is damaged.'],
  TOO_LARGE: [413, false, 'That is larger than this server accepts.'],
  SHUTTING_DOWN: [503, true, 'The server is restarting. Your words are kept; the page reconnects by itself.'],
  INTERNAL: [500, true, 'Something went wrong on the server. Try again.'],
} as const satisfies Record<string, readonly [status: number, retryable: boolean, message: string]>;

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** A refusal as it travels: to HTTP bodies, socket acks and close reasons. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  /** Which part was wrong, in words; never story text. */
  readonly detail: string | null;
  /** When the same request may work, milliseconds from now. */
  readonly retryAfterMs: number | null;
}

/** A refusal value for a domain rule; the caller returns it, nothing is thrown. */
export function refuse(
  code: ErrorCode,
  detail: string | null = null,
  retryAfterMs: number | null = null,
): Refusal {
  return { ok: false, code, message: ERRORS[code][2], detail, retryAfterMs };
}

/** The one error class: a broken invariant or failed I/O, with a code of the table. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | null;

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    super(`${code}: ${options.detail ?? ERRORS[code][2]}`, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.detail = options.detail ?? null;
  }
}

/** Turns anything thrown into a refusal that is safe to show; unknown faults become INTERNAL. */
export function toRefusal(error: unknown): Refusal {
  return error instanceof AppError ? refuse(error.code, error.detail) : refuse('INTERNAL');
}

/** The first thing a schema found wrong, as a detail for people: where and what, 200 characters at most. */
export function firstIssue(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 200);
}
