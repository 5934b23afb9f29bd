import { describe, expect, it } from 'vitest';
import { LINE_DOWN, useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const OFFLINE = 'Offline: your words are kept here';

/** From now on, notes everything the header says about saving. */
async function watchStatus(person: Person): Promise<() => Promise<string[]>> {
  const status = person.page.getByTestId('save-status');
  await status.evaluate((element) => {
    const said = [element.textContent];
    Object.assign(window, { saidOfSaving: said });
    const note = () => said.push(element.textContent);
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
  });
  return () => person.page.evaluate(() => (window as unknown as { saidOfSaving: string[] }).saidOfSaving);
}

const sorted = (text: string) => [...text].sort().join('');

describe.skipIf(skipUnless('chromium'))('writing together', () => {
  const browser = useBrowser(() => TestServer.start());

  it('A9: three people write in one draft with live cursors, and the passage names each of them', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    const all = [ann, bo, cy];
    await ann.sees('The first page is blank.');
    await ann.open();
    await ann.page.keyboard.type('Ann begins. ');
    await bo.readsDraft(bo.draftOf('Ann'), 'Ann begins. ');
    await bo.types(bo.draftOf('Ann'), 'Bo goes on. ');
    await ann.page.locator('.caret-name', { hasText: 'Bo' }).waitFor();
    await cy.page.locator('.caret-name', { hasText: 'Ann' }).waitFor();
    await expect.poll(() => cy.turns.innerText()).toContain('Bo is typing…');
    await cy.types(cy.draftOf('Ann'), 'Cy ends.');
    await ann.readsDraft(ann.draft, 'Ann begins. Bo goes on. Cy ends.');
    const spans = [
      { author: 'Ann', text: 'Ann begins. ' },
      { author: 'Bo', text: 'Bo goes on. ' },
      { author: 'Cy', text: 'Cy ends.' },
    ];
    await expect.poll(() => bo.spans(bo.draftOf('Ann'))).toEqual(spans);
    await expect.poll(() => ann.spans(ann.draft)).toEqual(spans);

    await ann.draft.press('Control+Enter');
    for (const person of all) {
      const passage = person.story.getByRole('article', { name: 'Passage by Ann, Bo and Cy' });
      await passage.waitFor();
      expect(await person.spans(passage)).toEqual(spans);
      await person.isTold('Saved');
    }
    await ann.isFocused(ann.button('Write a passage'));
  });

  it('A9: words typed at the same moment all arrive, in the same order for everybody', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.open();
    await bo.draftOf('Ann').click();
    const typed = ['the quick brown fox', 'JUMPS OVER THE DOG'] as const;
    await Promise.all([ann.page.keyboard.type(typed[0]), bo.page.keyboard.type(typed[1])]);
    await expect.poll(async () => sorted(await ann.textOf(ann.draft))).toBe(sorted(typed.join('')));
    const text = await ann.textOf(ann.draft);
    await bo.readsDraft(bo.draftOf('Ann'), text);
    await bo.draftOf('Ann').press('Control+Enter');
    await ann.reads([text]);
    const spans = await ann.spans(ann.passage(text));
    const lower = spans.filter((span) => span.author === 'Ann').map((span) => span.text);
    const upper = spans.filter((span) => span.author === 'Bo').map((span) => span.text);
    expect([lower.join(''), upper.join('')]).toEqual(typed);
  });

  it('W1: what is typed, and even committed, before the draft stands is not lost', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.button('Write a passage').focus();
    await ann.page.keyboard.press('Enter');
    await ann.page.keyboard.type('Too fast for the server.');
    await ann.page.keyboard.press('Control+Enter');
    await bo.reads(['Too fast for the server.']);
    await ann.isFocused(ann.button('Write a passage'));
  });

  it('A5: words of others cannot be deleted, and the page says whose they are', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.open();
    await ann.page.keyboard.type('Ann’s words.');
    await bo.draftOf('Ann').getByText('Ann’s words.').click();
    await bo.page.keyboard.press('Control+End');
    await bo.page.keyboard.press('Backspace');
    await bo.sees('Those are Ann’s words.');
    await bo.page.keyboard.type(' Mine.');
    await bo.page.keyboard.press('Backspace');
    await ann.readsDraft(ann.draft, 'Ann’s words. Mine');
  });

  it('W5 W7: authors reopen and strike out their own passages and no others', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await bo.writes('The door was open.');
    await ann.writes('Nobody went in.');
    const mine = (person: Person) => person.passage('The door was open.');
    expect(await cy.passageActions(mine(cy))).toEqual([
      'Copy the text',
      'X-card: put this out of sight',
      'Report…',
    ]);
    expect(await ann.passageActions(mine(ann))).toContain('Reopen');

    await bo.passageMenu(mine(bo), 'Reopen');
    await bo.isFocused(bo.draft);
    await cy.readsDraft(cy.draftOf('Bo'), 'The door was open.');
    await cy.passage('The door was open.').waitFor();
    await bo.types(bo.draft, ' It creaked.');
    await bo.draft.press('Control+Enter');
    await cy.reads(['The door was open. It creaked.', 'Nobody went in.']);

    await bo.passageMenu(mine(bo), 'Strike out');
    await cy.reads(['Nobody went in.']);
    await bo.sees('A passage by Bo was struck out.');
    expect(await cy.page.getByText('was struck out').count()).toBe(0);
    await bo.button('Restore').click();
    await cy.reads(['The door was open. It creaked.', 'Nobody went in.']);
    await bo.passageMenu(mine(bo), 'Strike out');
    await bo.button('Undo').click();
    await cy.reads(['The door was open. It creaked.', 'Nobody went in.']);
  });

  it('W3 W8: a private draft is read by game masters only, and discarding it asks first', async () => {
    const [ann, bo, cy] = await browser.table({ draftVisibility: 'private' }, 'Bo', 'Cy');
    await bo.open();
    await bo.page.keyboard.type('A secret.');
    await ann.readsDraft(ann.draftOf('Bo'), 'A secret.');
    await expect.poll(() => cy.turns.innerText()).toContain('Bo is typing…');
    expect(await cy.page.content()).not.toContain('A secret.');
    await bo.button('Discard').click();
    await bo.sees('Discard this draft? Its words are lost.');
    await bo.button('Keep it').click();
    expect(await bo.textOf(bo.draft)).toBe('A secret.');
    await bo.button('Discard').click();
    await bo.button('Discard').click();
    await ann.draftOf('Bo').waitFor({ state: 'detached' });
    await bo.button('Write a passage').waitFor();
  });

  it('D5: a reload and a killed server lose neither story nor drafts', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes('It began at low water.');
    await bo.open();
    await bo.page.keyboard.type('half a thought');
    await ann.readsDraft(ann.draftOf('Bo'), 'half a thought');
    await bo.isTold('Saved');
    await bo.page.reload();
    await bo.isSeated();
    await bo.readsDraft(bo.draft, 'half a thought');

    for (const person of [ann, bo]) person.expects(LINE_DOWN);
    await browser.server.kill('SIGKILL');
    for (const person of [ann, bo]) await person.isTold(OFFLINE);
    await browser.server.restart();
    for (const person of [ann, bo]) await person.isTold('Saved');
    await bo.types(bo.draft, ', finished');
    await ann.readsDraft(ann.draftOf('Bo'), 'half a thought, finished');
    await bo.draft.press('Control+Enter');
    await ann.reads(['It began at low water.', 'half a thought, finished']);
  });

  it('D3: without a server typing goes on, nothing is called saved, and the commit waits', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    for (const person of [ann, bo]) person.expects(LINE_DOWN);
    await bo.open();
    await bo.page.keyboard.type('Before. ');
    await bo.isTold('Saved');
    await browser.server.kill('SIGKILL');
    await bo.isTold(OFFLINE);
    const said = await watchStatus(bo);
    await bo.page.keyboard.type('During.');
    await bo.page.keyboard.press('Control+Enter');
    await bo.sees('Will be committed when you are back.');
    expect(new Set(await said())).toEqual(new Set([OFFLINE]));

    await browser.server.restart();
    for (const person of [ann, bo]) await person.reads(['Before. During.']);
    await bo.isTold('Saved');
  });

  it('D3: words typed without a server survive even when the page is closed before it is back', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    for (const person of [ann, bo]) person.expects(LINE_DOWN);
    await bo.open();
    await bo.page.keyboard.type('Stored. ');
    await bo.isTold('Saved');
    await browser.server.kill('SIGKILL');
    await bo.isTold(OFFLINE);
    await bo.page.keyboard.type('Only here.');
    const address = bo.page.url();
    await bo.page.goto('about:blank');
    await browser.server.restart();
    await ann.isTold('Saved');
    await ann.readsDraft(ann.draftOf('Bo'), 'Stored. ');
    await bo.page.goto(address);
    await bo.isSeated();
    await bo.readsDraft(bo.draft, 'Stored. Only here.');
    await ann.readsDraft(ann.draftOf('Bo'), 'Stored. Only here.');
  });

  it('D3: what several people wrote while one of them was offline merges when they are back', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    bo.expects(LINE_DOWN);
    await ann.open();
    await ann.page.keyboard.type('Middle. ');
    await bo.readsDraft(bo.draftOf('Ann'), 'Middle. ');
    await bo.draftOf('Ann').click();
    await bo.context.setOffline(true);
    await bo.isTold(OFFLINE);
    await bo.page.keyboard.press('Control+Home');
    await bo.page.keyboard.type('First. ');
    await ann.page.keyboard.type('Last.');
    await ann.isTold('Saved');
    await bo.readsDraft(bo.draftOf('Ann'), 'First. Middle. ');
    await ann.readsDraft(ann.draft, 'Middle. Last.');
    await bo.context.setOffline(false);
    for (const person of [ann, bo]) await person.isTold('Saved');
    await ann.readsDraft(ann.draft, 'First. Middle. Last.');
    await bo.readsDraft(bo.draftOf('Ann'), 'First. Middle. Last.');
    await ann.draft.press('Control+Enter');
    const passage = bo.passage('First. Middle. Last.');
    await passage.waitFor();
    expect(await bo.spans(passage)).toEqual([
      { author: 'Bo', text: 'First. ' },
      { author: 'Ann', text: 'Middle. Last.' },
    ]);
  });
});
