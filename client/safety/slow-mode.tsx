import { NativeSelect } from '@mantine/core';
import type { JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { SAFETY } from './safety-strings.ts';

const SECONDS: readonly number[] = [10, 30, 60, 120, 300];

/** For game masters: the least time between two contributions of the same player. */
export function SlowMode(): JSX.Element | null {
  const { session } = useTable();
  const { slowSeconds } = useSlice('safety');
  const you = useYou();
  const isLive = useIsLive();
  if (!can(you.role, 'restrain-players')) return null;
  const known = slowSeconds === null || SECONDS.includes(slowSeconds) ? SECONDS : [...SECONDS, slowSeconds];
  return (
    <section className="panel-section" aria-label={SAFETY.people.calm}>
      <h2>{SAFETY.people.calm}</h2>
      <NativeSelect
        label={SAFETY.people.slow}
        description={SAFETY.people.slowHint}
        disabled={!isLive}
        data={[
          { value: '', label: SAFETY.people.slowOff },
          ...known.map((one) => ({ value: String(one), label: SAFETY.people.slowEvery(one * 1_000) })),
        ]}
        value={slowSeconds === null ? '' : String(slowSeconds)}
        onChange={(event) => {
          const { value } = event.currentTarget;
          void session.act('session:slow', { seconds: value === '' ? null : Number(value) });
        }}
      />
    </section>
  );
}
