// Derivation of one option set from another.

/** `base` overridden by `instead`: objects are merged, other values are replaced. */
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
