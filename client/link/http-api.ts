import type { Feedback, FeedbackInput } from '../../sessions/feedback.ts';
import type { PastView } from '../../sessions/history-view.ts';
import type {
  CreateAnswer,
  CreateSession,
  InvitedRole,
  InviteView,
  JoinAnswer,
  Role,
} from '../../sessions/protocol.ts';
import type { SightView } from '../../sessions/sight.ts';
import { failureOf, isRefusal, localFailure, type Result } from '../common/failure.ts';

const TIMEOUT_MS = 20_000;

/** What a session tells somebody at the door. */
export interface LookAnswer {
  title: string | null;
  you: { playerId: string; name: string; role: Role } | null;
  invite: { role: InvitedRole } | null;
}

/** What a story can be taken away as. */
export type ExportFormat = 'md' | 'epub' | 'docx' | 'json';

/** The server in general, for the start page. */
export interface StatusAnswer {
  version: string;
  narrator: { status: 'ready' | 'loading' | 'off'; reason: string | null; model: string; isDemo: boolean };
}

async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Result<T>> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    return localFailure('NETWORK');
  }
  const answer: unknown = await response.json().catch(() => null);
  if (isRefusal(answer)) return failureOf(answer);
  if (!response.ok) return localFailure('UNEXPECTED');
  return { ok: true, value: answer as T };
}

const at = (sessionId: string, rest: string): string => `/api/sessions/${sessionId}/${rest}`;

/** The HTTP side of the server. Every call answers a result and never throws. */
export const httpApi = {
  status: () => request<StatusAnswer>('GET', '/api/status'),
  create: (session: Partial<CreateSession>) => request<CreateAnswer>('POST', '/api/sessions', session),
  importArchive: (archive: unknown, ownerName: string) =>
    request<CreateAnswer>('POST', '/api/sessions/import', { archive, ownerName }),
  look: (sessionId: string, invite: string | null) =>
    request<LookAnswer>('POST', at(sessionId, 'look'), invite === null ? {} : { invite }),
  join: (sessionId: string, newcomer: { name: string; invite: string } | null) =>
    request<JoinAnswer>('POST', at(sessionId, 'join'), newcomer ?? {}),
  recover: (sessionId: string, secret: string) =>
    request<JoinAnswer & { recoverySecret: string }>('POST', at(sessionId, 'recover'), { secret }),
  invites: (sessionId: string) => request<{ invites: InviteView[] }>('GET', at(sessionId, 'invites')),
  createInvite: (sessionId: string, role: InvitedRole, expiresInHours: number) =>
    request<{ invite: InviteView; secret: string }>('POST', at(sessionId, 'invites'), {
      role,
      expiresInHours,
    }),
  revokeInvite: (sessionId: string, inviteId: string) =>
    request<unknown>('DELETE', at(sessionId, `invites/${inviteId}`)),
  /** The story as it stood at a moment (epoch ms); only what was otherwise than it is now. */
  past: (sessionId: string, time: number, signal: AbortSignal) =>
    request<PastView>('GET', at(sessionId, `history/at?time=${time}`), undefined, signal),
  sight: (sessionId: string, passageId: string, alternativeId: string) =>
    request<SightView>('GET', at(sessionId, `passages/${passageId}/saw?alternative=${alternativeId}`)),
  /** What this player has said of the narrator's passages. */
  feedback: (sessionId: string) =>
    request<{ feedback: (FeedbackInput & Pick<Feedback, 'at'>)[] }>('GET', at(sessionId, 'feedback')),
  giveFeedback: (sessionId: string, feedback: FeedbackInput) =>
    request<unknown>('POST', at(sessionId, 'feedback'), feedback),
  /** `branchId` null: the one in play. */
  exportPath: (sessionId: string, format: ExportFormat, branchId: string | null = null) =>
    at(sessionId, `export.${format}${branchId === null ? '' : `?branch=${branchId}`}`),
};
