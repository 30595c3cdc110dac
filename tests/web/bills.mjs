// What is unpaid is paid on its page, and credit balance is asked back: by the keyboard alone, and
// in a browser without script.
import {
  accessible, accessiblePlain, api, balance, check, DESK, fits, giveCreditBack, go, must, none,
  open, PHONE, signIn, swap,
} from './support.mjs';
import { keyboard, pointer } from './way.mjs';
import { WORDS } from './words.mjs';

// An order by transfer, which is unpaid at first; the account and a card of it.
async function owe() {
  const methods = (await api.get('/v1/payment_methods')).data;
  const of = (kind) => methods.findLast((method) => method.kind === kind);
  const { account } = of('transfer');
  await api.post('/v1/orders', {
    account, payment_method: of('transfer').id,
    lines: [{ offer: 'basic', quantity: 1, term: 'P1M', billing: 'monthly' }],
  });
  return { account, card: methods.findLast(({ label }) => label.endsWith('4242')).id };
}

async function unpaid() {
  const invoices = (await api.get('/v1/invoices?limit=100')).data;
  return invoices.filter((invoice) => invoice.unpaid.amount > 0).length;
}

async function pay(page, hand, complaints) {
  const { account, card } = await owe();
  must(await unpaid() > 0, 'nothing is unpaid');
  await page.goto(`/billing/accounts/${account}/pay?payment_method=${card}`);
  await page.locator('.along a').first().waitFor();
  await page.locator('.ba-after').waitFor();
  none(complaints);
  await go(page, () => hand.press(page.locator('main button[name=do]')));
  await page.locator('.alert-success').first().waitFor();
  must(await unpaid() === 0, 'still unpaid');
  none(complaints);
}

// What was bought by card and cancelled at once; the account.
async function cancel() {
  const methods = (await api.get('/v1/payment_methods')).data;
  const { account, id: method } = methods.findLast(({ label }) => label.endsWith('4242'));
  const order = await api.post('/v1/orders', {
    account, payment_method: method,
    lines: [{ offer: 'basic', quantity: 5, term: 'P1M', billing: 'monthly' }],
  });
  await api.post(`/v1/subscriptions/${order.lines[0].subscription}/cancel`, {});
  return account;
}

async function refund(page, hand, complaints) {
  const account = await cancel();
  const before = await balance(account);
  must(before > 100, `a balance of ${before}`);
  await page.goto(`/billing/credit?account=${account}`);
  const opener = page.locator('main').getByRole('link', { name: WORDS.refund, exact: true });
  const scripted = await page.evaluate(() => Boolean(window.htmx));
  await (scripted ? hand.press(opener) : go(page, () => hand.press(opener)));
  const amount = page.locator('[name=amount]');
  await amount.waitFor();
  await fits(page);
  await (scripted ? accessible : accessiblePlain)(page);
  none(complaints);
  await hand.write(amount, '1');
  const confirm = page.locator('.pane-foot button').first();
  await (scripted ? swap : go)(page, () => hand.press(confirm)); // shows its effect first
  await page.locator('.effect').getByText(/1[.,]00/).first().waitFor();
  await go(page, () => hand.press(confirm));
  await page.locator('.alert-success').first().waitFor();
  must(await balance(account) === before - 100, 'another balance');
  none(complaints);
  await giveCreditBack(account);
}

async function own(browser, name, run, hand, options) {
  const { context, complaints } = await open(browser, options);
  const page = await context.newPage();
  await check(name, async () => {
    await page.goto('/sign-in');
    await signIn(page);
    await run(page, hand(page), complaints);
  });
  await context.close();
}

export async function bills(browser) {
  const plain = { viewport: PHONE, javaScriptEnabled: false };
  await own(browser, 'the balance is paid by keyboard alone', pay, keyboard, { viewport: DESK });
  await own(browser, 'the balance is paid without script, on a phone', pay, pointer, plain);
  await own(browser, 'a refund is asked by keyboard alone', refund, keyboard, { viewport: DESK });
  await own(browser, 'a refund is asked without script, on a phone', refund, pointer, plain);
}
