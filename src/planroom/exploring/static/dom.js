// Elements without markup: a text that comes from the design is only ever a text node.

export const byId = (id) => document.getElementById(id);

/** Return an element; properties whose names start with "on" listen, the others are attributes; null leaves one out. */
export function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A whole number with thin spaces between its thousands. */
export function grouped(count) {
  return count.toLocaleString("en").replaceAll(",", "\u2009");
}

export function plural(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
