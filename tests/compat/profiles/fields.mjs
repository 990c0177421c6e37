// Additional fields of users and sessions, with every type and every option.
import { derived } from "./derived.mjs";

const user = {
  nickname: { type: "string", required: false },
  age: { type: "number", required: false },
  isMember: { type: "boolean", required: false },
  bornOn: { type: "date", required: false },
  tags: { type: "string[]", required: false },
  scores: { type: "number[]", required: false },
  plan: { type: ["free", "paid"], required: false },
  settings: { type: "json", required: false },
  layout: { type: "json", required: false, defaultValue: { columns: 2, panes: ["a", "b"] } },
  locale: { type: "string", required: true },
  role: { type: "string", required: true, defaultValue: "reader" },
  theme: { type: "string", required: false, defaultValue: "dark" },
  level: { type: "number", required: false, defaultValue: 1 },
  isTester: { type: "boolean", required: false, defaultValue: false },
  internal: { type: "string", required: false, input: false },
  credit: { type: "number", required: false, input: false, defaultValue: 10 },
  hidden: { type: "string", required: false, returned: false },
  handle: { type: "string", required: false, unique: true },
};

const session = {
  device: { type: "string", required: false },
  seen: { type: "number", required: true, defaultValue: 0 },
  secretNote: { type: "string", required: false, returned: false, defaultValue: "x" },
  startedFrom: { type: ["web", "app"], required: false, defaultValue: "web" },
};

/** `base` with additional fields. */
export function fields(base) {
  return derived(base, {
    reference: { user: { additionalFields: user }, session: { additionalFields: session } },
    ours: { user: { additional_fields: ours(user) }, session: { additional_fields: ours(session) } },
  });
}

function ours(declared) {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { defaultValue, ...rest }]) => [
      name,
      { ...rest, ...(defaultValue !== undefined && { default_value: defaultValue }) },
    ]),
  );
}
