import type { JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import { Banner } from '../common/banner.tsx';
import { clockTime } from '../common/clock-time.ts';
import { useDesk, useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { SAFETY } from './safety-strings.ts';

const { banners, kit } = SAFETY;

/** What keeps words out of the story just now: a pause, a step outside, a game master, or the operator. */
export function SafetyBanners(): JSX.Element {
  const { isPaused, flags } = useSlice('safety');
  const { mutedUntil, isReadOnly, isAway } = useDesk();
  const you = useYou();
  return (
    <>
      {isPaused && (
        <Banner tone="problem">
          {banners.paused} {isMaster(you.role) && <SignalLink signal="resume" label={kit.resume} />}
        </Banner>
      )}
      {isAway && (
        <Banner tone="plain">
          {banners.away} <SignalLink signal="back" label={kit.back} />
        </Banner>
      )}
      {mutedUntil !== null && <Banner tone="plain">{banners.mutedUntil(clockTime(mutedUntil))}</Banner>}
      {isReadOnly && <Banner tone="plain">{banners.readOnly}</Banner>}
      {flags.map((flag) => (
        <Banner key={flag} tone="plain">
          {banners.flags[flag]}
        </Banner>
      ))}
    </>
  );
}

function SignalLink({ signal, label }: { signal: 'resume' | 'back'; label: string }): JSX.Element {
  const { session } = useTable();
  return (
    <button
      type="button"
      className="link-button"
      disabled={!useIsLive()}
      onClick={() => void session.act('safety:signal', { signal })}
    >
      {label}
    </button>
  );
}
