import { useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { HISTORY } from '../history/history-strings.ts';
import { useAgo } from '../history/use-ago.ts';
import { branchName } from './branch-name.ts';
import { flatTree, treeStep, type BranchNode } from './branch-tree.ts';

const { branches: words } = HISTORY;

interface BranchTreeProps {
  tree: BranchNode;
  /** The branch in play. */
  inPlay: string;
  chosenId: string;
  onChoose: (branchId: string) => void;
}

/** A tree that one walks with the arrow keys; what has the focus is what is chosen. */
export function BranchTreeView({ tree, inPlay, chosenId, onChoose }: BranchTreeProps): JSX.Element {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const treeRef = useRef<HTMLUListElement>(null);
  const nodes = flatTree(tree, closed);
  // When the chosen one is folded away, the way into the tree is its first item.
  const entry = nodes.some(({ branch }) => branch.id === chosenId) ? chosenId : tree.branch.id;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = treeStep(event.key, { nodes, focusId: entry, closed });
    if (step === null) return;
    event.preventDefault();
    if (step.open !== undefined) setClosed(new Set([...closed].filter((id) => id !== step.open)));
    if (step.close !== undefined) setClosed(new Set([...closed, step.close]));
    if (step.focusId === undefined) return;
    onChoose(step.focusId);
    treeRef.current?.querySelector<HTMLElement>(`[data-branch-id="${CSS.escape(step.focusId)}"]`)?.focus();
  };
  return (
    <ul className="branch-tree" role="tree" aria-label={words.tree} ref={treeRef} onKeyDown={onKeyDown}>
      <TreeItem node={tree} of={{ inPlay, entry, closed, onChoose }} />
    </ul>
  );
}

interface ItemProps {
  node: BranchNode;
  of: Pick<BranchTreeProps, 'inPlay' | 'onChoose'> & { entry: string; closed: ReadonlySet<string> };
}

function TreeItem({ node, of }: ItemProps): JSX.Element {
  const { id } = node.branch;
  const isOpen = !of.closed.has(id);
  const labelId = `branch-${id}`;
  return (
    <li
      role="treeitem"
      data-branch-id={id}
      tabIndex={id === of.entry ? 0 : -1}
      aria-level={node.level}
      aria-selected={id === of.entry}
      aria-labelledby={labelId}
      {...(node.children.length > 0 ? { 'aria-expanded': isOpen } : {})}
      onClick={(event) => {
        event.stopPropagation();
        of.onChoose(id);
        event.currentTarget.focus();
      }}
    >
      <BranchLabel node={node} labelId={labelId} isInPlay={id === of.inPlay} />
      {node.children.length > 0 && isOpen && (
        <ul role="group">
          {node.children.map((child) => (
            <TreeItem key={child.branch.id} node={child} of={of} />
          ))}
        </ul>
      )}
    </li>
  );
}

function BranchLabel(props: { node: BranchNode; labelId: string; isInPlay: boolean }): JSX.Element {
  const { nameOf } = useAuthors();
  const ago = useAgo();
  const { branch, passages, last } = props.node;
  return (
    <div className="branch-label" id={props.labelId}>
      <span className="moment-head">
        <Icon name="branch" size={15} />
        <strong className="grow">{branchName(branch)}</strong>
        {props.isInPlay && <span className="badge"> {words.inPlay}</span>}
      </span>
      <span className="note">
        {' '}
        {words.own(passages)}
        {last !== null && `, ${words.last(nameOf(last.by), ago(last.at))}`}
      </span>
    </div>
  );
}
