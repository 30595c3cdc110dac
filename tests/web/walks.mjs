// What people do on a page: preferences, filters, panes, quantities.
import { check, DESK, go, must, nameOf, none, open, swap } from './support.mjs';
import { WORDS } from './words.mjs';

async function theme(browser, state) {
  const { context, complaints } = await open(browser, { storageState: state, viewport: DESK });
  const page = await context.newPage();
  await check('the theme changes at once and is remembered', async () => {
    await page.goto('/');
    await page.click('summary.who');
    const choose = (value) => Promise.all([page.waitForResponse(/\/preferences$/),
      page.click(`[name=theme][value=${value}]`)]);
    await choose('dark');
    await page.waitForSelector('html[data-theme=dark]');
    await page.reload();
    must(await page.getAttribute('html', 'data-theme') === 'dark', 'forgotten');
    await page.click('summary.who');
    await choose('auto');
    await page.waitForSelector('html[data-theme=auto]');
    none(complaints);
  });
  await check('Escape closes a menu and focus comes back', async () => {
    await page.goto('/');
    await page.focus('summary.who');
    await page.keyboard.press('Enter');
    await page.waitForSelector('details.menu[open]');
    await page.keyboard.press('Escape');
    must(await page.locator('details.menu[open]').count() === 0, 'still open');
    must(await page.evaluate(() => document.activeElement.matches('summary.who')), 'focus lost');
    none(complaints);
  });
  await context.close();
}

async function filters(browser, state) {
  const { context, complaints } = await open(browser, { storageState: state, viewport: DESK });
  const page = await context.newPage();
  await check('the list filters as one types, and its address says how', async () => {
    await page.goto('/billing/products');
    const all = await page.locator('#list tbody tr').count();
    const name = await page.locator('#list tbody a').first().innerText();
    await page.fill('#q', name);
    await page.waitForURL((url) => url.searchParams.get('q') === name);
    await page.waitForFunction((count) =>
      document.querySelectorAll('#list tbody tr').length < count, all);
    must(await page.evaluate(() => document.activeElement.id) === 'q', 'focus left the search');
    none(complaints);
  });
  await context.close();
}

async function panes(browser, state) {
  const { context, complaints } = await open(browser, { storageState: state, viewport: DESK });
  const page = await context.newPage();
  const inside = () => page.evaluate(() => document.activeElement.closest('dialog') !== null);
  await check('a pane takes the focus, Escape closes it, and the focus comes back', async () => {
    await page.goto('/billing/products');
    await page.getByRole('link', { name: nameOf('standard'), exact: true }).click();
    for (const name of [WORDS.manage, WORDS.cancel]) {
      const opener = page.getByRole('link', { name, exact: true });
      await opener.focus();
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.pane[open]');
      for (let steps = 0; steps < 12; steps++) {
        must(await inside(), `the focus left the pane ${name}`);
        await page.keyboard.press('Tab');
        if (await page.evaluate(() => document.activeElement === document.body)) {
          await page.keyboard.press('Tab'); // the browser's own bar lies between
        }
      }
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog.pane:not([open])', { state: 'attached' });
      must(await opener.evaluate((link) => link === document.activeElement), `${name}: focus lost`);
    }
    none(complaints);
  });
  await check('the price of a change goes along as one types', async () => {
    await page.goto('/billing/products');
    await go(page, () => page.getByRole('link', { name: nameOf('standard'), exact: true }).click());
    await swap(page, () => page.getByRole('link', { name: WORDS.manage, exact: true }).click());
    const seen = [];
    for (const quantity of ['150', '15', '1']) {
      await page.locator('[name=quantity]').fill(quantity);
      await page.waitForFunction((before) => {
        const due = document.querySelector('.effect .due-amount')?.innerText;
        return due && due !== before;
      }, seen.at(-1));
      seen.push(await page.locator('.effect .due-amount').innerText());
      must(await page.evaluate(() => document.activeElement.name) === 'quantity', 'focus left');
    }
    none(complaints);
    return seen.join(' · ');
  });
  await context.close();
}

export async function walks(browser, state) {
  await theme(browser, state);
  await filters(browser, state);
  await panes(browser, state);
}
