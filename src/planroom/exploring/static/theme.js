// Light, dark, or as the system has it; the choice is remembered where the browser lets a file remember.

import { byId } from "./dom.js";

const CHOICES = ["system", "light", "dark"];
const WORDS = { system: "as the system", light: "light", dark: "dark" };
const dark = matchMedia("(prefers-color-scheme: dark)");
const paper = matchMedia("print"); // is white, whatever the screen is

let choice = remembered();

export function startTheme(changed) {
  const apply = () => {
    const asked = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset.theme = paper.matches ? "light" : asked;
    byId("theme").setAttribute("aria-label", `Colours: ${WORDS[choice]}`);
    byId("theme").title = `Colours: ${WORDS[choice]}`;
    changed();
  };
  byId("theme").addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    remember();
    apply();
  });
  for (const query of [dark, paper]) query.addEventListener("change", apply);
  apply();
}

function remembered() {
  try {
    const found = localStorage.getItem("planroom.theme");
    return CHOICES.includes(found) ? found : "system";
  } catch {
    return "system";
  }
}

function remember() {
  try {
    localStorage.setItem("planroom.theme", choice);
  } catch {
    // A page that may not store anything asks the system next time.
  }
}

/** The colours and faces of the theme, read from the style sheet for what is drawn on canvas. */
export function tokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = "ground surface raised ink secondary hairline line accent mark no-fill no-edge sans mono".split(" ");
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  found.tint = Number(read("tint"));
  found.fill = (hue) => (hue < 0 || hue === undefined ? found["no-fill"] : read(`fill-${hue % 8}`));
  found.edge = (hue) => (hue < 0 || hue === undefined ? found["no-edge"] : read(`edge-${hue % 8}`));
  return found;
}
