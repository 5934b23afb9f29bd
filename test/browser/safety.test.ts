import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const STORM = 'The storm broke over the ferry.';
const SPIDER = 'A spider ran over her hand.';
const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

/** Serious and critical findings of axe on the page as it stands. */
async function isClean({ page }: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`),
    what,
  ).toEqual([]);
}

/** Chooses from the safety tools in the header. */
async function kit(person: Person, item: string): Promise<void> {
  await person.button('Safety tools').click();
  await person.page.getByRole('menuitem', { name: item }).click();
}

async function review(person: Person): Promise<Locator> {
  await person.page.getByRole('tab', { name: /^Review/ }).click();
  const panel = person.page.getByRole('region', { name: 'Review', exact: true });
  await panel.waitFor();
  return panel;
}

/** Puts topics into this player's own lines. */
async function drawsLine(person: Person, topic: string): Promise<void> {
  await kit(person, 'My lines and veils…');
  await person.page.getByRole('textbox', { name: 'My lines' }).fill(topic);
  await person.button('Save').click();
  await person.sees('Your lines and veils are in the table’s list.');
}

/** Writes a passage that is not shown as it is. */
async function commits(person: Person, text: string): Promise<void> {
  await person.open();
  await person.page.keyboard.type(text);
  await person.page.keyboard.press('Control+Enter');
}

const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** A table with a line of Bo's, which Bo then writes about: the passage waits. */
async function heldPassage(people: Promise<[Person, Person]>): Promise<[Person, Person]> {
  const [ann, bo] = await people;
  await drawsLine(bo, 'spiders');
  await commits(bo, SPIDER);
  await bo.sees('Your passage waits for a game master.');
  return [ann, bo];
}

describe.skipIf(skipUnless('chromium'))('safety', () => {
  const browser = useBrowser(() => TestServer.startScripted([STORM]));

  it('H1 and H3: a held passage shows no text to others, and its author why', async () => {
    const { owner: ann, invite } = await browser.host();
    const [, bo] = await heldPassage(
      browser.guest('Bo', invite()).then((guest): [Person, Person] => [ann, guest]),
    );
    const cy = await browser.guest('Cy', invite());
    await bo.sees('The table has agreed that this topic never comes up.');
    await bo.sees('Rule table.line');
    await cy.sees('A passage waits for the game master.');
    expect(await cy.page.content()).not.toContain(SPIDER);
    await isClean(bo, 'note');

    await bo.button('Appeal…').click();
    await bo.page.getByLabel('Why should it stand?').fill('It is a toy.');
    await bo.button('Send the appeal').click();
    await bo.sees('You have appealed. A game master looks at it.');
    const panel = await review(ann);
    await panel.getByText('It is a toy.').waitFor();
    const found = panel.locator('mark');
    expect(await found.textContent()).toBe('spider [spiders (line or veil)] ');
    await panel.getByRole('group', { name: 'Text' }).focus();
    await ann.page.keyboard.press('Tab');
    await ann.isFocused(found);
    await ann.page.getByRole('tooltip', { name: 'spiders (line or veil)' }).waitFor();
    await isClean(ann, 'review');
    await panel.getByRole('button', { name: 'Approve', exact: true }).click();
    await cy.passage(SPIDER).waitFor();
    await bo.sees('Your passage was let through by a game master.');
  });

  it('H4 and H5: game masters decide by keys inside the panel only', async () => {
    const [ann, bo] = await heldPassage(browser.table({}, 'Bo'));
    const panel = await review(ann);
    await panel.getByText('1 text waits').waitFor();
    // Outside the panel the same key is nothing.
    await ann.button('Session menu').focus();
    await ann.page.keyboard.press('a');
    await panel.focus();
    await ann.page.keyboard.press('j');
    await ann.isFocused(panel.getByRole('article', { name: 'Passage by Bo' }));
    await ann.page.keyboard.press('r');
    await ann.page.getByLabel('Note to the author (if you like)').fill('Not at this table, ja?');
    await ann.page.getByRole('button', { name: 'Reject', exact: true }).click();
    await bo.sees('Your passage stays out of the story.');
    await bo.sees('Not at this table, ja?');
    const decided = panel.getByRole('article', { name: 'Passage by Bo' });
    await decided.getByText('rejected by Ann').waitFor();
    await decided.focus();
    await ann.page.keyboard.press('u');
    await panel.getByText('1 text waits').waitFor();
    await panel.getByRole('article', { name: 'Passage by Bo' }).focus();
    await ann.page.keyboard.press('e');
    await ann.page.getByLabel('Text as it will stand').fill('A moth ran over her hand.');
    await ann.page.getByRole('button', { name: 'Edit and approve' }).click();
    await bo.passage('A moth ran over her hand.').waitFor();
    await panel.getByText('Nothing waits for you.').waitFor();
    await ann.isFocused(panel);
  });

  it('H6: words that would not pass are kept from other eyes while they are typed', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await drawsLine(cy, 'spiders');
    const draft = await bo.open();
    await bo.page.keyboard.type(SPIDER);
    await bo.sees('Only you and the game masters can see this as it stands.');
    await bo.isFocused(draft);
    await ann.draftOf('Bo').waitFor();
    expect(await cy.draftOf('Bo').count()).toBe(0);
    expect(await cy.page.content()).not.toContain('spider');
  });

  it('H9: masked words and placeholders look and read as such', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await commits(bo, 'Write to her at ines@ferry.example.org today.');
    const passage = ann.passage('Write to her at');
    await passage.getByRole('img', { name: 'masked: e-mail' }).waitFor();
    await bo.sees('Your passage was shown with words masked.');
    await ann.reads(['Write to her at [e-mail] today.']);
  });

  it('H2: talk that is refused stays in its box', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await bo.panel('Table talk');
    const box = bo.page.getByLabel('Say something at the table');
    await box.fill('Ann, I will find you and kill you.');
    await bo.page.keyboard.press('Enter');
    await bo.sees(/This text cannot be used here/);
    await expect.poll(() => box.inputValue()).toBe('Ann, I will find you and kill you.');
    await bo.sees('Your line of table talk was not taken.');
    expect(await bo.page.getByText('This reads as a threat').filter({ visible: true }).count()).toBe(2);
    await ann.panel('Table talk');
    expect(await ann.page.getByRole('log').innerText()).not.toContain('find you');
  });

  it('S1: one tap on the X-card, by anybody, and the scene is out of sight', async () => {
    const { owner: ann, invite } = await browser.host();
    const bo = await browser.guest('Bo', invite());
    const cy = await browser.guest('Cy', invite('spectator'), PHONE);
    await bo.writes('The cellar door was open.');
    await cy.passage('The cellar door').waitFor();
    await cy.button('X-card').click();
    await cy.sees('It is out of sight. Nobody is told who asked.');
    await expect.poll(() => bo.passage('The cellar door').count()).toBe(0);
    await bo.sees('A passage was put out of sight.');
    await cy.sees('A passage was put out of sight.');
    await isClean(cy, 'after the X-card');

    const panel = await review(ann);
    await panel.getByText('Somebody played the X-card.').waitFor();
    expect(await ann.page.content()).not.toContain('Cy played');
    await panel.getByLabel('What should not come up again?').fill('cellars');
    await panel.getByRole('button', { name: 'Make it a veil' }).click();
    await panel.getByRole('button', { name: 'Put it back' }).click();
    await cy.passage('The cellar door').waitFor();
    await kit(cy, 'What this table agreed on…');
    await cy.page.getByRole('dialog').getByText('cellars').waitFor();
    await isClean(cy, 'agreement');
  });

  it('S1: a passage and a live draft have the X-card in their menus', async () => {
    const [, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await bo.writes('One.');
    await bo.writes('Two.');
    await cy.passageMenu(cy.passage('One.'), 'X-card: put this out of sight');
    await expect.poll(() => bo.passages()).toEqual(['Two.']);
    await bo.open();
    await bo.page.keyboard.type('Half a thought');
    await cy.readsDraft(cy.draftOf('Bo'), 'Half a thought');
    await cy.button(/^X-card: put out of sight/).click();
    await expect.poll(() => cy.draftOf('Bo').count()).toBe(0);
    await bo.readsDraft(bo.draft, 'Half a thought');
  });

  it('S2: anybody pauses, a game master goes on', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await bo.button('Pause the game').click();
    await ann.sees('The game is paused. Nothing goes into the story until a game master goes on.');
    await bo.sees('The game is paused. Nothing goes into the story until a game master goes on.');
    expect(await bo.button('Go on with the game').count()).toBe(0);
    await isClean(ann, 'paused');
    const draft = await bo.open();
    await bo.page.keyboard.type('Wait for me.');
    await bo.page.keyboard.press('Control+Enter');
    await bo.sees(/^The game is paused\. Nothing goes/);
    await bo.readsDraft(draft, 'Wait for me.');
    await bo.isFocused(draft);
    await ann.button('Go on with the game').first().click();
    await expect.poll(() => bo.page.locator('.banner').count()).toBe(0);
  });

  it('S3: who steps out is told so and comes back', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await kit(bo, 'Open door: step out for a while');
    await bo.sees('You have stepped out. The table goes on without you; come back when you like.');
    await ann.page.getByRole('list', { name: 'Players' }).getByText('stepped out').waitFor();
    await bo.button('Come back to the table').click();
    await bo.button('Write a passage').waitFor();
  });

  it('S4: who may be telling of hurting themselves finds the host’s help text', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await kit(ann, 'Session zero…');
    await ann.page.getByLabel('Help text').fill('Call 0800 000 000, day and night.');
    await ann.button('Save').click();
    await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
    await bo.panel('Table talk');
    await bo.page.getByLabel('Say something at the table').fill('I want to kill myself tonight.');
    await bo.page.keyboard.press('Enter');
    const help = bo.page.getByRole('note', { name: 'You matter more than the story' });
    await help.getByText('Call 0800 000 000, day and night.').waitFor();
    await isClean(bo, 'help text');
    await help.getByRole('button', { name: 'Close this' }).click();
    await help.waitFor({ state: 'detached' });
    await (await review(ann)).getByText('Somebody may need care here.').waitFor();
  });

  it('S5 and S6: lines and veils are listed without names', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await drawsLine(bo, 'spiders');
    await kit(cy, 'What this table agreed on…');
    const dialog = cy.page.getByRole('dialog', { name: 'What this table agreed on' });
    await dialog.getByText('spiders').waitFor();
    expect(await dialog.innerText()).not.toContain('Bo');
    await kit(ann, 'My lines and veils…');
    expect(await ann.page.getByRole('textbox', { name: 'My lines' }).inputValue()).toBe('');
    await isClean(ann, 'lines and veils');
  });

  it('S7: levels go no further than the server allows, and count at once', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await kit(ann, 'Session zero…');
    const violence = ann.page.getByRole('slider', { name: 'Violence' });
    await violence.press('ArrowRight');
    expect(await violence.inputValue()).toBe(await violence.getAttribute('max'));
    await violence.press('Home');
    await kit(bo, 'What this table agreed on…');
    const shown = bo.page.getByRole('dialog').locator('dl > div').filter({ hasText: 'Violence' });
    await expect.poll(() => shown.innerText()).toMatch(/none/);
    await isClean(ann, 'session zero');
  });

  it('S8: the narrator’s mode is seen by all and decides who may ask', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    const mode = ann.page.getByLabel('Narrator in this scene');
    const badge = bo.page.getByTestId('narrator-mode');
    expect(await badge.innerText()).toBe('AI narrator');

    await mode.selectOption('copilot');
    await expect.poll(() => badge.innerText()).toBe('Copilot');
    await expect.poll(() => bo.button('Ask the narrator to continue').count()).toBe(0);
    await ann.button('Ask the narrator to continue').click();
    const panel = await review(ann);
    await panel.getByText(STORM).waitFor();
    expect(await bo.passages()).toEqual([]);
    await isClean(ann, 'suggestion');
    await panel.getByRole('button', { name: 'Put into the story' }).click();
    await bo.reads([STORM]);

    await mode.selectOption('human');
    await ann.button('Write as the narrator').click();
    await ann.isFocused(ann.draft);
    await ann.page.keyboard.type('Then it was quiet.');
    await ann.page.keyboard.press('Control+Enter');
    await bo.passage('Then it was quiet.').getByText('as the narrator').waitFor();

    await mode.selectOption('assist');
    await bo.button('Ask the narrator to continue').click();
    await panel.getByText('Narrator by Narrator').waitFor();
    await panel.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect.poll(async () => (await bo.passages()).length).toBe(3);
  });

  it('S9: a muted player keeps their words and is told until when', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.button('Actions for Bo').click();
    await ann.page.getByRole('menuitem', { name: 'Mute for 10 minutes' }).click();
    await bo.sees(/A game master has muted you until/);
    await ann.page.getByRole('list', { name: 'Players' }).getByText('muted').waitFor();
    await bo.panel('Table talk');
    const box = bo.page.getByLabel('Say something at the table');
    await box.fill('Let me speak');
    await bo.page.keyboard.press('Enter');
    await bo.sees(/A game master has muted you for now/);
    await expect.poll(() => box.inputValue()).toBe('Let me speak');
    await ann.button('Actions for Bo').click();
    await ann.page.getByRole('menuitem', { name: 'Unmute' }).click();
    await bo.button('Write a passage').waitFor();
    await ann.page.getByLabel('Slow mode').selectOption('30');
    await bo.sees('Slow mode: 30 s');
  });

  it('S9: a kicked player may come back, a removed one when let in again', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.button('Actions for Bo').click();
    await ann.page.getByRole('menuitem', { name: 'Ask to leave…' }).click();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Ask to leave', exact: true }).click();
    await bo.sees('A game master asked you to leave');
    await isClean(bo, 'kicked');
    await bo.button('Come back').click();
    await bo.isSeated();

    await ann.button('Remove Bo from the session').click();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await bo.sees('You were removed from this session by a game master.');
    await ann.button('Let Bo back in').click();
    await ann.button('Actions for Bo').waitFor();
    bo.expects(/status of 40[134]/);
    await bo.page.reload();
    await bo.isSeated();
  });

  it('S11: everybody reports a passage, a line of talk, or a player', async () => {
    const { owner: ann, invite } = await browser.host();
    const bo = await browser.guest('Bo', invite());
    const cy = await browser.guest('Cy', invite('spectator'));
    await bo.writes('The lamp went out.');
    await cy.passageMenu(cy.passage('The lamp went out.'), 'Report…');
    const dialog = cy.page.getByRole('dialog', { name: 'Report a passage by Bo' });
    await dialog.getByLabel('It crosses a line or veil').check();
    await dialog.getByLabel('In your words').fill('Too dark for me.');
    await isClean(cy, 'report');
    await dialog.getByRole('button', { name: 'Send the report' }).click();
    await cy.sees('The game masters have your report.');
    const panel = await review(ann);
    await panel.getByText('Cy reports a passage').waitFor();
    await panel.getByText('Too dark for me.').waitFor();
    await panel.getByRole('button', { name: 'Go to the passage' }).click();
    await ann.isFocused(ann.passage('The lamp went out.'));
    await panel.getByRole('button', { name: 'Nothing to do' }).click();
    await panel.getByText('Cy reports a passage').waitFor({ state: 'detached' });
  });

  it('S1 and S2: the tools fit on a phone and are reached by keyboard', async () => {
    const { owner: ann } = await browser.host({}, PHONE);
    await ann.writes('One.');
    expect(await overhang(ann.page)).toBe(0);
    await ann.button('X-card').focus();
    await ann.page.keyboard.press('Enter');
    await ann.sees('It is out of sight. Nobody is told who asked.');
    await ann.button('Safety tools').focus();
    await ann.page.keyboard.press('Enter');
    await ann.isFocused(ann.page.getByRole('menuitem', { name: 'Pause the game' }));
    await isClean(ann, 'menu');
    await ann.page.keyboard.press('Enter');
    await ann.sees('The game is paused. Nothing goes into the story until a game master goes on.');
  });
});
