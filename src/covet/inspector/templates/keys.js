// Keys to move by, and word of new rows. Without this every page works all the same.
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const open = (selector) => { const link = find(selector); if (link) link.click(); };
  let place = -1;
  const step = (by) => {
    const items = [...document.querySelectorAll("[data-item]")];
    if (!items.length) return;
    place = Math.min(items.length - 1, Math.max(0, place + by));
    const target = items[place].querySelector("a[href]");
    items.forEach((item, at) => item.classList.toggle("at", at === place));
    if (target) target.focus();
    items[place].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    "/": () => { const box = find('input[type="search"]'); if (box) { box.focus(); box.select(); } },
    j: () => step(1),
    k: () => step(-1),
    n: () => open('a[rel="next"]'),
    p: () => open('a[rel="prev"]'),
    u: () => open('a[rel="up"]'),
    "?": () => { const help = find("#keys"); help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key >= "1" && event.key <= "9") {
      const link = document.querySelectorAll("nav.pages a")[Number(event.key) - 1];
      if (link) link.click();
      return;
    }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  for (const choice of document.querySelectorAll("form.filters select")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
  }
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  }
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form.filters :disabled")) field.disabled = false;
  });
  const { stamp, follow } = document.body.dataset;
  const look = async () => {
    try {
      const now = await (await fetch("stamp", { cache: "no-store" })).text();
      if (now === stamp) return;
      if (follow === "yes" && !document.hidden && document.activeElement === document.body) {
        location.reload();
      } else {
        find("#fresh").hidden = false;
      }
    } catch { /* the server has ended: what is shown stays */ }
  };
  setInterval(look, 3000);
})();
