import { memo, type JSX } from 'react';
import { layProse, type Run } from '../../sessions/prose.ts';
import type { Span } from '../../sessions/story-shape.ts';
import { MaskedText } from '../safety/masked-text.tsx';

/** Story text set for reading; each run carries its author's colour as a quiet line under the words. */
export const ProseView = memo(function ProseView({
  spans,
  colourOf,
}: {
  spans: readonly Span[];
  colourOf: (author: string) => string;
}): JSX.Element {
  return (
    <>
      {layProse(spans).map((lines, index) => (
        <p key={index}>
          {lines.map((runs, at) => (
            <span key={at}>
              {at > 0 && <br />}
              {runs.map((run, place) => (
                <RunView key={place} run={run} className={`by ${colourOf(run.author)}`} />
              ))}
            </span>
          ))}
        </p>
      ))}
    </>
  );
});

function RunView({ run, className }: { run: Run; className: string }): JSX.Element {
  let inner: JSX.Element = <MaskedText text={run.text} />;
  if (run.isEmphasised) inner = <em>{inner}</em>;
  if (run.isStrong) inner = <strong>{inner}</strong>;
  return (
    <span className={className} data-author={run.author}>
      {inner}
    </span>
  );
}
