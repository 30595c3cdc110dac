// What is unpaid is paid on its page: by the keyboard alone, and in a browser without script.
import { api, check, DESK, go, must, none, open, PHONE, signIn } from './support.mjs';
import { keyboard, pointer } from './way.mjs';

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

async function own(browser, name, hand, options) {
  const { context, complaints } = await open(browser, options);
  const page = await context.newPage();
  await check(name, async () => {
    await page.goto('/sign-in');
    await signIn(page);
    await pay(page, hand(page), complaints);
  });
  await context.close();
}

export async function bills(browser) {
  await own(browser, 'the balance is paid by keyboard alone', keyboard, { viewport: DESK });
  await own(browser, 'the balance is paid without script, on a phone', pointer,
    { viewport: PHONE, javaScriptEnabled: false });
}
