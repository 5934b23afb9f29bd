import type { JSX } from 'react';
import type { Scene } from '../../sessions/story-lines.ts';
import { HISTORY } from '../history/history-strings.ts';

/** Where a scene begins: its title, or an ornament when nobody gave it one. */
export function SceneHeading({ scene }: { scene: Pick<Scene, 'title'> }): JSX.Element {
  return (
    <h2 className="scene-heading" data-titled={scene.title !== ''}>
      <span aria-hidden="true" className="scene-ornament">
        ❦
      </span>
      {scene.title === '' ? <span className="visually-hidden">{HISTORY.scene.plain}</span> : scene.title}
    </h2>
  );
}
