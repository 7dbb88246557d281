// The search field and the list below it.

import { byId, element } from "./dom.js";
import { marked } from "./search.js";

export class Finder {
  #found = [];
  #at = 0;

  /** `search()` gives the index when it is first needed; `chosen(target)` and `typed(query)` are told what happens. */
  constructor(search, chosen, typed) {
    Object.assign(this, { search, chosen, typed, field: byId("find"), list: byId("results") });
    this.field.addEventListener("input", () => { this.look(); typed(this.field.value); });
    this.field.addEventListener("focus", () => this.look());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const at = [...this.list.children].indexOf(event.target.closest("li"));
      if (this.#found[at]) this.#choose(at);
    });
  }

  look() {
    const query = this.field.value.trim();
    if (!query) return this.close();
    this.#found = this.search().find(query);
    this.#at = 0;
    const lines = this.#found.map((each, at) => this.#line(each, at, query));
    this.list.replaceChildren(...(lines.length ? lines : [element("li", { class: "none", role: "option", "aria-disabled": "true" }, "Nothing found")]));
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #line(each, at, query) {
    const pieces = (text) => marked(text, query).map(([piece, hit]) => (hit ? element("mark", null, piece) : piece));
    const about = each.comment ? [each.where, each.comment].filter(Boolean).join(" — ") : each.where;
    return element("li", { id: `found-${at}`, role: "option" },
      element("span", { class: "what" }, pieces(each.name)),
      element("span", { class: "kind" }, each.kind),
      about ? element("span", { class: "where" }, pieces(about.slice(0, 160))) : null);
  }

  #mark() {
    [...this.list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === this.#at && this.#found.length > 0)));
    if (!this.#found.length) return;
    this.field.setAttribute("aria-activedescendant", `found-${this.#at}`);
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.#found.length) {
      event.preventDefault();
      if (this.list.hidden) this.look();
      this.#at = (this.#at + steps[event.key] + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter" && !this.list.hidden && this.#found.length) {
      event.preventDefault();
      this.#choose(this.#at);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (this.list.hidden) this.field.blur();
      else this.close();
    }
  }

  #choose(at) {
    this.close();
    this.chosen(this.#found[at].target);
  }
}
