// What the page shows stands behind the # of its address, so that it can be linked, and gone back to.

export function readAddress() {
  const found = new URLSearchParams(location.hash.slice(1));
  const hops = Number(found.get("hops"));
  return {
    table: found.get("table") ?? "",
    column: found.get("column") ?? "",
    type: found.get("type") ?? "",
    search: found.get("search") ?? "",
    hops: Number.isInteger(hops) && hops > 0 ? Math.min(hops, 3) : 0,
  };
}

/** Write an address; what is empty is left out. A step that can be gone back from, unless it replaces the last. */
export function writeAddress(parts, { replace = false } = {}) {
  const kept = Object.entries(parts).filter(([, value]) => value);
  const hash = kept.length ? `#${kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}` : "#";
  if (hash === (location.hash || "#")) return;
  if (replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}
