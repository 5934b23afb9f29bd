import { useEffect, type JSX } from 'react';
import { useStore } from '../common/store.ts';
import { DoorPage } from '../session/door-page.tsx';
import '../styles/ops.css';
import { TEXT } from '../strings.ts';
import { useEntry } from './entry.ts';
import { entry } from './ops-api.ts';
import { OpsLogin, OpsOff } from './ops-login.tsx';
import { tabOf } from './ops-place.ts';
import { OpsShell } from './ops-shell.tsx';
import { OPS } from './ops-strings.ts';

/** The operator's page: behind a login, one page for each address under `/ops`. */
export function OpsPage({ tab: word, id }: { tab: string; id: string | null }): JSX.Element {
  const tab = tabOf(word);
  const state = useStore(entry);
  const { me, failure, ask } = useEntry();
  useEffect(() => {
    const page = tab === null ? OPS.notFound : OPS.tabs[tab];
    document.title = `${state === 'in' ? page : OPS.name} – ${TEXT.app.name}`;
  }, [tab, state]);
  if (failure !== null)
    return <DoorPage title={OPS.unreachable} body={failure.message} onRetry={() => void ask()} />;
  if (state === 'in') return <OpsShell tab={tab} id={id} name={me?.name ?? null} />;
  if (me === null) return <DoorPage title={OPS.name} isBusy body={null} />;
  if (!me.ways.token && !me.ways.oidc) return <OpsOff />;
  return <OpsLogin me={me} onSignedIn={() => void ask()} />;
}
