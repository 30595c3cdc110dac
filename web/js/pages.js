// What the pages do better with a script. Without it everything still works: panes are pages,
// preferences are forms, and a second sending is caught by the server.
(() => {
  'use strict';
  const root = document.documentElement;
  const pane = () => document.getElementById('pane');
  let opener = null;

  // Panes: the server's answer was put into the dialog; it opens, and focus comes back after.
  document.addEventListener('htmx:afterSwap', ({ detail }) => {
    const dialog = pane();
    if (detail.target !== dialog) return;
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    }
    const first = dialog.querySelector('[aria-invalid=true]') ??
      dialog.querySelector('[data-focus]') ??
      dialog.querySelector('.pane-body :is(input:not([type=hidden]), select, textarea):enabled') ??
      dialog.querySelector('#pane-title');
    first?.focus();
  });

  // An answer about what was typed before is not put over what has been typed since.
  document.addEventListener('htmx:beforeSwap', ({ detail }) => {
    const field = document.activeElement;
    const sent = detail.requestConfig?.parameters?.[field?.name];
    if (field?.matches('[inputmode=numeric]') && sent !== undefined && sent !== field.value) {
      detail.shouldSwap = false;
    }
  });

  function closed() {
    pane().replaceChildren();
    if (opener?.isConnected) opener.focus();
    opener = null;
  }

  document.addEventListener('click', (event) => {
    const dialog = pane();
    const closes = event.target.closest('[data-close]');
    if (closes && dialog?.open) {
      event.preventDefault();
      dialog.close();
    } else if (event.target === dialog) {
      dialog.close();
    }
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || pane()?.open) return;
    const menu = document.querySelector('details.menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });

  // The theme changes at once; the server remembers it.
  document.addEventListener('submit', (event) => {
    const { submitter, target } = event;
    if (target.matches('[data-preferences]') && submitter?.name === 'theme') {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(target, submitter));
      root.dataset.theme = submitter.value;
      for (const button of target.querySelectorAll('[name=theme]')) {
        button.setAttribute('aria-pressed', String(button === submitter));
      }
      fetch(target.action, { method: 'POST', body, redirect: 'manual', keepalive: true });
      return;
    }
    // What costs money is sent once.
    if (!target.matches('[data-once]')) return;
    if (target.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    target.dataset.sent = 'true';
    submitter?.setAttribute('aria-busy', 'true');
  }, true);

  function again() {
    for (const form of document.querySelectorAll('[data-sent]')) {
      delete form.dataset.sent;
      form.querySelector('[aria-busy]')?.removeAttribute('aria-busy');
    }
  }
  document.addEventListener('htmx:afterRequest', again);
  addEventListener('pageshow', again);
  addEventListener('DOMContentLoaded', () => pane()?.addEventListener('close', closed));
})();
