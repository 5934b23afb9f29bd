import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import type { RollbackScope } from '../../sessions/history-view.ts';
import { useAuthors } from '../common/authors.ts';
import { TEXT } from '../strings.ts';
import { PreviewView } from './preview-view.tsx';
import { ROLLBACK } from './rollback-strings.ts';
import { ScopeForm } from './scope-form.tsx';
import { scopeText } from './scope-text.ts';

interface RollbackDialogProps {
  /** Null: the game master chooses first. */
  scope: RollbackScope | null;
  onClose: () => void;
}

/** What goes, what would happen, and the button that does it: in this order, always. */
export function RollbackDialog({ scope: asked, onClose }: RollbackDialogProps): JSX.Element {
  const [scope, setScope] = useState(asked);
  const { nameOf } = useAuthors();
  const headingRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The step before took the focus with it.
    if (scope !== null) headingRef.current?.focus({ preventScroll: true });
  }, [scope]);
  if (scope === null) return <ScopeForm onChosen={setScope} onClose={onClose} />;
  return (
    <div className="rollback stack">
      <h2
        className={scope.kind === 'undo' ? 'visually-hidden' : 'dialog-heading'}
        tabIndex={-1}
        ref={headingRef}
        data-autofocus
      >
        {scopeText(scope, nameOf)}
      </h2>
      <PreviewView scope={scope} onDone={onClose}>
        {asked === null && (
          <Button variant="subtle" color="gray" onClick={() => setScope(null)}>
            {ROLLBACK.preview.again}
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={onClose}>
          {TEXT.common.cancel}
        </Button>
      </PreviewView>
    </div>
  );
}
