// What people do: preferences, and ways through the pages by keyboard alone.
import { check, must, none, open } from './support.mjs';

async function theme(browser, state) {
  const { context, complaints } = await open(browser, 'en', { storageState: state });
  const page = await context.newPage();
  await check('the theme changes at once and is remembered', async () => {
    await page.goto('/');
    await page.click('summary.who');
    await page.click('[name=theme][value=dark]');
    await page.waitForSelector('html[data-theme=dark]');
    await page.waitForLoadState('networkidle');
    await page.reload();
    must(await page.getAttribute('html', 'data-theme') === 'dark', 'forgotten');
    await page.click('summary.who');
    await page.click('[name=theme][value=auto]');
    await page.waitForSelector('html[data-theme=auto]');
    await page.waitForLoadState('networkidle');
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
  const { context, complaints } = await open(browser, 'en', { storageState: state });
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

export async function walks(browser, state) {
  await theme(browser, state);
  await filters(browser, state);
}
