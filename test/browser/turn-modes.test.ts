import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

/** Waits until the turn bar says so. */
async function turnReads(person: Person, text: string): Promise<void> {
  await expect.poll(() => person.turns.locator('.turn-text').innerText()).toBe(text);
}

/** What a screen reader was told last about turns. */
const announced = (person: Person): Locator => person.page.getByTestId('announce-turn');

/** Everything a page receives over its sockets from now on, as text. */
function listenTo(person: Person): () => string {
  const frames: string[] = [];
  person.page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(payload.toString()));
  });
  return () => frames.join('\n');
}

describe.skipIf(skipUnless('chromium'))('turn modes', () => {
  const browser = useBrowser(() => TestServer.start());

  it('T1: in free play everybody has a passage open at once', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    for (const person of [ann, bo]) await turnReads(person, 'Free play: anyone may write.');
    await ann.open();
    await bo.open();
    await bo.page.keyboard.type('Second.');
    await bo.page.keyboard.press('Control+Enter');
    await ann.page.keyboard.type('First.');
    await ann.page.keyboard.press('Control+Enter');
    for (const person of [ann, bo]) await person.reads(['Second.', 'First.']);
  });

  it('T2 T7 T8: in ordered play everybody sees whose turn it is; it is passed, given and reordered', async () => {
    const [ann, bo, cy] = await browser.table({ turnMode: 'ordered' }, 'Bo', 'Cy');
    await turnReads(ann, 'It is your turn. Next: Bo.');
    await turnReads(bo, 'It is Ann’s turn. You are next.');
    await turnReads(cy, 'It is Ann’s turn. Next: Bo.');
    await bo.sees('It is not your turn to write.');
    expect(await bo.button('Write a passage').count()).toBe(0);
    expect(await announced(bo).innerText()).toBe('');

    await ann.writes('Ann was first.');
    await turnReads(bo, 'It is your turn. Next: Cy.');
    await expect.poll(() => announced(bo).textContent()).toBe('It is your turn. Next: Cy.');
    await turnReads(ann, 'It is Bo’s turn. Next: Cy.');
    await bo.button('Write a passage').waitFor();
    await ann.sees('It is not your turn to write.');

    await bo.button('Pass').click();
    await turnReads(cy, 'It is your turn. Next: Ann.');
    expect(await bo.button('Pass').count()).toBe(0);
    await ann.button('Pass the turn on').click();
    await turnReads(ann, 'It is your turn. Next: Bo.');

    const order = ann.page.getByRole('list', { name: 'Playing order' }).getByRole('listitem');
    expect(await order.locator('.grow').allInnerTexts()).toEqual(['Ann', 'Bo', 'Cy']);
    await ann.button('Move Cy up').click();
    await expect.poll(() => order.locator('.grow').allInnerTexts()).toEqual(['Ann', 'Cy', 'Bo']);
    await turnReads(bo, 'It is Ann’s turn. Next: Cy.');
    await ann.button('Give Bo the turn').click();
    await turnReads(bo, 'It is your turn. Next: Ann.');
    await bo.writes('Bo was called.');
    await ann.reads(['Ann was first.', 'Bo was called.']);
  });

  it('T3: a turn with a timer says how long it lasts', async () => {
    const [ann, bo] = await browser.table({ turnMode: 'ordered', timerSeconds: 600 }, 'Bo');
    for (const person of [ann, bo]) {
      await expect.poll(() => person.page.getByRole('timer').innerText()).toMatch(/^9 min \d\d s left$/);
    }
  });

  it('T4: in a round nothing of a passage reaches other writers before the last one submits', async () => {
    const { owner: ann, invite } = await browser.host({ turnMode: 'round' });
    const bo = await browser.guest('Bo', invite());
    const cy = await browser.person('Cy');
    const heardByCy = listenTo(cy);
    await cy.takesSeat(invite());
    await turnReads(bo, 'Round 1. Write your passage, then submit it. Waiting for Cy.');

    await bo.open();
    await bo.page.keyboard.type('The heron knew.');
    await bo.sees('private');
    await ann.readsDraft(ann.draftOf('Bo'), 'The heron knew.');
    await bo.button('Submit for the round').click();
    await turnReads(bo, 'Round 1. Yours is in. Waiting for Cy.');
    await bo.draft.click();
    await bo.page.keyboard.type(' Not now.');
    expect(await bo.textOf(bo.draft)).toBe('The heron knew.');
    await bo.button('Take back').click();
    await bo.button('Submit for the round').waitFor();
    await bo.types(bo.draft, ' All of it.');
    await bo.draft.press('Control+Enter');
    await turnReads(cy, 'Round 1. Write your passage, then submit it.');
    expect(await cy.page.content()).not.toMatch(/heron|All of it/);
    expect(heardByCy()).not.toMatch(/heron|All of it/);

    await cy.open();
    await cy.page.keyboard.type('The tide turned.');
    await cy.page.keyboard.press('Control+Enter');
    for (const person of [ann, bo, cy]) {
      await person.reads(['The heron knew. All of it.', 'The tide turned.']);
    }
    expect(heardByCy()).toMatch(/heron/);
    await turnReads(cy, 'Round 2. Write your passage, then submit it. Waiting for Bo.');
    await expect.poll(() => announced(cy).textContent()).toContain('Round 2.');

    expect(await ann.button('Resolve the round').isDisabled()).toBe(true);
    await cy.open();
    await cy.page.keyboard.type('Only Cy.');
    await cy.page.keyboard.press('Control+Enter');
    await ann.button('Resolve the round').click();
    await bo.reads(['The heron knew. All of it.', 'The tide turned.', 'Only Cy.']);
    await turnReads(bo, 'Round 3. Write your passage, then submit it. Waiting for Cy.');
  });

  it('T6 T7: the game master changes the mode at the table and calls who writes next', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await ann.page.getByLabel('Turn mode').selectOption('Game master calls');
    await ann.button('Use this mode').click();
    await turnReads(ann, 'Nobody has the turn. Give somebody the turn.');
    await turnReads(bo, 'Nobody has the turn. The game master gives the next turn.');
    await ann.button('Give the turn to…').click();
    await ann.page.getByRole('menuitem', { name: 'Bo' }).click();
    await turnReads(bo, 'It is your turn. The game master gives the next turn.');
    await turnReads(cy, 'It is Bo’s turn. The game master gives the next turn.');
    await cy.sees('It is not your turn to write.');
    await bo.writes('Called.');
    await turnReads(cy, 'Nobody has the turn. The game master gives the next turn.');
    await ann.writes('The game master may always.');
    await cy.reads(['Called.', 'The game master may always.']);
  });
});
