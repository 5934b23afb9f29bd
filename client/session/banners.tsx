import { useState, type JSX } from 'react';
import { Banner } from '../common/banner.tsx';
import { CatchUpBar } from '../history/catch-up-bar.tsx';
import { useSessionPart, useSlice } from '../link/session-context.ts';
import { PendingRollbackBanner } from '../rollback/pending-banner.tsx';
import { SafetyBanners } from '../safety/safety-banners.tsx';
import { TEXT } from '../strings.ts';

/** Things about the server that everybody at the table should know. */
export function Banners(): JSX.Element {
  const { storage } = useSlice('about');
  const isOutdated = useSessionPart((state) => state.isOutdated);
  return (
    <div className="banners">
      {isOutdated && (
        <Banner tone="problem">
          {TEXT.session.outdated}{' '}
          <button type="button" className="link-button" onClick={() => location.reload()}>
            {TEXT.session.reload}
          </button>
        </Banner>
      )}
      {storage === 'read-only' && <Banner tone="problem">{TEXT.session.readOnly}</Banner>}
      <SafetyBanners />
      <CatchUpBar />
      <PendingRollbackBanner />
      <NarratorBanner />
    </div>
  );
}

function NarratorBanner(): JSX.Element | null {
  const { status, reason, isDemo } = useSlice('narrator');
  const [isDismissed, setDismissed] = useState(() => sessionStorage.getItem('taleloom:demo-seen') === '1');
  if (status === 'off') return <Banner tone="plain">{TEXT.session.narratorOff(reason)}</Banner>;
  if (status === 'loading') return <Banner tone="plain">{TEXT.session.narratorLoading}</Banner>;
  if (!isDemo || isDismissed) return null;
  return (
    <Banner tone="plain">
      {TEXT.session.demoNarrator} <code>{TEXT.session.demoCommand}</code>{' '}
      <button
        type="button"
        className="link-button"
        onClick={() => {
          sessionStorage.setItem('taleloom:demo-seen', '1');
          setDismissed(true);
        }}
      >
        {TEXT.session.dismiss}
      </button>
    </Banner>
  );
}
