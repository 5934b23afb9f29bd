import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { LINE_DOWN, useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

const HOUSE = 'Ines closed the ferry house and looked at the hill.';
const DRAGON = 'The dragon Morwen woke under the hill.';
const BOAT = '“Morwen is awake,” said Bo and ran to the boat.';
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
} as const;

const dialog = (person: Person): Locator => person.page.getByRole('dialog');
const kept = (person: Person): Locator => person.page.getByRole('textbox', { name: 'Kept for you' });
const inDialog = (person: Person, name: string | RegExp): Locator =>
  dialog(person).getByRole('button', { name });

/** Opens the preview of a rollback to right after a passage. */
async function previewBackTo(person: Person, text: string): Promise<void> {
  await person.passageMenu(person.passage(text), 'Go back to here…');
  await inDialog(person, /^(Take back|Nothing)/).waitFor();
}

/** Carries out what the dialog shows, at once. */
async function takeBackNow(person: Person): Promise<void> {
  await dialog(person).getByRole('radio', { name: 'Now', exact: false }).first().check();
  await inDialog(person, /^Take back/).click();
  await dialog(person).waitFor({ state: 'detached' });
}

async function isClean(person: Person, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
  expect(told, what).toEqual([]);
}

describe.skipIf(skipUnless('chromium'))('rollback', () => {
  const browser = useBrowser(() => TestServer.startScripted([DRAGON]));

  it('K4 K6 K7 K8 K12: two people type and the narrator writes while the story goes back, and again', async () => {
    browser.serve(
      await TestServer.startScripted([{ text: `${DRAGON} ${'Nobody heard it. '.repeat(40)}`, pieceMs: 150 }]),
    );
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await ann.writes(HOUSE);
    await bo.writes(BOAT);
    await ann.button('Ask the narrator to continue').click();
    await ann.passage('The dragon Morwen').waitFor();
    await bo.passageMenu(bo.passage(BOAT), 'Reopen');
    await bo.readsDraft(bo.draft, BOAT);
    await bo.isFocused(bo.draft);
    await bo.page.keyboard.press('Control+End');
    await bo.page.keyboard.type(' He ran');
    await cy.open();
    await cy.page.keyboard.type('Far away');

    await previewBackTo(ann, HOUSE);
    await ann.sees('2 passages go');
    await ann.sees(/^Bo is typing right now$|^Open texts$/);
    await ann.sees('A request to the narrator is stopped.');
    await ann.page.getByLabel('Why, if you like').fill('We lost the thread.');
    const typing = Promise.all([
      bo.page.keyboard.type(' and ran and ran', { delay: 60 }),
      cy.page.keyboard.type(' a bell rang', { delay: 60 }),
    ]);
    await takeBackNow(ann);
    await typing;
    for (const person of [ann, bo, cy]) await person.reads([HOUSE]);
    await bo.readsDraft(kept(bo), `${BOAT} He ran and ran and ran`);
    await bo.isFocused(kept(bo));
    await bo.isTold('Saved');
    await cy.readsDraft(cy.draft, 'Far away a bell rang');
    await cy.sees(/We lost the thread\./);
    expect(await ann.page.getByText('He ran').count()).toBe(0);
    await expect.poll(() => ann.narrator.getByRole('listitem').count()).toBe(0);

    await ann.page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await cy.passage(BOAT).waitFor();
    await ann.passage('The dragon Morwen').waitFor();
    expect((await cy.passages())[1]).toBe(BOAT);
    await bo.button('Commit as a new passage').click();
    await cy.passage(`${BOAT} He ran and ran and ran`).waitFor();
    await cy.draft.press('Control+Enter');
    await bo.passage('Far away a bell rang').waitFor();
  });

  it('K7: kept words do not stand in the way of a new passage; what went can be written again', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(HOUSE);
    await bo.writes(BOAT);
    await bo.passageMenu(bo.passage(BOAT), 'Reopen');
    await bo.readsDraft(bo.draft, BOAT);
    await bo.types(bo.draft, ' More.');
    await previewBackTo(ann, HOUSE);
    await takeBackNow(ann);
    await bo.readsDraft(kept(bo), `${BOAT} More.`);
    await bo.menu('My texts that were taken back…');
    await inDialog(bo, 'Write it again').click();
    await bo.readsDraft(bo.draft, BOAT);
    await bo.isFocused(bo.draft);
    await expect.poll(() => bo.spans(bo.draft)).toEqual([{ author: 'Bo', text: BOAT }]);
    await bo.page.keyboard.press('Control+Enter');
    await ann.reads([HOUSE, BOAT]);
    const card = bo.cardOf(kept(bo));
    await card.getByRole('button', { name: 'Discard' }).click();
    await card.getByRole('button', { name: 'Discard' }).click();
    await kept(bo).waitFor({ state: 'detached' });
    await bo.isFocused(bo.button('Write a passage'));
  });

  it('K7: who typed in somebody else’s passage goes on typing in a draft of their own', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await ann.writes(HOUSE);
    await bo.writes(BOAT);
    await bo.passageMenu(bo.passage(BOAT), 'Reopen');
    await cy.readsDraft(cy.draftOf('Bo'), BOAT);
    await cy.types(cy.draftOf('Bo'), ' Cy waved.');
    await bo.readsDraft(bo.draft, `${BOAT} Cy waved.`);
    await previewBackTo(ann, HOUSE);
    await takeBackNow(ann);
    await cy.isFocused(kept(cy));
    await cy.readsDraft(kept(cy), 'Cy waved.');
    await cy.page.keyboard.type(' Then Cy sat down.');
    await cy.readsDraft(kept(cy), 'Cy waved. Then Cy sat down.');
    await bo.readsDraft(kept(bo), `${BOAT} Cy waved.`);
    expect(await ann.page.getByText('Cy waved.').count()).toBe(0);
  });

  it('K9 K7: who comes back later with old state brings nothing back, and has every word they typed', async () => {
    const [ann, bo, cy] = await browser.table({}, 'Bo', 'Cy');
    await ann.writes(HOUSE);
    await bo.writes(BOAT);
    await bo.passageMenu(bo.passage(BOAT), 'Reopen');
    await cy.readsDraft(cy.draftOf('Bo'), BOAT);
    for (const person of [bo, cy]) {
      person.expects(LINE_DOWN);
      await person.context.setOffline(true);
      await person.isTold('Offline: your words are kept here');
    }
    await bo.types(bo.draft, ' Bo was offline.');
    await cy.types(cy.draftOf('Bo'), ' Cy was offline.');
    await previewBackTo(ann, HOUSE);
    await takeBackNow(ann);
    await ann.writes('The night stayed quiet.');
    for (const person of [bo, cy]) await person.context.setOffline(false);
    await bo.readsDraft(kept(bo), `${BOAT} Bo was offline.`);
    for (const person of [ann, bo, cy]) await person.reads([HOUSE, 'The night stayed quiet.']);
    await expect.poll(() => cy.page.locator('body').innerText()).toContain('Cy was offline.');
    expect(await ann.page.getByText('was offline').count()).toBe(0);
  });

  it('K3 K7: of a shared passage one player’s words go, and stay findable for them', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.open();
    await ann.page.keyboard.type('Ann began. ');
    await bo.readsDraft(bo.draftOf('Ann'), 'Ann began. ');
    await bo.types(bo.draftOf('Ann'), 'Bo went on.');
    await ann.readsDraft(ann.draft, 'Ann began. Bo went on.');
    await ann.draft.press('Control+Enter');
    await bo.reads(['Ann began. Bo went on.']);
    await ann.menu('Take back part of the story…');
    await dialog(ann).getByRole('radio', { name: 'What one player wrote' }).check();
    await dialog(ann).getByLabel('Player', { exact: true }).selectOption('Bo');
    await inDialog(ann, 'Since they joined').click();
    await inDialog(ann, 'See what would happen').click();
    await ann.sees('loses this player’s words, keeps those of others');
    await dialog(ann).getByRole('radio', { name: 'Now', exact: false }).first().check();
    await inDialog(ann, 'Change 1 passage').click();
    await bo.reads(['Ann began.']);
    await bo.menu('My texts that were taken back…');
    await dialog(bo).getByRole('article').getByText('Bo went on.').waitFor();
  });

  it('K5: a preview that is out of date is not carried out; choices stay', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(HOUSE);
    await bo.writes(BOAT);
    await previewBackTo(ann, HOUSE);
    await ann.page.getByLabel('Why, if you like').fill('Too fast.');
    await bo.writes('The boat was gone.');
    await dialog(ann).getByRole('radio', { name: 'Now', exact: false }).first().check();
    await inDialog(ann, 'Take back 1 passage').click();
    await ann.sees('The story has moved on. Look again before you go on.');
    await ann.sees('1 passage more would be touched.');
    await ann.reads([HOUSE, BOAT, 'The boat was gone.']);
    expect(await ann.page.getByLabel('Why, if you like').inputValue()).toBe('Too fast.');
    await inDialog(ann, 'Take back 2 passages').click();
    await bo.reads([HOUSE]);
  });

  it('K11: who is asked whether a passage still fits sees which, and answers', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(DRAGON);
    await bo.writes(BOAT);
    await ann.passageMenu(ann.passage(DRAGON), 'Take out, with what builds on it…');
    await ann.sees('mentions “Morwen”, first named in a passage that goes');
    await dialog(ann).getByRole('radio', { name: 'Ask its author' }).check();
    await takeBackNow(ann);
    await bo.reads([BOAT]);
    const card = bo.page.getByRole('article', { name: 'Does it still fit?' });
    await card.getByText(BOAT).waitFor();
    await card.getByRole('button', { name: 'Take it out' }).click();
    await ann.reads([]);
    await card.waitFor({ state: 'detached' });
  });

  it('K10: a rollback that waits is announced to all, and can be called off or done now', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await ann.writes(HOUSE);
    await ann.writes(DRAGON);
    await bo.open();
    await bo.page.keyboard.type('Half a thought');
    const waits = 'Ann takes part of the story back at the end of this turn';
    const order = async (): Promise<void> => {
      await previewBackTo(ann, HOUSE);
      await dialog(ann)
        .getByRole('radio', { name: /^When the open turn ends/ })
        .check();
      await inDialog(ann, 'Take back 1 passage at the end of the turn').click();
      await bo.sees(waits);
    };
    await order();
    expect(await bo.button('Call it off').count()).toBe(0);
    await ann.button('Call it off').click();
    await bo.page.getByText(waits).waitFor({ state: 'detached' });
    await bo.sees('The rollback is called off.');
    await bo.reads([HOUSE, DRAGON]);
    await order();
    await ann.button('Do it now').click();
    await bo.reads([HOUSE]);
    await bo.page.getByText(waits).waitFor({ state: 'detached' });
    await bo.readsDraft(bo.draft, 'Half a thought');
  });

  it('E4 E5: what the narrator saw, and what it knows', async () => {
    const { owner: ann, invite } = await browser.host({ premise: 'Low tide.' });
    const eve = await browser.guest('Eve', invite('spectator'));
    await ann.writes(HOUSE);
    await ann.button('Ask the narrator to continue').click();
    await eve.passage(DRAGON).waitFor();
    await expect.poll(() => eve.passage(DRAGON).getAttribute('aria-busy')).toBe('false');
    await eve.passageMenu(eve.passage(DRAGON), 'What the narrator saw…');
    await inDialog(eve, 'Open all parts').click();
    await dialog(eve).getByText(HOUSE).filter({ visible: true }).first().waitFor();
    await eve.sees('Nothing was left out.');
    await eve.page.keyboard.press('Escape');

    await ann.menu('What the narrator knows…');
    await inDialog(ann, 'Add something the narrator should know').click();
    await ann.page.getByLabel('What the narrator should know').fill('Morwen fears water.');
    await inDialog(ann, 'Save').click();
    await eve.menu('What the narrator knows…');
    await dialog(eve).getByText('Morwen fears water.').waitFor();
    expect(
      await dialog(eve)
        .getByRole('button', { name: /^(Change|Delete|Add)/ })
        .count(),
    ).toBe(0);
    await inDialog(ann, 'Change “Morwen fears water.”').click();
    await ann.page.getByLabel('What the narrator should know').fill('Morwen fears running water.');
    await inDialog(ann, 'Save').click();
    await dialog(eve).getByText('Morwen fears running water.').waitFor();
    await inDialog(ann, /^No longer always tell/).click();
    await inDialog(ann, /^Always tell/).waitFor();
    await inDialog(ann, /^Delete/).click();
    await inDialog(ann, 'Delete').click();
    await dialog(eve).getByText('Morwen fears running water.').waitFor({ state: 'detached' });
  });

  it('G1 G3: what is removed for good is gone for all, its place is marked; talk too', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await bo.writes('My street is Harbour Lane 5.');
    expect(await bo.passageActions(bo.passage('Harbour Lane'))).not.toContain('Remove for good…');
    await ann.passageMenu(ann.passage('Harbour Lane'), 'Remove for good…');
    const remove = inDialog(ann, 'Remove it for good');
    await ann.page.getByLabel('Type “remove” to go on').fill('yes');
    expect(await remove.isDisabled()).toBe(true);
    await ann.page.getByLabel('Type “remove” to go on').fill('remove');
    await remove.click();
    await bo.sees(/passage by Bo was removed for good/);
    expect(await bo.page.getByText('Harbour Lane').count()).toBe(0);

    for (const person of [ann, bo]) await person.panel('Table talk');
    await bo.page.getByLabel('Say something at the table').fill('Call me at 555.');
    await bo.page.keyboard.press('Enter');
    await ann.page.getByRole('log').getByText('Call me at 555.').waitFor();
    await ann.button('Actions for the line by Bo').click();
    await ann.page.getByRole('menuitem', { name: 'Remove for good…' }).click();
    await ann.page.getByLabel('Type “remove” to go on').fill('remove');
    await remove.click();
    await ann.page.getByRole('log').getByText('Call me at 555.').waitFor({ state: 'detached' });
    await bo.page.reload();
    await bo.isSeated();
    await bo.panel('Table talk');
    await bo.page.getByRole('log').waitFor();
    expect(await bo.page.getByText('Call me at 555.').count()).toBe(0);
  });

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`K4: axe finds nothing serious in the dialogs (${look})`, async () => {
      const { owner: ann, invite } = await browser.host({}, options);
      const bo = await browser.guest('Bo', invite());
      await ann.writes(HOUSE);
      await ann.button('Ask the narrator to continue').click();
      await expect.poll(() => ann.passage(DRAGON).getAttribute('aria-busy')).toBe('false');
      await bo.writes(BOAT);
      await ann.passageMenu(ann.passage(DRAGON), 'Take out, with what builds on it…');
      await inDialog(ann, /^Take back/).waitFor();
      await isClean(ann, 'preview');
      const width = await ann.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(width).toBe(0);
      await ann.page.keyboard.press('Escape');
      await ann.isFocused(ann.passage(DRAGON).getByRole('button', { name: /^Actions for the passage/ }));
      await ann.passageMenu(ann.passage(DRAGON), 'What the narrator saw…');
      await inDialog(ann, 'Open all parts').click();
      await isClean(ann, 'sight');
      await ann.page.keyboard.press('Escape');
      await ann.passageMenu(ann.passage(DRAGON), 'Remove for good…');
      await inDialog(ann, 'Remove it for good').waitFor();
      await isClean(ann, 'purge');
      await ann.page.keyboard.press('Escape');
      for (const item of ['Take back part of the story…', 'What the narrator knows…', 'Export…']) {
        await ann.menu(item);
        await dialog(ann)
          .getByRole('button')
          .nth(1)
          .or(dialog(ann).getByRole('link').first())
          .first()
          .waitFor();
        await isClean(ann, item);
        await ann.page.keyboard.press('Escape');
        await dialog(ann).waitFor({ state: 'detached' });
      }
      await bo.passageMenu(bo.passage(BOAT), 'Reopen');
      await bo.readsDraft(bo.draft, BOAT);
      await bo.types(bo.draft, ' More.');
      await previewBackTo(ann, HOUSE);
      await takeBackNow(ann);
      await kept(bo).waitFor();
      await isClean(bo, 'kept words');
      await bo.menu('My texts that were taken back…');
      await inDialog(bo, 'Write it again').waitFor();
      await isClean(bo, 'taken back');
    });
  }
});
