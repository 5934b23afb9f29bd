import { Fragment, type JSX } from 'react';
import { maskParts, type MaskPart } from './masked.ts';
import { SAFETY } from './safety-strings.ts';

/** Text in which masked words and placeholders look and read as such. */
export function MaskedText({ text }: { text: string }): JSX.Element | string {
  if (!/[•[]/.test(text)) return text;
  return (
    <>
      {maskParts(text).map((part, index) => (
        <Fragment key={index}>
          {part.kind === 'plain' ? (
            part.text
          ) : (
            <span className="masked" role="img" aria-label={labelOf(part)}>
              {part.text}
            </span>
          )}
        </Fragment>
      ))}
    </>
  );
}

function labelOf({ kind, text }: MaskPart): string {
  return kind === 'data' ? SAFETY.masked.data(text.slice(1, -1)) : SAFETY.masked.word;
}
