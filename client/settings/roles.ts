import type { InvitedRole } from '../../sessions/protocol.ts';

/** Roles that a link or the owner can give. */
export const invitedRoles: readonly InvitedRole[] = ['gm', 'writer', 'spectator'];
