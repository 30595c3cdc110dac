// What can go wrong on the way: each time the page says what happened and what to do, and what was
// typed is still there.
import {
  api, catalog, check, DESK, equal, forgive, go, look, must, none, open, signIn, sql, swap,
} from './support.mjs';
import { WORDS } from './words.mjs';

const PO = 'BC-2026-118';
const CARDS = {
  declined: '4000 0000 0000 0002',
  authentication: '4000 0027 6000 3184',
  silent: '4000 0000 0000 0101',
};

// A session that nobody used for three hours is over.
const IDLE = 'UPDATE session SET seen_at = seen_at - 10800000';

class Buyer {
  constructor(page, complaints) {
    Object.assign(this, { page, complaints });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true }).first();
  }

  // The checkout of an offer, with a quantity and a number of purchase order typed into it.
  async checkout(address, quantity) {
    await this.page.goto(address);
    await go(this.page, () => this.page.locator('#buy-form .btn-primary').click());
    await this.type(quantity);
    none(this.complaints);
  }

  async type(quantity) {
    const total = this.page.locator('.total-amount');
    const before = await total.innerText();
    await this.page.locator('[name=po_number]').fill(PO);
    await this.page.locator('[name="quantity-0"]').fill(quantity);
    await total.filter({ hasNotText: before }).waitFor();
  }

  async kept(quantity) {
    equal(await this.page.locator('[name="quantity-0"]').inputValue(), quantity, 'quantity');
    equal(await this.page.locator('[name=po_number]').inputValue(), PO, 'number of purchase order');
  }

  // Adds a card in the pane of the checkout, which comes back with it chosen.
  async pay(card) {
    await swap(this.page, () => this.button(WORDS.addMethod).click());
    await this.page.waitForSelector('dialog.pane[open] [name=number]');
    await look(this.page, 'pane-method', this.complaints);
    await this.page.fill('[name=number]', '1234');
    await this.page.locator('.pane-foot .btn-primary').click();
    await this.page.waitForSelector('#number-error');
    forgive(this.complaints, 422);
    equal(await this.page.inputValue('[name=number]'), '1234', 'the number typed');
    await this.page.fill('[name=number]', card);
    await go(this.page, () => this.page.locator('.pane-foot .btn-primary').click());
    const chosen = this.page.locator('.choice', { has: this.page.locator(':checked') });
    equal((await chosen.innerText()).includes(card.slice(-4)), true, 'the new card is chosen');
  }

  async place() {
    await go(this.page, () => this.button(WORDS.place).click());
  }

  async ends(outcome, name) {
    await this.page.waitForSelector(`.outcome-${outcome}`);
    await look(this.page, name, this.complaints);
  }

  // The checkout again, with why, and with what was typed.
  async refused(status, words, quantity, name) {
    forgive(this.complaints, status);
    must(new URL(this.page.url()).pathname.startsWith('/billing/checkout/'), this.page.url());
    const told = await this.page.locator('main [role=alert]').first().innerText();
    must(words.test(told), `told: ${told}`);
    await this.kept(quantity);
    await look(this.page, name, this.complaints);
  }
}

async function orders() {
  return (await api.get('/v1/orders?limit=100')).data.length;
}

async function twice(browser, state, base) {
  await check('a double click places one order', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { context } = await open(browser, { storageState: state, javaScriptEnabled });
      const page = await context.newPage();
      const offer = javaScriptEnabled ? 'access-approval' : 'extra-storage';
      await page.goto(`/billing/purchase/${offer}?for=${base}`);
      await go(page, () => page.locator('#buy-form .btn-primary').click());
      const before = await orders();
      await page.getByRole('button', { name: WORDS.place }).dblclick();
      await page.waitForSelector('.outcome-placed');
      equal(await orders() - before, 1, `orders of ${offer}`);
      await context.close();
    }
  });
}

