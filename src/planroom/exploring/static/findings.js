// Findings as a list: how bad, what, and what to do.

import { element } from "./dom.js";

export function findingList(findings) {
  return element("ul", { class: "judged" }, findings.map((each) =>
    element("li", null,
      element("span", { class: each.severity, title: each.severity, role: "img", "aria-label": each.severity }, each.glyph),
      element("div", null, `${each.code} ${each.message}`, each.fix ? element("div", { class: "fix" }, each.fix) : null))));
}
