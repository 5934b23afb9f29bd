import { Button, NativeSelect } from '@mantine/core';
import { useCallback, useEffect, useState, type JSX } from 'react';
import type { InvitedRole, InviteView } from '../../sessions/protocol.ts';
import { sessionUrl } from '../common/location.ts';
import { showToast } from '../common/toasts.ts';
import { httpApi } from '../link/http-api.ts';
import { useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { CopyLine } from './copy-line.tsx';
import { invitedRoles } from './roles.ts';

const DATE = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Makes invite links, and takes back those given out. */
export function InvitesForm(): JSX.Element {
  const { sessionId } = useTable().session;
  const [invites, setInvites] = useState<InviteView[] | null>(null);
  const [made, setMade] = useState<{ role: InvitedRole; secret: string } | null>(null);
  const refresh = useCallback(async () => {
    const answer = await httpApi.invites(sessionId);
    if (answer.ok) setInvites(answer.value.invites);
    else showToast(answer.message, { tone: 'problem' });
  }, [sessionId]);
  useEffect(() => void refresh(), [refresh]);
  const create = async (role: InvitedRole, hours: number): Promise<void> => {
    const answer = await httpApi.createInvite(sessionId, role, hours);
    if (answer.ok) setMade({ role, secret: answer.value.secret });
    else showToast(answer.message, { tone: 'problem' });
    await refresh();
  };
  const revoke = async (inviteId: string): Promise<void> => {
    const answer = await httpApi.revokeInvite(sessionId, inviteId);
    if (!answer.ok) showToast(answer.message, { tone: 'problem' });
    await refresh();
  };
  return (
    <div className="stack">
      <NewInvite onCreate={create} />
      {made !== null && (
        <CopyLine
          label={TEXT.invites.forRole(made.role)}
          copyLabel={TEXT.invites.copyFor(made.role)}
          text={sessionUrl(sessionId, { kind: 'invite', secret: made.secret })}
        />
      )}
      <p className="note">{TEXT.invites.onlyOnce}</p>
      <h2 className="dialog-heading">{TEXT.invites.existing}</h2>
      {invites === null && <p className="note">{TEXT.common.loading}</p>}
      {invites?.length === 0 && <p className="note">{TEXT.invites.none}</p>}
      <ul className="invites">
        {invites?.map((invite) => (
          <InviteRow key={invite.id} invite={invite} onRevoke={revoke} />
        ))}
      </ul>
    </div>
  );
}

function NewInvite(props: { onCreate: (role: InvitedRole, hours: number) => Promise<void> }): JSX.Element {
  const [role, setRole] = useState<InvitedRole>('writer');
  const [hours, setHours] = useState('168');
  return (
    <form
      className="invite-form"
      onSubmit={(event) => {
        event.preventDefault();
        void props.onCreate(role, Number(hours));
      }}
    >
      <NativeSelect
        label={TEXT.invites.role}
        data={invitedRoles.map((known) => ({ value: known, label: TEXT.roles[known] }))}
        value={role}
        onChange={(event) =>
          setRole(invitedRoles.find((known) => known === event.currentTarget.value) ?? 'writer')
        }
      />
      <NativeSelect
        label={TEXT.invites.hours}
        data={Object.entries(TEXT.invites.hoursChoices).map(([value, label]) => ({ value, label }))}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
      />
      <Button type="submit">{TEXT.invites.create}</Button>
    </form>
  );
}

function InviteRow(props: { invite: InviteView; onRevoke: (id: string) => Promise<void> }): JSX.Element {
  const { id, role, expiresAt, isRevoked, uses } = props.invite;
  const isExpired = expiresAt < Date.now();
  const state = isRevoked
    ? TEXT.invites.revoked
    : isExpired
      ? TEXT.invites.expired
      : TEXT.invites.expires(DATE.format(expiresAt));
  return (
    <li className="invite" data-over={isRevoked || isExpired}>
      <span className="grow">
        {TEXT.roles[role]}{' '}
        <span className="note">
          {state}, {TEXT.invites.uses(uses)}
        </span>
      </span>
      {!isRevoked && !isExpired && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          aria-label={TEXT.invites.revokeOf(role)}
          onClick={() => void props.onRevoke(id)}
        >
          {TEXT.invites.revoke}
        </Button>
      )}
    </li>
  );
}
