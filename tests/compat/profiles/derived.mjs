// A set of options that is like another.

/** `base`, and what is told instead: tables are merged, everything else takes the place of what was there. */
export function derived(base, instead) {
  const merged = Object.entries(instead).map(([name, value]) => [
    name,
    isTable(value) && isTable(base[name]) ? derived(base[name], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

function isTable(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
