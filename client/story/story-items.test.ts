import { describe, expect, it } from 'vitest';
import { MAIN_BRANCH } from '../../sessions/story-lines.ts';
import { storyItems } from './story-items.ts';

const scene = (id: string, afterPassageId: string | null) => ({
  id,
  title: id,
  branchId: MAIN_BRANCH,
  afterPassageId,
  by: 'gus',
  at: 1,
});
const told = (items: ReturnType<typeof storyItems>) =>
  items.map((item) => {
    switch (item.kind) {
      case 'passage':
        return item.id;
      case 'scene':
        return `# ${item.scene.title}`;
      case 'taken-back':
        return `${item.rollbackId}: ${item.ids.join(' ')}`;
    }
  });

describe('what stands in the story', () => {
  it('B3: scene headings stand between the passages of the line, the last one too', () => {
    const scenes = [scene('opening', null), scene('ferry', '2'), scene('night', '3')];
    expect(told(storyItems(['1', '2', '3'], scenes))).toEqual([
      '# opening',
      '1',
      '2',
      '# ferry',
      '3',
      '# night',
    ]);
    expect(told(storyItems(['1'], [scene('elsewhere', '9')]))).toEqual(['1']);
  });

  it('K9: passages in a row that one rollback took back are one line', () => {
    const takenBack = new Map([
      ['2', 'r1'],
      ['3', 'r1'],
      ['4', 'r2'],
      ['6', 'r1'],
    ]);
    const line = ['1', '2', '3', '4', '5', '6'];
    expect(told(storyItems(line, [], takenBack))).toEqual(['1', 'r1: 2 3', 'r2: 4', '5', 'r1: 6']);
    expect(told(storyItems(line, [scene('s', '2')], takenBack)).slice(0, 4)).toEqual([
      '1',
      'r1: 2',
      '# s',
      'r1: 3',
    ]);
  });
});
