import { useEffect, useState, type JSX } from 'react';
import type { CreateAnswer } from '../../sessions/protocol.ts';
import { goTo } from '../common/location.ts';
import { httpApi, type StatusAnswer } from '../link/http-api.ts';
import { holdFreshSecrets } from '../session/fresh-secrets.ts';
import { TEXT } from '../strings.ts';
import { CreateForm } from './create-form.tsx';
import { ImportForm } from './import-form.tsx';
import { RecentList } from './recent-list.tsx';

/** Goes to a session that was just opened, with its secrets in hand. */
function enter(answer: CreateAnswer): void {
  holdFreshSecrets(answer);
  goTo(`/s/${answer.sessionId}`);
}

/** The start page: begin a story, go back to one, or bring one in. */
export function HomePage(): JSX.Element {
  return (
    <div className="home">
      <header className="home-header">
        <p className="brand">{TEXT.app.name}</p>
        <h1>{TEXT.home.tagline}</h1>
        <p className="home-lede">{TEXT.home.lede}</p>
      </header>
      <main className="home-main">
        <section aria-labelledby="begin">
          <h2 id="begin">{TEXT.home.begin}</h2>
          <CreateForm onCreated={enter} />
        </section>
        <div className="home-side">
          <section aria-labelledby="recent">
            <h2 id="recent">{TEXT.home.recent}</h2>
            <RecentList />
          </section>
          <section aria-labelledby="import">
            <h2 id="import">{TEXT.home.import}</h2>
            <ImportForm onCreated={enter} />
          </section>
        </div>
      </main>
      <footer className="home-footer">
        <ServerLine />
      </footer>
    </div>
  );
}

function ServerLine(): JSX.Element {
  const [status, setStatus] = useState<StatusAnswer | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void httpApi.status().then((answer) => {
      if (isCurrent && answer.ok) setStatus(answer.value);
    });
    return () => {
      isCurrent = false;
    };
  }, []);
  if (status === null) return <p className="note">{TEXT.app.name}</p>;
  const { narrator, version } = status;
  const about = {
    ready: TEXT.home.narratorReady(narrator.model),
    loading: TEXT.home.narratorLoading(narrator.model),
    off: TEXT.home.narratorOff,
  }[narrator.status];
  return (
    <p className="note">
      {about} {TEXT.home.version(version)}
    </p>
  );
}
