import type { JSX, ReactNode } from 'react';

/** A heading of the preview with what stands under it. */
export function PreviewPart(props: { title: string; children: ReactNode }): JSX.Element {
  return (
    <section className="rollback-part" aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}
