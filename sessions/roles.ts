import type { Role } from './protocol.ts';

const EVERYONE: readonly Role[] = ['owner', 'gm', 'writer', 'spectator'];
const WRITERS: readonly Role[] = ['owner', 'gm', 'writer'];
const MASTERS: readonly Role[] = ['owner', 'gm'];

/** Who may do what, by role alone; turn rules and ownership of a passage come on top. */
const ALLOWED = {
  'read-story': EVERYONE,
  'talk': EVERYONE,
  'rename-self': EVERYONE,
  'export': EVERYONE,
  'write': WRITERS,
  'ask-narrator': WRITERS,
  'choose-alternative': WRITERS,
  'play-cast': WRITERS,
  'use-safety-tools': EVERYONE,
  'report': EVERYONE,
  'appeal': EVERYONE,
  'review': MASTERS,
  'direct-narrator': MASTERS,
  'restrain-players': MASTERS,
  'edit-any-passage': MASTERS,
  'read-private-drafts': MASTERS,
  'direct-turns': MASTERS,
  'change-settings': MASTERS,
  'change-cast': MASTERS,
  'invite': MASTERS,
  'remove-players': MASTERS,
  'direct-story': MASTERS,
  'save-checkpoints': WRITERS,
  'edit-memory': WRITERS,
  'change-roles': ['owner'],
  'purge': ['owner'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof ALLOWED;

/** All actions of the table, for tests and docs. */
export const ACTIONS = Object.keys(ALLOWED) as Action[];

/** Whether a role may do an action. */
export function can(role: Role, action: Action): boolean {
  return (ALLOWED[action] as readonly Role[]).includes(role);
}

/** Owner and game masters. */
export function isMaster(role: Role): boolean {
  return MASTERS.includes(role);
}
