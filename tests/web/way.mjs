// The main way, walked whole: Home, Your products, a subscription, its add-ons, an offer, the
// checkout, the order, and back to the panes of the subscription. Each hand walks it: a pointer on
// a desk and on a phone, the keyboard alone, and a browser without script.
import {
  accessible, accessiblePlain, check, DESK, equal, fits, go, look, must, nameOf, none, open, PHONE,
  signIn, swap,
} from './support.mjs';
import { WORDS } from './words.mjs';

const BASE = 'standard';

// Hands -------------------------------------------------------------------------------------------

export function pointer(page) {
  return {
    press: (locator) => locator.click(),
    write: (locator, text) => locator.fill(text),
    take: (locator, label) => locator.selectOption({ label }),
    async pick(locator, label) {
      const chosen = await locator.evaluate((list) => list.selectedOptions[0].label);
      if (chosen !== label) await swap(page, () => locator.selectOption({ label }));
    },
  };
}

// Moves with Tab until what is wanted has the focus, and shows it.
export async function reach(page, locator) {
  const wanted = await locator.elementHandle();
  for (let steps = 0; steps < 200; steps++) {
    const [there, seen] = await wanted.evaluate((element) => [element === document.activeElement,
      getComputedStyle(element).outlineStyle !== 'none']);
    if (there) {
      must(seen, `the focus of ${locator} does not show`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${locator}`);
}

// Of a group of radio buttons Tab finds the chosen one, or the first, which the space bar chooses;
// arrows go on.
async function reachRadio(page, locator) {
  const name = await locator.getAttribute('name');
  const chosen = page.locator(`[name="${name}"]:checked`);
  if (await chosen.count() === 0) {
    await reach(page, page.locator(`[name="${name}"]:enabled`).first());
    await page.keyboard.press('Space');
  } else {
    await reach(page, chosen);
  }
  for (let steps = 0; steps < 10 && !await locator.isChecked(); steps++) {
    await page.keyboard.press('ArrowDown');
  }
  must(await locator.isChecked(), `arrows do not come to ${locator}`);
}

export function keyboard(page) {
  return {
    async press(locator) {
      if (await locator.getAttribute('type') === 'radio') return reachRadio(page, locator);
      await reach(page, locator);
      return page.keyboard.press('Enter');
    },
    async write(locator, text) {
      await reach(page, locator);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    },
    // Of a list that asks for nothing.
    async take(locator, label) {
      await reach(page, locator);
      await page.keyboard.type(label.slice(0, 9));
      equal(await locator.evaluate((list) => list.selectedOptions[0].label), label, 'chosen');
    },
    async pick(locator, label) {
      for (let steps = 0; steps < 10; steps++) {
        const chosen = await locator.evaluate((list) => list.selectedOptions[0].label);
        if (chosen === label) return;
        await reach(page, locator);
        await swap(page, () => page.keyboard.press('ArrowDown'));
      }
      throw new Error(`arrows do not come to ${label}`);
    },
  };
}

// Steps -------------------------------------------------------------------------------------------

// One walk: the page, its hand, and what is done at every station on the way.
export class Walk {
  constructor(page, hand, complaints, { scripted = true, looks = false } = {}) {
    Object.assign(this, { page, hand, complaints, scripted, looks, clicks: 0, seen: new Set() });
  }

  // The page is there: nobody is shut out of it, it fits, and nobody complained.
  async station(name, path) {
    const at = new URL(this.page.url()).pathname;
    must(path.test(at), `${name}: at ${at}`);
    const first = !this.seen.has(name);
    this.seen.add(name);
    if (this.looks && first) {
      await look(this.page, `way-${name}`, this.complaints);
      return;
    }
    await fits(this.page);
    if (first) await (this.scripted ? accessible : accessiblePlain)(this.page);
    none(this.complaints);
  }

  async follow(locator) {
    this.clicks += 1;
    await go(this.page, () => this.hand.press(locator));
  }

  link(name, within = 'main') {
    return this.page.locator(within).getByRole('link', { name, exact: true }).first();
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true }).first();
  }

  // From Home to the checkout of an add-on for the base.
  async toCheckout(addon) {
    await this.station('home', /^\/$/);
    await this.follow(this.link(WORDS.billing, 'nav'));
    await this.station('products', /^\/billing\/products$/);
    await this.follow(this.link(nameOf(BASE)));
    await this.station('details', /^\/billing\/products\/sub_\w+$/);
    await this.follow(this.link(WORDS.find));
    await this.station('purchase', /^\/billing\/purchase$/);
    await this.follow(this.link(nameOf(addon)));
    await this.station('product', new RegExp(`^/billing/purchase/${addon}$`));
    await this.follow(this.button(WORDS.connect));
    await this.station('checkout', /^\/billing\/checkout\/crt_\w+$/);
  }

  // The quantity of the only line; the total goes along.
  async changeQuantity(quantity) {
    const total = this.page.locator('.total-amount');
    const before = await total.innerText();
    await this.hand.write(this.page.locator('[name="quantity-0"]'), quantity);
    if (!this.scripted) await go(this.page, () => this.hand.press(this.button(WORDS.update)));
    await this.page.locator('.total-amount').filter({ hasNotText: before }).waitFor();
    none(this.complaints);
  }

  async place() {
    await this.follow(this.button(WORDS.place));
    await this.page.waitForSelector('.outcome-placed');
    await this.station('order', /^\/billing\/orders\/ord_\w+$/);
  }

  // Opens a pane: a dialog with a script, a page without.
  async pane(opener, name) {
    if (!this.scripted) {
      await go(this.page, () => this.hand.press(opener));
    } else {
      await this.hand.press(opener);
      await this.page.waitForSelector('dialog.pane[open] .pane-body');
      must(await this.page.evaluate(() => document.activeElement.closest('dialog') !== null),
        'the focus is not in the pane');
    }
    await this.station(name, /^\/billing\/products\/sub_\w+(\/\w+)?$/);
  }

  // Sends the pane: at once when its effect is shown, else after it has been.
  async save(label) {
    const button = (name) => this.page.locator('.pane-foot').getByRole('button', { name });
    if (!this.scripted) {
      await go(this.page, () => this.hand.press(button(label)));
      label = WORDS.confirm;
    }
    if (this.scripted || await button(label).count() > 0) {
      await this.page.waitForSelector('.effect .ba');
      await go(this.page, () => this.hand.press(button(label)));
    }
    if (this.page.url().includes('/orders/')) {
      await this.station('order-after', /^\/billing\/orders\/ord_\w+$/);
      await this.follow(this.link(WORDS.see));
    } else {
      await this.page.waitForSelector('main .alert-success');
    }
    await this.station('details-after', /^\/billing\/products\/sub_\w+$/);
  }

  // The row of an add-on on the page of its base.
  row(addon) {
    const name = this.page.getByRole('link', { name: nameOf(addon), exact: true });
    return this.page.locator('tr').filter({ has: name });
  }

  async manage(addon, quantity) {
    await this.pane(this.link(WORDS.manage), 'pane-addons');
    await this.hand.pick(this.page.locator('[name=addon]'), nameOf(addon));
    if (!this.scripted) await go(this.page, () => this.hand.press(this.button(/Choose|Choisir/)));
    await this.hand.write(this.page.locator('[name=quantity]'), quantity);
    if (this.scripted) {
      await this.page.waitForSelector('.effect .ba');
      if (this.looks) await look(this.page, 'way-pane-addons-effect', this.complaints);
    }
    await this.save(WORDS.save);
    await this.row(addon).getByText(quantity).first().waitFor();
  }

  // Cancels at the end of the term, and takes it back.
  async cancelAndKeep(addon) {
    await this.pane(this.link(WORDS.cancel), 'pane-cancel');
    await this.hand.press(this.page.locator('[name=when][value=end]'));
    if (this.scripted) {
      const names = this.page.locator('.effect').filter({ hasText: nameOf(addon) });
      await names.waitFor();
      if (this.looks) await look(this.page, 'way-pane-cancel-effect', this.complaints);
    }
    await this.save(WORDS.cancel);
    const settings = this.page.locator('section').filter({ has: this.page.locator('#settings') });
    await this.pane(settings.getByRole('link', { name: WORDS.change }).first(), 'pane-recurring');
    equal(await this.page.locator('[name=on]:checked').inputValue(), 'no', 'recurring billing');
    await this.hand.press(this.page.locator('[name=on][value=yes]'));
    await this.save(WORDS.save);
    await this.pane(settings.getByRole('link', { name: WORDS.change }).first(), 'pane-recurring');
    equal(await this.page.locator('[name=on]:checked').inputValue(), 'yes', 'recurring billing');
  }

  async whole(addon, { quantity, then }) {
    await this.page.goto('/');
    await this.toCheckout(addon);
    if (quantity) await this.changeQuantity(quantity);
    await this.place();
    const clicks = this.clicks;
    await this.follow(this.link(WORDS.see));
    await this.row(addon).waitFor();
    await this.manage(addon, then);
    await this.cancelAndKeep(addon);
    return clicks;
  }
}

// Walks -------------------------------------------------------------------------------------------

async function walk(browser, name, addon, how) {
  const { hand, options, quantity, then, scripted, looks, most } = how;
  const { context, complaints } = await open(browser, options);
  const page = await context.newPage();
  await check(name, async () => {
    await page.goto('/sign-in');
    await signIn(page);
    const way = new Walk(page, hand(page), complaints, { scripted, looks });
    const clicks = await way.whole(addon, { quantity, then });
    must(!most || clicks <= most, `${clicks} clicks to the order`);
    return `${clicks} clicks to the order`;
  });
  await context.close();
}

export async function ways(browser) {
  await walk(browser, 'the main way by pointer on a desk, nothing typed', 'archive-search',
    { hand: pointer, options: { viewport: DESK }, then: '3', looks: true, most: 6 });
  await walk(browser, 'the main way on a phone, dark', 'access-approval', {
    hand: pointer, options: { viewport: PHONE, colorScheme: 'dark', hasTouch: true },
    quantity: '12', then: '15',
  });
  await walk(browser, 'the main way by keyboard alone', 'mail-shield',
    { hand: keyboard, options: { viewport: DESK }, quantity: '42', then: '40' });
  await walk(browser, 'the main way without script, on a phone', 'multi-region', {
    hand: pointer, options: { viewport: PHONE, javaScriptEnabled: false }, quantity: '5', then: '6',
    scripted: false,
  });
}
