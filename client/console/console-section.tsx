import { useId, type JSX, type ReactNode } from 'react';

/** A part of the console under its heading; it takes the focus of what goes away inside it. */
export function ConsoleSection({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  const id = useId();
  return (
    <section className="console-section" aria-labelledby={id} tabIndex={-1}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
