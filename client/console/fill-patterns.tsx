import type { JSX } from 'react';
import { FILLS } from './people-bars.ts';

/** Strokes of each way of filling, over the author's colour; the first is plain. */
const STROKES: readonly string[] = ['', 'M-1 1l2-2M0 6l6-6M5 7l2-2', 'M0 3h6', 'M3 0v6M0 3h6'];

/** Defines the ways of filling for the pictures of one section. */
export function FillPatterns({ id }: { id: string }): JSX.Element {
  return (
    <svg className="visually-hidden" aria-hidden="true" width="0" height="0">
      <defs>
        {STROKES.slice(1, FILLS).map((path, index) => (
          <pattern key={path} id={`${id}-${index + 1}`} width="6" height="6" patternUnits="userSpaceOnUse">
            <path d={path} className="fill-stroke" />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

interface FillProps {
  box: { x: number; y: number; width: number; height: number };
  /** Which way; undefined: the narrator, plain. */
  fill: number | undefined;
  patternId: string;
}

/** A box in the colour of the author around it, filled their way. */
export function Fill({ box, fill = 0, patternId }: FillProps): JSX.Element {
  return (
    <>
      <rect {...box} className="fill-ground" />
      {fill > 0 && <rect {...box} fill={`url(#${patternId}-${fill})`} />}
    </>
  );
}
