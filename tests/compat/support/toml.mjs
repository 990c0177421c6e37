// Serialisation of options as TOML.

/** @param {object} table strings, numbers, booleans, arrays of these, and nested tables, by name */
export function toml(table, path = []) {
  const isTable = ([, value]) => value !== null && typeof value === "object" && !Array.isArray(value);
  const entries = Object.entries(table);
  const own = entries
    .filter((entry) => !isTable(entry))
    .map(([name, value]) => `${key(name)} = ${JSON.stringify(value)}`);
  const below = entries.filter(isTable).map(([name, value]) => toml(value, [...path, key(name)]));
  const head = path.length > 0 ? [`[${path.join(".")}]`] : [];
  return [...head, ...own, ...below].join("\n");
}

function key(name) {
  return /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
}
