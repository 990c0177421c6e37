"use strict";

/** Returns the URL of a request: the path with its variables, and the parameters that are not empty. */
function target(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value !== "") query.set(input.name, input.value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** Returns a response as text: the status, the headers that scripts may see, and the body. */
async function shown(response) {
  if (response.type === "opaqueredirect") return "A redirect. Browsers do not show its target to scripts.";
  const headers = Array.from(response.headers, ([name, value]) => `${name}: ${value}`);
  const text = await response.text();
  let body = text;
  try {
    body = JSON.stringify(JSON.parse(text), null, 2);
  } catch {}
  return [`${response.status} ${response.statusText}`, ...headers, "", body].join("\n");
}

/** Returns the body of a form that is written as one member in each line. */
function formOf(text) {
  const lines = text.split("\n").filter((line) => line.includes("="));
  const members = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  return String(new URLSearchParams(members));
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const body = form.querySelector("textarea")?.value;
  const options = { method: form.dataset.method, redirect: "manual", cache: "no-store" };
  const type = form.dataset.type;
  if (body) {
    options.body = type === "application/json" ? body : formOf(body);
    options.headers = { "content-type": type };
  }
  const answer = form.querySelector("output");
  answer.replaceChildren(document.createElement("pre"));
  try {
    answer.firstChild.textContent = await shown(await fetch(target(form), options));
  } catch (error) {
    answer.firstChild.textContent = String(error);
  }
}

for (const form of document.querySelectorAll("form")) form.addEventListener("submit", send);
if (location.hash) document.getElementById(location.hash.slice(1))?.setAttribute("open", "");
