// The examples of docs/forward-authentication.md.
import { readFile } from "node:fs/promises";

const page = await readFile(new URL("../../../docs/forward-authentication.md", import.meta.url), "utf8");

/** Returns the code blocks of the page in a language, in order. */
export function blocks(language) {
  const fenced = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
  const found = Array.from(page.matchAll(fenced), ([, content]) => content);
  if (found.length === 0) throw new Error(`the page has no example in ${language}`);
  return found;
}

/** Replaces parts of an example. Each of them must be there. */
export function adapt(text, replacements) {
  return Object.entries(replacements).reduce((adapted, [from, to]) => {
    if (!adapted.includes(from)) throw new Error(`the example does not contain ${from}`);
    return adapted.replaceAll(from, to);
  }, text);
}
