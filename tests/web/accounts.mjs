// The VAT number of a billing account: a wrong one is told of beside its field, a right one is
// kept; on a phone with the keyboard alone, and in a browser without script.
import {
  accessiblePlain, check, equal, fits, forgive, go, look, must, none, open, PHONE, sql, swap,
  visit,
} from './support.mjs';
import { reach } from './way.mjs';
import { WORDS } from './words.mjs';

const NUMBERS = { keyboard: 'fr 40 303 265 045', plain: 'FR11 123456782' };

class Walk {
  constructor(page, complaints, scripted) {
    Object.assign(this, { page, complaints, scripted });
  }

  async press(locator) {
    if (!this.scripted) return locator.click();
    await reach(this.page, locator);
    return this.page.keyboard.press('Enter');
  }

  async write(locator, text) {
    if (!this.scripted) return locator.fill(text);
    await reach(this.page, locator);
    await this.page.keyboard.press('Control+A');
    return this.page.keyboard.type(text);
  }

  // With a script a pane is changed, without one the page is left.
  part(press) {
    return this.scripted ? swap(this.page, press) : go(this.page, press);
  }

  async at(name) {
    await fits(this.page);
    if (this.scripted) await look(this.page, name, this.complaints);
    else await accessiblePlain(this.page);
    none(this.complaints);
  }

  async run() {
    const { page } = this;
    const field = page.locator('[name=vat_id]');
    const save = page.getByRole('button', { name: WORDS.save, exact: true });
    await visit(page, '/billing/accounts', this.complaints);
    await go(page, () => this.press(page.locator('a.row-link').first()));
    await this.part(() => this.press(page.getByRole('link', { name: WORDS.edit, exact: true })));
    await this.write(field, 'FR1');
    await this.part(() => this.press(save));
    forgive(this.complaints, 422);
    equal(await field.inputValue(), 'FR1', 'what was typed stays');
    equal(await field.getAttribute('aria-invalid'), 'true', 'the field is marked');
    must(await page.locator('#vat_id-error').isVisible(), 'it is told what is wrong');
    await this.at('walk-account-wrong');
    const number = this.scripted ? NUMBERS.keyboard : NUMBERS.plain;
    await this.write(field, number);
    await go(page, () => this.press(save));
    const kept = number.toUpperCase().replaceAll(' ', '');
    must((await page.locator('main').innerText()).includes(kept), `${kept} is not shown`);
    const [[stored]] = sql("SELECT vat_id FROM account WHERE name = 'Fonderie Marsault'");
    equal(stored, kept, 'kept');
    await this.at('walk-account');
  }
}

export async function accounts(browser, state) {
  for (const scripted of [true, false]) {
    const { context, complaints } = await open(browser,
      { storageState: state, viewport: PHONE, javaScriptEnabled: scripted });
    const way = scripted ? 'keyboard alone' : 'without script';
    await check(`a VAT number is edited, ${way}`, async () =>
      new Walk(await context.newPage(), complaints, scripted).run());
    await context.close();
  }
}
