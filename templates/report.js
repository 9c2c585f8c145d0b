"use strict";
const button = document.getElementById("theme"), root = document.documentElement;
button.hidden = false;
button.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

/* A figure opens how it is made; without a script its link leads there. */
const dialog = document.getElementById("derivation");
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest("a.opens"), table = link && document.getElementById(link.hash.slice(1));
  if (!table || !dialog.showModal) return;
  event.preventDefault();
  const shown = table.closest(".scroll").cloneNode(true);
  for (const part of shown.querySelectorAll("[id]")) part.removeAttribute("id");
  shown.querySelector("caption").classList.remove("hidden");
  document.getElementById("derivation-body").replaceChildren(shown);
  if (!dialog.open) dialog.showModal();
});

document.getElementById("derivation-close").addEventListener("click", () => dialog.close());

/* A link to something folded away unfolds it. */
const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const inside = target.tagName === "SECTION" && target.firstElementChild;
  if (inside && inside.tagName === "DETAILS") inside.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", unfold);
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest('a[href^="#"]');
  if (link && link.hash === location.hash) unfold();
});
unfold();

/* The sliders look up plans that were solved beforehand; nothing is computed here but the place in the list. */
const held = document.getElementById("what-if");
if (held) {
  const data = JSON.parse(held.textContent), at = id => document.getElementById(id);
  const axes = ["aim", "seal", "score", "budget"], set = (id, words) => { at(id).textContent = words; };
  const places = () => axes.map(axis => Number(axis === "aim" ? document.querySelector('input[name="aim"]:checked').value : at(`lever-${axis}`).value));
  const number = spots => spots.reduce((place, spot, n) => place * data.places[axes[n]].length + spot, 0);
  const today = data.plans[data.answers[number(data.today)]];
  const show = () => {
    const spots = places(), answer = data.answers[number(spots)], plan = data.plans[answer];
    axes.slice(1).forEach((axis, n) => {
      const words = data.places[axis][spots[n + 1]];
      set(`lever-${axis}-says`, words);
      at(`lever-${axis}`).setAttribute("aria-valuetext", words);
    });
    for (const id of ["lever-figures", "lever-plan", "lever-changes"]) at(id).hidden = !plan;
    at("lever-none").hidden = !!plan;
    at("lever-open").hidden = !plan || !data.open.includes(number(spots));
    if (!plan) { set("lever-none", data.reasons[-1 - answer]); return; }
    set("lever-none", "");
    set("lever-open", data.open_says);
    set("lever-cost", plan.cost);
    set("lever-versus", plan.versus);
    set("lever-points", plan.score);
    set("lever-points-versus", plan.score_versus);
    set("lever-changes", plan.changes);
    plan.choices.forEach(([model, how, cost, was, changed], n) => {
      const row = at("lever-rows").rows[n], [, first, second, third] = row.cells;
      row.classList.toggle("changed", !!changed);
      first.textContent = model;
      second.textContent = how;
      third.textContent = cost;
      if (was) { const note = document.createElement("small"); note.textContent = was; second.append(note); }
    });
    for (const level of ["proven", "known", "possible"]) at(`lever-radar-${level}`).setAttribute("d", plan.radar[level]);
    at("lever-radar-was").setAttribute("d", today.radar.known);
    plan.percents.forEach((row, n) => row.forEach((words, k) => { at("lever-percents").rows[n].cells[k + 1].textContent = words; }));
  };
  const reset = () => {
    axes.slice(1).forEach((axis, n) => { at(`lever-${axis}`).value = data.today[n + 1]; });
    document.querySelector(`input[name="aim"][value="${data.today[0]}"]`).checked = true;
    show();
  };
  at("levers").querySelector(".controls").addEventListener("input", show);
  at("lever-reset").addEventListener("click", reset);
  at("levers").hidden = false;
  reset();
}
