import { ActionIcon, Button, Switch } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { can } from '../../sessions/roles.ts';
import type { CastMember } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { CastForm } from './cast-form.tsx';

/** The people of the story: who plays them, and whether the narrator may speak for them. */
export function CastList(): JSX.Element {
  const { session } = useTable();
  const cast = useSlice('cast');
  const you = useYou();
  const isLive = useIsLive();
  const [isAdding, setAdding] = useState(false);
  const mayAdd = can(you.role, 'change-cast') && cast.length < LIMITS.castLength;
  return (
    <>
      {cast.length === 0 && <p className="note">{TEXT.cast.empty}</p>}
      <ul className="cast" aria-label={TEXT.cast.list}>
        {cast.map((member) => (
          <CastRow key={member.id} member={member} />
        ))}
      </ul>
      {isAdding && (
        <CastForm
          first={{ name: '', description: '' }}
          onSave={async (values) => {
            if (await session.act('cast:add', values)) setAdding(false);
          }}
          onCancel={() => setAdding(false)}
        />
      )}
      {mayAdd && !isAdding && (
        <Button
          size="compact-sm"
          variant="light"
          disabled={!isLive}
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => setAdding(true)}
        >
          {TEXT.cast.add}
        </Button>
      )}
    </>
  );
}

function CastRow({ member }: { member: CastMember }): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const [isEditing, setEditing] = useState(false);
  if (isEditing) {
    return (
      <li>
        <CastForm
          first={member}
          onSave={async (values) => {
            if (await session.act('cast:change', { castId: member.id, ...values })) setEditing(false);
          }}
          onCancel={() => setEditing(false)}
        />
      </li>
    );
  }
  return (
    <li className="cast-member">
      <div className="cast-head">
        <span className="cast-name grow">{member.name}</span>
        {can(you.role, 'change-cast') && <MasterActions member={member} onEdit={() => setEditing(true)} />}
      </div>
      {member.description !== '' && <p className="cast-description">{member.description}</p>}
      <PlayedBy member={member} />
    </li>
  );
}

function MasterActions({ member, onEdit }: { member: CastMember; onEdit: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={TEXT.cast.edit(member.name)}
        disabled={!isLive}
        onClick={onEdit}
      >
        <Icon name="pen" size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={TEXT.cast.remove(member.name)}
        disabled={!isLive}
        onClick={() => void session.act('cast:remove', { castId: member.id })}
      >
        <Icon name="close" size={16} />
      </ActionIcon>
    </>
  );
}

function PlayedBy({ member }: { member: CastMember }): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  const isMine = member.playerId === you.playerId;
  const mayPlay = can(you.role, 'play-cast');
  const play = (wanted: boolean): void =>
    void session.act('cast:play', { castId: member.id, isMine: wanted });
  if (isMine) {
    return (
      <div className="cast-played">
        <span className="note">{TEXT.cast.playedByYou}</span>
        <Button size="compact-xs" variant="subtle" disabled={!isLive} onClick={() => play(false)}>
          {TEXT.cast.giveBack(member.name)}
        </Button>
        <Switch
          size="sm"
          label={TEXT.cast.voice(member.name)}
          checked={member.mayBeVoiced}
          disabled={!isLive}
          onChange={(event) =>
            void session.act('cast:voice', { castId: member.id, mayBeVoiced: event.currentTarget.checked })
          }
        />
      </div>
    );
  }
  if (member.playerId !== null) {
    return (
      <p className="note">
        {TEXT.cast.playedBy(nameOf(member.playerId))}
        {member.mayBeVoiced && `; ${TEXT.cast.voiceOn}`}
      </p>
    );
  }
  return (
    <div className="cast-played">
      <span className="note">{TEXT.cast.unplayed}</span>
      {mayPlay && (
        <Button size="compact-xs" variant="subtle" disabled={!isLive} onClick={() => play(true)}>
          {TEXT.cast.play(member.name)}
        </Button>
      )}
    </div>
  );
}
