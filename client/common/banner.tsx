import type { JSX, ReactNode } from 'react';

/** A strip above the story with one thing to know; read out when it comes. */
export function Banner({ tone, children }: { tone: 'plain' | 'problem'; children: ReactNode }): JSX.Element {
  return (
    <p className="banner" data-tone={tone} role="status">
      {children}
    </p>
  );
}
