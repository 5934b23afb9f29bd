import { MAIN_BRANCH, type Branch } from '../../sessions/story-lines.ts';
import { HISTORY } from '../history/history-strings.ts';

/** What a branch is called; the main one has a name of its own until it is given another. */
export function branchName(branch: Pick<Branch, 'id' | 'name'> | undefined): string {
  if (branch === undefined || (branch.id === MAIN_BRANCH && branch.name === '')) return HISTORY.branches.main;
  return branch.name;
}
