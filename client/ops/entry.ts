import { useCallback, useEffect, useState } from 'react';
import type { OpsMe } from '../../sessions/ops-view.ts';
import type { Failure } from '../common/failure.ts';
import { askOps, entry } from './ops-api.ts';
import type { Shape } from './shape.ts';

const SHAPE: Shape = { 'name?': 'text', 'ways': { token: 'flag', oidc: 'flag' } };

/** Asks the server who this is, and keeps `entry` by it. */
export function useEntry(): { me: OpsMe | null; failure: Failure | null; ask: () => Promise<void> } {
  const [me, setMe] = useState<OpsMe | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ask = useCallback(async () => {
    const answer = await askOps<OpsMe>('/me', { shape: SHAPE });
    setFailure(answer.ok ? null : answer);
    if (!answer.ok) return;
    setMe(answer.value);
    if (answer.value.name !== null) entry.set('in');
    else entry.update((now) => (now === 'ended' ? now : 'out'));
  }, []);
  useEffect(() => void ask(), [ask]);
  return { me, failure, ask };
}