async function cards(buyer) {
  const { page } = buyer;
  await check('a declined card', async () => {
    await buyer.checkout('/billing/purchase/guides', '7');
    await buyer.pay(CARDS.declined);
    await buyer.kept('7');
    await look(page, 'checkout-standalone', buyer.complaints);
    await buyer.place();
    await buyer.ends('failed', 'order-declined');
    must(WORDS.declined.test(await page.innerText('.outcome')), 'what happened to the money');
    await go(page, () => page.locator('.outcome .btn-primary').click());
    await buyer.kept('7');
  });
  await check('the bank asks, and hears no; then yes', async () => {
    await buyer.pay(CARDS.authentication);
    for (const answer of ['no', 'yes']) {
      await buyer.place();
      await buyer.ends('bank', 'order-bank');
      await go(page, () => page.locator('.outcome .btn-primary').click());
      if (answer === 'no') await look(page, 'bank', buyer.complaints);
      await page.check(`[name=answer][value=${answer}]`);
      await go(page, () => page.locator('main .btn-primary').click());
      if (answer === 'yes') break;
      await buyer.ends('failed', 'order-refused-by-bank');
      await go(page, () => page.locator('.outcome .btn-primary').click());
      await buyer.kept('7');
      const cards = page.locator('.choice').filter({ hasText: CARDS.authentication.slice(-4) });
      await swap(page, () => cards.first().locator('input').check());
    }
    await page.waitForSelector('.outcome-placed');
    must((await page.innerText('main')).includes(PO), 'its number of purchase order');
    none(buyer.complaints);
  });
  await check('a bank that does not answer', async () => {
    await buyer.checkout('/billing/purchase/guides', '3');
    await buyer.pay(CARDS.silent);
    await buyer.place();
    await buyer.ends('processing', 'order-processing');
  });
}

async function changes(buyer, base) {
  const address = `/billing/purchase/multi-region?for=${base}`;
  await check('the price changed meanwhile', async () => {
    await buyer.checkout(address, '9');
    const before = await buyer.page.innerText('.total-amount');
    const dearer = structuredClone(catalog);
    dearer.version += '+dearer';
    for (const price of dearer.offers.find(({ id }) => id === 'multi-region').prices) {
      price.unit_amount += 11;
    }
    await api.publish(dearer);
    await buyer.place();
    await buyer.refused(409, WORDS.changed, '9', 'checkout-changed');
    must(await buyer.page.innerText('.total-amount') !== before, 'the new amount is not shown');
  });
  await check('the review has expired', async () => {
    await buyer.checkout(address, '8');
    sql('UPDATE quote SET expires_at = expires_at - 900000');
    await buyer.place();
    await buyer.refused(409, WORDS.expired, '8', 'checkout-expired');
  });
  await check('the session ended meanwhile', async () => {
    await buyer.checkout(address, '6');
    sql(IDLE);
    await buyer.place();
    equal(new URL(buyer.page.url()).pathname, '/sign-in', 'where one is');
    await look(buyer.page, 'sign-in-again', buyer.complaints);
    await signIn(buyer.page);
    must(new URL(buyer.page.url()).pathname.startsWith('/billing/checkout/'), buyer.page.url());
    await buyer.kept('6');
    none(buyer.complaints);
  });
  await check('the session ended, and a pane is opened', async () => {
    await buyer.page.goto(`/billing/products/${base}`);
    sql(IDLE);
    await go(buyer.page, () => buyer.page.getByRole('link', { name: WORDS.cancel }).click());
    equal(new URL(buyer.page.url()).pathname, '/sign-in', 'where one is');
    await signIn(buyer.page);
    must(new URL(buyer.page.url()).pathname.startsWith(`/billing/products/${base}`), 'not back');
    none(buyer.complaints);
  });
  await check('the base left active meanwhile', async () => {
    await buyer.checkout(address, '5');
    await api.post(`/v1/subscriptions/${base}/cancel`, { when: 'now' });
    await buyer.place();
    await buyer.refused(409, WORDS.baseLeft, '5', 'checkout-base-left');
    must(await buyer.button(WORDS.place).isDisabled(), 'it can still be placed');
    await buyer.page.goto(`/billing/products/${base}`);
    await look(buyer.page, 'details-disabled', buyer.complaints);
  });
}

export async function refusals(browser, state) {
  const { data } = await api.get('/v1/subscriptions?limit=100');
  const base = data.find(({ offer }) => offer === 'complete').id;
  await twice(browser, state, base);
  const { context, complaints } = await open(browser, { storageState: state, viewport: DESK });
  const buyer = new Buyer(await context.newPage(), complaints);
  await cards(buyer);
  await changes(buyer, base);
  await context.close();
}
