import { describe, expect, it } from 'vitest';
import { useBrowser, type Person } from '../support/browser.ts';
import { skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';

/** The links that the owner is shown once, by their labels. */
async function freshLinks(
  owner: Person,
): Promise<Record<'gm' | 'writer' | 'spectator' | 'recovery', string>> {
  const dialog = owner.page.getByRole('dialog', { name: 'Your session is open' });
  const link = (label: string) => dialog.getByLabel(label, { exact: true }).inputValue();
  const links = {
    gm: await link('Invite link for a game master'),
    writer: await link('Invite link for a writer'),
    spectator: await link('Invite link for a spectator'),
    recovery: await link('Recovery link, shown only this once'),
  };
  await owner.button('I have kept it: go to the story').click();
  await dialog.waitFor({ state: 'detached' });
  return links;
}

async function createByForm(owner: Person, title = 'The Lamp at Harrow Ferry'): Promise<void> {
  const { page } = owner;
  await page.goto('/');
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Your name at the table').fill(owner.name);
  await owner.button('Open the session').click();
}

describe.skipIf(skipUnless('chromium'))('creating and joining', () => {
  const browser = useBrowser(() => TestServer.start());

  it('R1: the form opens a session with its cast, rating and mode, and shows links for every role once', async () => {
    const ann = await browser.person('Ann');
    const { page } = ann;
    await page.goto('/');
    await ann.sees('Sessions that you open or join will be listed here.');
    await page.getByLabel('Title').fill('The Lamp at Harrow Ferry');
    await page.getByLabel('Premise').fill('The ferry no longer comes.\n\nNobody says why.');
    await page.getByLabel('Name of cast member 1').fill('Ines Vale');
    await page.getByLabel('Description of cast member 1').fill('ferry keeper');
    await ann.button('Add a cast member').click();
    await page.getByLabel('Name of cast member 2').fill('Tobias');
    await page.getByText('Turns, drafts and rating').click();
    await page.getByLabel('How do turns go?').selectOption('In order');
    await page.getByLabel('For whom is it?').selectOption('Everyone');
    await page.getByLabel('Your name at the table').fill('Ann');
    await ann.button('Open the session').click();

    const links = await freshLinks(ann);
    expect(new Set(Object.values(links)).size).toBe(4);
    await page.getByRole('heading', { name: 'The Lamp at Harrow Ferry', level: 1 }).waitFor();
    await ann.sees('The ferry no longer comes.');
    await ann.sees('Nobody says why.');
    await expect.poll(() => ann.turns.innerText()).toContain('It is your turn.');
    await ann.panel('Cast');
    expect(await page.getByRole('list', { name: 'Cast' }).getByRole('listitem').count()).toBe(2);
    await ann.sees('ferry keeper');
    await ann.menu('Session settings…');
    const settings = page.getByRole('dialog', { name: 'Session settings' });
    expect(await settings.getByLabel('For whom is it?').inputValue()).toBe('everyone');
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });

    await page.reload();
    await ann.isSeated();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.goto('/');
    await page.getByRole('link', { name: 'The Lamp at Harrow Ferry' }).click();
    await ann.isSeated();
  });

  it('R2: who opens a link types a name and nothing else, and is the same player after a reload', async () => {
    const ann = await browser.person('Ann');
    await createByForm(ann);
    const links = await freshLinks(ann);
    await ann.isSeated();
    const bo = await browser.person('Bo');
    await bo.page.goto(links.writer);
    await bo.sees('You are invited as writer.');
    expect(bo.page.url()).not.toContain('invite');
    expect(await bo.page.getByRole('textbox').count()).toBe(1);

    await bo.page.getByLabel('Your name at the table').fill('ann');
    await bo.button('Take a seat').click();
    await bo.sees('Somebody in this session has that name. Choose another.');
    bo.expects(/status of 409/);
    await bo.page.getByLabel('Your name at the table').fill('Bo');
    await bo.page.keyboard.press('Enter');
    await bo.isSeated();
    const cy = await browser.guest('Cy', links.spectator);
    await cy.sees('You are reading along as a spectator.');
    expect(await cy.button('Write a passage').count()).toBe(0);

    for (const person of [ann, bo, cy]) {
      await person.page.getByRole('list', { name: 'Here now: Ann, Bo and Cy' }).waitFor();
    }
    await bo.page.reload();
    await bo.isSeated();
    await bo.page.getByRole('list', { name: 'Players' }).getByText('Bo (you)').waitFor();
    await ann.page.getByRole('list', { name: 'Here now: Ann, Bo and Cy' }).waitFor();
    expect(await ann.page.getByRole('list', { name: 'Players' }).getByRole('listitem').count()).toBe(3);
  });

  it('R4: the recovery link brings the owner into another browser and is replaced by a new one', async () => {
    const ann = await browser.person('Ann');
    await createByForm(ann);
    const { recovery } = await freshLinks(ann);
    const again = await browser.person('Ann elsewhere');
    await again.page.goto(recovery);
    const dialog = again.page.getByRole('dialog', { name: 'Your seat is yours again' });
    await dialog.waitFor();
    const next = await dialog.getByLabel('Recovery link, shown only this once').inputValue();
    expect(next).not.toBe(recovery);
    await again.button('I have kept it: go to the story').click();
    await again.isSeated();
    await again.page.getByRole('list', { name: 'Players' }).getByText('Ann (you)').waitFor();
    ann.expects(/status of 403/);
    await ann.page.getByRole('heading', { name: 'You have left the table' }).waitFor();

    const thief = await browser.person('Thief');
    thief.expects(/status of 403/);
    await thief.page.goto(recovery);
    await thief.sees('This recovery link does not work or was used before.');
    await thief.button('Back to the start page').click();
    await thief.page.getByRole('heading', { name: 'Begin a story' }).waitFor();
  });

  it('R3: a link that was taken back lets nobody in', async () => {
    const { owner: ann, created, invite } = await browser.host();
    await ann.menu('Invite people…');
    const dialog = ann.page.getByRole('dialog', { name: 'Invite people' });
    await dialog.getByLabel('They come as').selectOption('spectator');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const made = dialog.getByLabel('Invite link for a spectator', { exact: true });
    const link = await made.inputValue();
    await dialog.getByRole('button', { name: 'Take back a writer link' }).click();
    await dialog.getByText('taken back').waitFor();

    const bo = await browser.person('Bo');
    bo.expects(/status of 403/);
    await bo.page.goto(invite('writer'));
    await bo.sees('This invite link was taken back. Ask the game master for a new one.');
    expect(await bo.page.getByRole('textbox').count()).toBe(0);
    expect(await bo.button('Try again').count()).toBe(0);
    await bo.page.goto(`/s/${created.sessionId}`);
    await bo.page.getByRole('heading', { name: 'You need an invite link' }).waitFor();
    await bo.page.goto(link);
    await bo.sees('You are invited as spectator.');
  });

  it('C2: an unknown session and an unknown address have a page that says so', async () => {
    const bo = await browser.person('Bo');
    bo.expects(/status of 404/);
    await bo.page.goto('/s/0000000000000000000000000');
    await bo.sees('This session does not exist on this server. Check the link.');
    await bo.page.goto('/nowhere/at/all');
    await bo.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  });

  it('R7: a role change and a removal take effect at once', async () => {
    const [ann, bo] = await browser.table({}, 'Bo');
    await bo.button('Write a passage').waitFor();
    await ann.page.getByLabel('Role of Bo').selectOption('spectator');
    await bo.sees('You are reading along as a spectator.');
    await ann.page.getByLabel('Role of Bo').selectOption('game master');
    await bo.button('Write a passage').waitFor();
    await bo.button('Session menu').click();
    await bo.page.getByRole('menuitem', { name: 'Invite people…' }).waitFor();
    await bo.page.keyboard.press('Escape');

    await ann.button('Remove Bo from the session').click();
    const ask = ann.page.getByRole('dialog', { name: 'Remove Bo? What they wrote stays in the story.' });
    await ask.getByRole('button', { name: 'Remove', exact: true }).click();
    await bo.page.getByRole('heading', { name: 'You have left the table' }).waitFor();
    await bo.sees('You were removed from this session by a game master.');
    await ann.page.getByRole('list', { name: 'Were here before' }).getByText('Bo').waitFor();
    bo.expects(/status of 403/);
    await bo.page.reload();
    await bo.page.getByRole('heading', { name: 'This session could not be opened' }).waitFor();
    await bo.sees('You were removed from this session by a game master.');
  });
});
