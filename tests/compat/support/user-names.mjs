// User names for scenarios.

/** Names that the default rules reject, by the reason. */
export const INVALID = {
  empty: "",
  blank: "   ",
  "too short": "ab",
  "too short, one emoji": "🔑",
  "too long": "a".repeat(31),
  "far too long": "a".repeat(5000),
  "a space": "ada l",
  "a space before it": " ada_l",
  "a line feed after it": "ada_l\n",
  "a hyphen": "ada-l",
  "an at sign": "ada@example.com",
  "a letter beyond ASCII": "ädä",
  "a Kelvin sign": "ada\u212a",
  "a full-width letter": "ad\uff41",
  "a letter and an emoji": "a🔑",
  NUL: "ada\u0000l",
  "too long, and a space": `${"a".repeat(30)} `,
};

/** Names that the default rules accept. */
export const VALID = ["abc", "A1._", "___", "...", "000", "a".repeat(30), "Ada_Lovelace.1815"];

/** Values that are no texts. */
export const OF_WRONG_TYPE = { number: 1, true: true, false: false, array: ["ada_l"], object: { name: "ada_l" } };
