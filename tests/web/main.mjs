// Every page in its states, then what people do with them; the last things spoil the store most.
import { address, language, open, prefer, signIn, withBrowser } from './support.mjs';
import { accounts } from './accounts.mjs';
import { bills } from './bills.mjs';
import { pages } from './pages.mjs';
import { panes } from './panes.mjs';
import { refusals } from './refusals.mjs';
import { walks } from './walks.mjs';
import { ways } from './way.mjs';

await withBrowser(async (browser) => {
  console.log(`# ${browser.version()}, ${address}, ${language}`);
  const { context } = await open(browser);
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page);
  await prefer(page, 'lang', language);
  const state = await context.storageState();
  await context.close();
  await pages(browser, state);
  await walks(browser, state);
  await accounts(browser, state);
  await ways(browser);
  await panes(browser);
  await bills(browser);
  await refusals(browser, state);
});
