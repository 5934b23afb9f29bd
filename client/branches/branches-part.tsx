import { Button } from '@mantine/core';
import { useMemo, useState, type JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { useStore } from '../common/store.ts';
import { historyDialog, showInstead } from '../history/history-place.ts';
import { HISTORY } from '../history/history-strings.ts';
import { useIsLive, useTable, useYou } from '../link/session-context.ts';
import { branchName } from './branch-name.ts';
import { branchTree, flatTree, type BranchNode } from './branch-tree.ts';
import { BranchTreeView } from './branch-tree-view.tsx';
import { SwitchButton } from './switch-button.tsx';

const { branches: words } = HISTORY;

/** The branches of the story as a tree, and what can be done with the one that is chosen. */
export function BranchesPart(): JSX.Element | null {
  const { story } = useTable();
  const lines = useStore(story.lines);
  const [chosen, setChosen] = useState<string | null>(null);
  const tree = useMemo(() => branchTree(lines.branches, story.stamps()), [lines, story]);
  if (tree === null) return null;
  const nodes = flatTree(tree);
  const chosenId = chosen ?? lines.branchId;
  const node = nodes.find(({ branch }) => branch.id === chosenId) ?? tree;
  return (
    <>
      <p className="note">{words.hint}</p>
      <BranchTreeView tree={tree} inPlay={lines.branchId} chosenId={node.branch.id} onChoose={setChosen} />
      <BranchActions node={node} isInPlay={node.branch.id === lines.branchId} />
    </>
  );
}

function BranchActions({ node, isInPlay }: { node: BranchNode; isInPlay: boolean }): JSX.Element {
  const { role } = useYou();
  const isLive = useIsLive();
  const isMaster = can(role, 'direct-story');
  const branchId = node.branch.id;
  const name = branchName(node.branch);
  return (
    <section className="branch-actions" aria-label={words.details(name)}>
      <h2>{name}</h2>
      <div className="looking-actions">
        <Button size="compact-sm" variant="light" onClick={() => showInstead({ kind: 'branch', branchId })}>
          {words.read}
        </Button>
        {!isInPlay && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => showInstead({ kind: 'compare', branchId })}
          >
            {words.compare}
          </Button>
        )}
        {!isInPlay && <SwitchButton branchId={branchId} />}
        {isMaster && (
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={!isLive}
            onClick={() => historyDialog.set({ name: 'rename', branchId })}
          >
            {words.rename}
          </Button>
        )}
      </div>
    </section>
  );
}
