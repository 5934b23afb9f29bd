import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { storyArchive } from '../support/story-archive.ts';
import { TestServer } from '../support/taleloom.ts';

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
} as const;

const then = (person: Person): Locator =>
  person.page.getByRole('region', { name: 'Story as it was', exact: true });
const prose = (region: Locator): Promise<string[]> => region.locator('article .prose').allInnerTexts();
const slider = (person: Person): Locator =>
  person.page.getByRole('slider', { name: 'Moment of the story' }).filter({ visible: true });

async function showHistory(person: Person, part?: 'Checkpoints' | 'Branches'): Promise<void> {
  await person.page.getByRole('tab', { name: 'History' }).click();
  if (part !== undefined) await showPart(person, part);
}

async function showPart(person: Person, part: 'Checkpoints' | 'Branches'): Promise<void> {
  const parts = person.page.getByRole('radiogroup', { name: 'Parts of the history' });
  await parts.getByText(part).click();
}

async function isClean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`);
  expect(found, what).toEqual([]);
}

/** Continues differently from behind a passage, under a name. */
async function branchFrom(master: Person, text: string, name: string): Promise<void> {
  await master.passageMenu(master.passage(text), 'Continue from here differently…');
  const dialog = master.page.getByRole('dialog', { name: 'Continue differently' });
  await dialog.getByLabel('Name of the branch').fill(name);
  await dialog.getByRole('button', { name: 'Create the branch' }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe.skipIf(skipUnless('chromium'))('history in the browser', () => {
  const browser = useBrowser(() => TestServer.start());

  it('B2: the slider shows the story as it was while others write on, and nothing typed is lost', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('First.');
    await bo.writes('Second.');
    await ann.writes('Third.');
    await ann.open();
    await ann.page.keyboard.type('Half a thought');
    await showHistory(ann);
    await expect
      .poll(() => slider(ann).getAttribute('aria-valuetext'))
      .toMatch(/^Now: Passage 3 of 3, by Ann/);
    await slider(ann).focus();
    await ann.page.keyboard.press('ArrowLeft');
    await ann.page.keyboard.press('ArrowLeft');
    await expect.poll(() => slider(ann).getAttribute('aria-valuetext')).toMatch(/^Passage 1 of 3, by Ann/);
    await expect.poll(() => prose(then(ann))).toEqual(['First.']);
    await ann.isFocused(slider(ann));

    await bo.writes('Fourth.');
    await bo.open();
    await bo.page.keyboard.type('Bo goes on.');
    await expect.poll(() => ann.page.locator('#story article .prose').count()).toBe(4);
    expect(await prose(then(ann))).toEqual(['First.']);
    await ann.page.keyboard.press('ArrowRight');
    await expect.poll(() => prose(then(ann))).toEqual(['First.', 'Second.']);

    await ann.button('Back to now').click();
    await ann.reads(['First.', 'Second.', 'Third.', 'Fourth.']);
    await ann.readsDraft(ann.draftOf('Bo'), 'Bo goes on.');
    await ann.readsDraft(ann.draft, 'Half a thought');
    await ann.isFocused(ann.story);
  });

  it('B2: what was added, struck and edited since is said in words, and which words they are', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('The boat was red.');
    await bo.writes('It had a name.');
    await ann.writes('Nobody knew it.');
    await ann.passageMenu(ann.passage('It had a name.'), 'Strike out');
    await ann.passageMenu(ann.passage('The boat was red.'), 'Reopen');
    await bo.readsDraft(bo.draftOf('Ann'), 'The boat was red.');
    await ann.types(ann.draft, '');
    for (let at = 0; at < 4; at += 1) await ann.page.keyboard.press('Backspace');
    await ann.page.keyboard.type('blue.');
    await bo.readsDraft(bo.draftOf('Ann'), 'The boat was blue.');
    await ann.draft.press('Control+Enter');
    await bo.passage('The boat was blue.').waitFor();

    await showHistory(bo);
    const list = bo.page.getByRole('region', { name: 'What happened, newest first' });
    await list.getByRole('button', { name: /^Passage 2 of 3, by Bo/ }).click();
    await expect.poll(() => prose(then(bo))).toEqual(['The boat was red.', 'It had a name.']);
    await bo.page.getByLabel('What has changed since').check();
    await bo.sees('Since then: 1 passage added, 1 edited and 1 struck.');
    const changed = (text: string): Locator => then(bo).getByRole('article').filter({ hasText: text });
    expect(await changed('The boat was').locator('del').innerText()).toContain('red');
    expect(await changed('The boat was').locator('ins').innerText()).toContain('blue');
    expect(await changed('The boat was').innerText()).toContain('Edited since');
    expect(await changed('It had a name.').innerText()).toContain('Struck out since');
    expect(await changed('Nobody knew it.').innerText()).toContain('Added since');
  });

  it('B2: a moment that cannot be fetched says so and can be tried again', async () => {
    const { owner: ann } = await browser.host();
    await ann.writes('One.');
    await ann.writes('Two.');
    await showHistory(ann);
    ann.expects(/net::ERR_FAILED/);
    await ann.page.route('**/history/at*', (route) => route.abort());
    await slider(ann).focus();
    await ann.page.keyboard.press('ArrowLeft');
    await ann.sees('The server cannot be reached. Check your connection.');
    await ann.page.unroute('**/history/at*');
    await ann.button('Try again').click();
    await expect.poll(() => prose(then(ann))).toEqual(['One.']);
  });

  it('B6: who comes back is told what happened since, and can look at it', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('Bo read this.');
    await bo.passage('Bo read this.').waitFor();
    const address = bo.page.url();
    await bo.page.goto('about:blank');
    await ann.writes('Bo missed this.');
    await ann.passageMenu(ann.passage('Bo read this.'), 'Strike out');
    await ann.passage('Bo read this.').waitFor({ state: 'detached' });
    await bo.page.goto(address);
    const bar = bo.page.getByRole('status', { name: 'What happened since you were here' });
    await expect
      .poll(() => bar.innerText())
      .toMatch(/Since you were here \(.+\): 1 passage added, 1 struck\./);
    await bar.getByRole('button', { name: 'Show' }).click();
    await then(bo).getByText('Added since').waitFor();
    await bo.isFocused(then(bo));
    await bo.button('Back to now').click();
    expect(await bar.innerText()).toBe('');
    await bo.page.reload();
    await bo.isSeated();
    await bo.reads(['Bo missed this.']);
    expect(await bar.innerText()).toBe('');
  });

  it('B4: a game master continues differently, all see it, and all read and compare both', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('They met at the ferry.');
    await bo.writes('They quarrelled.');
    await bo.open();
    await bo.page.keyboard.type('Half a ');
    expect((await bo.passageActions(bo.passage('They quarrelled.'))).join()).not.toContain('differently');
    await branchFrom(ann, 'They met at the ferry.', 'Friends');
    for (const person of [ann, bo]) {
      await person.reads(['They met at the ferry.']);
      await person.sees('The table plays on the branch “Friends”.');
    }
    await bo.readsDraft(bo.draft, 'Half a ');
    await ann.writes('They laughed.');
    await bo.reads(['They met at the ferry.', 'They laughed.']);

    await showHistory(bo, 'Branches');
    const tree = bo.page.getByRole('tree', { name: 'Branches of the story' });
    const item = (name: RegExp): Locator => tree.getByRole('treeitem', { name });
    expect(await item(/^Friends/).innerText()).toContain('in play');
    await item(/^Friends/).focus();
    await bo.page.keyboard.press('ArrowUp');
    await bo.isFocused(item(/^Main story/));
    await bo.button('Read').click();
    const other = bo.page.getByRole('region', { name: 'Another branch', exact: true });
    await expect.poll(() => prose(other)).toEqual(['They met at the ferry.', 'They quarrelled.']);
    await other.getByRole('button', { name: 'Compare with the one in play' }).click();
    const column = (name: string): Locator => bo.page.getByRole('region', { name, exact: true });
    await expect.poll(() => prose(column('Main story'))).toEqual(['They quarrelled.']);
    expect(await prose(column('Friends'))).toEqual(['They laughed.']);
    await bo.button('They share 1 passage').click();
    await bo.page
      .getByRole('region', { name: 'Two branches side by side' })
      .getByText('at the ferry')
      .waitFor();
    expect(await bo.button('Switch to it…').count()).toBe(0);

    await showHistory(ann, 'Branches');
    await ann.page.getByRole('treeitem', { name: /^Main story/ }).press('Home');
    await ann.button('Switch to it…').click();
    await ann.page.getByRole('dialog', { name: 'Switch to “Main story”?' }).waitFor();
    await ann.button('Switch').click();
    await ann.reads(['They met at the ferry.', 'They quarrelled.']);
    await bo.button('Back to now').click();
    await bo.reads(['They met at the ferry.', 'They quarrelled.']);
    await ann.page.getByRole('treeitem', { name: /^Friends/ }).click();
    await ann.button('Rename…').click();
    await ann.page.getByLabel('Name of the branch').fill('Old friends');
    await ann.button('Rename').click();
    await bo.page.getByRole('treeitem', { name: /^Old friends/ }).waitFor();
  });

  it('B5: scenes and checkpoints are named, shown, and looked at', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('Before.');
    await bo.menu('Save a checkpoint…');
    await bo.page.getByLabel('Name of the checkpoint').fill('Quiet water');
    await bo.button('Save').click();
    await bo.sees('The checkpoint “Quiet water” is saved.');
    await ann.menu('New scene…');
    await ann.page.getByLabel('Title of the scene (may stay empty)').fill('The crossing');
    await ann.button('Begin the scene').click();
    await bo.story.getByRole('heading', { name: 'The crossing' }).waitFor();
    await bo.writes('After.');
    await showHistory(bo, 'Checkpoints');
    await bo.sees(/^at a new scene, by Ann/);
    expect(await bo.button('Go back to “Quiet water”…').count()).toBe(0);
    await bo.button('Look at the story at “Quiet water”').click();
    await expect.poll(() => prose(then(bo))).toEqual(['Before.']);
    expect(await bo.button('Restore this state…').count()).toBe(0);
  });

  it('K9: passages that a rollback took back are one line, which says who and why and leads back to them', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('The first.');
    await bo.writes('The second.');
    await ann.writes('The third.');
    await ann.passageMenu(ann.passage('The first.'), 'Go back to here…');
    await ann.page.getByLabel('Why, if you like (everybody reads it)').fill('We lost the thread.');
    await ann.page.getByRole('radio', { name: /^Now/ }).check();
    await ann.button('Take back 2 passages').click();
    await bo.reads(['The first.']);
    await bo.story.getByText('2 passages were taken back by a rollback.').click();
    await bo.story.getByText('Reason: We lost the thread.').waitFor();
    expect(await bo.button('Take this rollback back…').count()).toBe(0);
    await bo.button('Look at the story before that').click();
    await expect.poll(() => prose(then(bo))).toEqual(['The first.', 'The second.', 'The third.']);
    await showHistory(bo);
    const list = bo.page.getByRole('region', { name: 'What happened, newest first' });
    await list.getByRole('button', { name: /^Rollback, by Ann/ }).waitFor();
    await bo.page.getByLabel('What has changed since').check();
    await bo.sees('Since then: 2 struck and 1 rollback.');
    expect(await then(bo).getByText('Taken back by a rollback since').count()).toBe(2);
  });

  it('B7: a thousand passages are on the timeline, and of those the newest are in the list', async () => {
    const ann = await browser.person('Ann');
    const archive = storyArchive({ passages: 1_000, characters: 400 });
    const data = { archive, ownerName: 'Ann' };
    const response = await ann.context.request.post('/api/sessions/import', { data });
    const { sessionId } = (await response.json()) as { sessionId: string };
    await ann.page.goto(`/s/${sessionId}`);
    await ann.isSeated();
    await ann.writes('And then.');
    await ann.writes('The end.');
    await showHistory(ann);
    await slider(ann).focus();
    await ann.page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => slider(ann).getAttribute('aria-valuetext'))
      .toMatch(/^Passage 1001 of 1002, by Ann/);
    await expect.poll(async () => (await prose(then(ann))).at(-1)).toBe('And then.');
    await then(ann)
      .getByRole('button', { name: /^Show 9\d\d earlier passages/ })
      .waitFor();
    const list = ann.page.getByRole('region', { name: 'What happened, newest first' });
    expect(await list.getByRole('listitem').count()).toBe(50);
  });

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`B2 B3: axe finds nothing serious in the history (${look})`, async () => {
      const { owner: ann, invite } = await browser.host({}, options);
      const bo = await browser.guest('Bo', invite());
      await ann.writes('They met at the ferry.');
      await bo.writes('They quarrelled.');
      await ann.passage('They quarrelled.').waitFor();
      await branchFrom(ann, 'They met at the ferry.', 'Friends');
      await ann.reads(['They met at the ferry.']);
      await ann.writes('They laughed.');
      await ann.menu('New scene…');
      await ann.button('Begin the scene').click();
      await ann.story.getByRole('heading', { name: 'A new scene' }).waitFor();
      const openPanel = async (part?: 'Checkpoints' | 'Branches'): Promise<void> => {
        if (look === 'phone') await ann.button('People and table talk').click();
        await showHistory(ann, part);
      };
      await openPanel();
      await isClean(ann.page, 'timeline');
      await ann.page.getByRole('button', { name: /^Passage 1 of 3/ }).click();
      await expect.poll(() => prose(then(ann))).toEqual(['They met at the ferry.']);
      await isClean(ann.page, 'the past');
      await ann.page.getByLabel('What has changed since').check();
      await then(ann).getByText('Added since').waitFor();
      await isClean(ann.page, 'changes');
      await openPanel('Checkpoints');
      await isClean(ann.page, 'checkpoints');
      await showPart(ann, 'Branches');
      await ann.page.getByRole('treeitem', { name: /^Main story/ }).press('Home');
      await isClean(ann.page, 'branches');
      await ann.button('Compare with the one in play').first().click();
      await ann.page.getByRole('region', { name: 'Two branches side by side' }).waitFor();
      await isClean(ann.page, 'two branches');
      await ann.button('Switch to it…').filter({ visible: true }).first().click();
      await ann.page.getByRole('dialog').getByRole('button', { name: 'Switch', exact: true }).waitFor();
      await isClean(ann.page, 'switching');
    });
  }
});
