import { useCallback, useMemo, useState, type JSX, type ReactNode } from 'react';
import { can } from '../../sessions/roles.ts';
import { useStore } from '../common/store.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { PassageMenu, type OpenMenu } from './passage-menu.tsx';
import { PassageView } from './passage-view.tsx';
import { SceneHeading } from './scene-heading.tsx';
import { storyItems } from './story-items.ts';
import { TakenBack } from './taken-back.tsx';
import { useFollowEnd } from './follow-end.ts';

/** The story from its premise to its last passage, and under it what is being written right now. */
export function StoryView({ children, areAuthorsShown }: StoryViewProps): JSX.Element {
  const { story } = useTable();
  const order = useStore(story.order);
  const { scenes } = useStore(story.lines);
  const takenBack = useStore(story.takenBack);
  const items = useMemo(() => storyItems(order, scenes, takenBack), [order, scenes, takenBack]);
  const drafts = useSlice('drafts');
  const { hasContent } = useStore(story.link.state);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);
  const { storyRef, endRef, isAway, goToEnd } = useFollowEnd(order);
  return (
    <div ref={storyRef} className="story" data-authors={areAuthorsShown ? 'shown' : 'hidden'}>
      <Title />
      {!hasContent && <p className="story-loading">{TEXT.session.storyLoading}</p>}
      {hasContent && order.length === 0 && drafts.length === 0 && <EmptyStory />}
      {items.map((item) => {
        switch (item.kind) {
          case 'passage':
            return (
              <PassageView
                key={item.id}
                id={item.id}
                onMenu={setMenu}
                isMenuOpen={menu?.passageId === item.id}
              />
            );
          case 'scene':
            return <SceneHeading key={`scene-${item.scene.id}`} scene={item.scene} />;
          case 'taken-back':
            return (
              <TakenBack key={`taken-${item.ids[0] ?? ''}`} rollbackId={item.rollbackId} ids={item.ids} />
            );
        }
      })}
      {children}
      <div ref={endRef} className="story-end" />
      {isAway && (
        <button type="button" className="to-end" onClick={goToEnd}>
          {TEXT.session.newBelow}
        </button>
      )}
      {menu !== null && <PassageMenu open={menu} onClose={closeMenu} />}
    </div>
  );
}

interface StoryViewProps {
  children: ReactNode;
  areAuthorsShown: boolean;
}

function Title(): JSX.Element {
  const { title, premise } = useSlice('about');
  const { branches, branchId } = useStore(useTable().story.lines);
  const branch = branches.find(({ id }) => id === branchId);
  return (
    <header className="story-title">
      <h1>{title}</h1>
      {branch !== undefined && branch.parentId !== null && (
        <p className="note">{HISTORY.story.onBranch(branch.name)}</p>
      )}
      {premise !== '' && (
        <div className="premise" role="note" aria-label={TEXT.story.premise}>
          {premise.split(/\n{2,}/).map((paragraph, index) => (
            <p key={index}>{paragraph}</p>
          ))}
        </div>
      )}
    </header>
  );
}

function EmptyStory(): JSX.Element {
  const { role } = useYou();
  return (
    <div className="story-empty">
      <p className="story-empty-title">{TEXT.session.emptyTitle}</p>
      <p>{can(role, 'write') ? TEXT.session.emptyBody : TEXT.session.emptySpectator}</p>
    </div>
  );
}
