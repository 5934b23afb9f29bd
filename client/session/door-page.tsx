import { Button, Loader } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { goTo } from '../common/location.ts';
import { TEXT } from '../strings.ts';

interface DoorPageProps {
  title: string;
  body: ReactNode;
  isBusy?: boolean;
  onRetry?: () => void;
  /** What the button for trying again says. */
  retryLabel?: string;
}

/** A page with one thing to say: opening, failed, ended, or not found. */
export function DoorPage(props: DoorPageProps): JSX.Element {
  const { title, body, isBusy = false, onRetry, retryLabel = TEXT.common.retry } = props;
  return (
    <main className="door" aria-busy={isBusy}>
      <p className="brand">{TEXT.app.name}</p>
      <h1>{title}</h1>
      {isBusy && <Loader type="dots" color="gray" aria-hidden="true" />}
      {body !== null && <div className="door-body">{body}</div>}
      {!isBusy && (
        <div className="door-actions">
          {onRetry !== undefined && <Button onClick={onRetry}>{retryLabel}</Button>}
          <Button variant="subtle" onClick={() => goTo('/')}>
            {TEXT.common.home}
          </Button>
        </div>
      )}
    </main>
  );
}
