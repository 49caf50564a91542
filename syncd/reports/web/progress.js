"use strict";
const form = document.getElementById("filter");
const [search, who, kind, unfinished] = ["search", "who", "kind", "unfinished"].map((name) => form.elements[name]);
const found = form.querySelector("output");
const items = [...document.querySelectorAll("[data-k]")].map((element) => ({
  element,
  matrix: element.closest(".matrix") !== null,
  text: fold((element.closest(".matrix") ? element.cells[0] : element).textContent),
}));
const titles = [...document.querySelectorAll(".matrix thead th:not(:first-child)")].map((head) => fold(head.textContent));

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

function show() {
  const wanted = search.value.split(/\s+/).map(fold).filter(Boolean);
  // A document's title stands above every row of the matrix: to look for it there hides none.
  const named = wanted.filter((word) => !titles.some((title) => title.includes(word)));
  const facilities = new Set();
  for (const { element, matrix, text } of items) {
    const fits = (matrix ? named : wanted).every((word) => text.includes(word))
      && (!kind.value || element.dataset.k === kind.value)
      && (!who.value || (matrix ? element.querySelector(who.value) : element.matches(who.value) || element.querySelector(who.value)))
      && (!unfinished.checked || !matrix || element.querySelector(".l,.r,.s,.y,.m,.q"));
    element.hidden = !fits;
    if (fits && matrix) facilities.add(text);
  }
  const filtered = wanted.length > 0 || kind.value || who.value || unfinished.checked;
  found.textContent = filtered ? found.dataset.text.replace("{n}", facilities.size) : "";
}

form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("reset", () => setTimeout(show));
form.addEventListener("submit", (event) => event.preventDefault());
show();
