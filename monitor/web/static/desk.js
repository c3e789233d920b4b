// Swaps parts of pages that the server made. Without it every form still works: it only saves a click.
//
// <form data-live="/where" data-target="id">: while somebody types, the form is sent to /where and what
// comes back is put into #id. <div data-poll="/where">: asked every second until what comes polls no more.
"use strict";
(() => {
  const PAUSE_MS = 300, POLL_MS = 1000;

  async function part(url, options) {
    const answer = await fetch(url, { ...options, headers: { "x-fragment": "1", ...(options?.headers) } });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    return answer.text();
  }

  function put(target, html) {
    // The server's own templates, everything in them escaped; scripts put in like this do not run.
    target.innerHTML = html;
    target.querySelectorAll("[data-poll]").forEach(poll);
  }

  function live(form) {
    const target = document.getElementById(form.dataset.target);
    let timer = 0, turn = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++turn;
        try {
          const body = new URLSearchParams(new FormData(form));
          const html = await part(form.dataset.live, { method: "POST", body });
          if (mine === turn) put(target, html);
        } catch { /* the button still works */ }
      }, PAUSE_MS);
    });
  }

  function poll(element) {
    setTimeout(async () => {
      if (document.hidden) return poll(element);
      try { put(element.parentElement, await part(element.dataset.poll)); } catch { poll(element); }
    }, POLL_MS);
  }

  // "/" goes to the first search field, as in other tools; never while somebody types.
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector('main input[type="search"]');
    if (field) { event.preventDefault(); field.focus(); }
  });

  document.querySelectorAll("form[data-live]").forEach(live);
  document.querySelectorAll("[data-poll]").forEach(poll);
})();
