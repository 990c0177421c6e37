// Codes that prove a phone number: right, wrong, expired and older ones.
import { requestChecks } from "../support/guards.mjs";
import { NUMBER, OTHER, WRONG, lapseNewest, owner, prove, sent, verify } from "../support/phones.mjs";

const SEND = "/phone-number/send-otp";
const VERIFY = "/phone-number/verify";

export const profile = "phone-number";

export default {
  ...requestChecks(SEND, { phoneNumber: NUMBER }),
  ...requestChecks(VERIFY, { phoneNumber: NUMBER, code: "123456" }),

  "phone code: sent to numbers": async (t) => {
    await sent(t, { label: "a number" });
    await sent(t, { label: "again" });
    await owner(t, { number: OTHER });
    await sent(t, { to: OTHER, label: "of a user" });
    await sent(t, { to: OTHER, jar: "own", label: "of the user itself" });
  },

  "phone code: numbers of every form": async (t) => {
    for (const [label, phoneNumber] of Object.entries({
      "without a plus": "4915112345678",
      "with spaces": "+49 151 12345678",
      "with hyphens": "+49-151-12345678",
      short: "1",
      "spaces around": " +4915112345678 ",
    }))
      await t.post(SEND, { phoneNumber }, { label });
  },

  "phone code: numbers that are no numbers": async (t) => {
    for (const [label, phoneNumber] of Object.entries({
      empty: "",
      blank: " ",
      word: "abc",
      address: "ada@example.com",
      "a line break": "+49\r\n151",
      long: "1".repeat(300),
      "beyond ascii": "+٤٩",
    }))
      await t.post(SEND, { phoneNumber }, { label });
  },

  "phone code: a number with NUL": async (t) => {
    await t.post(SEND, { phoneNumber: "+49\0" }, { label: "send" });
    await t.post(VERIFY, { phoneNumber: "+49\0", code: "1" }, { label: "verify" });
  },

  "phone code: bodies of requests": async (t) => {
    for (const body of [{}, { phoneNumber: null }, { phoneNumber: 1 }, { phoneNumber: [NUMBER] }, { phone: NUMBER }])
      await t.post(SEND, body, { label: JSON.stringify(body) });
  },

  "phone code: bodies of proofs": async (t) => {
    for (const body of [
      {},
      { phoneNumber: NUMBER },
      { code: "1" },
      { phoneNumber: 1, code: 2 },
      { phoneNumber: null, code: null },
      { phoneNumber: NUMBER, code: 123456 },
      { phoneNumber: NUMBER, code: "1", disableSession: "x" },
      { phoneNumber: NUMBER, code: "1", disableSession: null },
      { phoneNumber: NUMBER, code: "1", updatePhoneNumber: 1 },
      { phoneNumber: 1, code: 2, disableSession: 3, updatePhoneNumber: 4 },
      { phoneNumber: NUMBER, code: "1", more: { a: 1 } },
    ])
      await t.post(VERIFY, body, { label: JSON.stringify(body) });
  },

  "phone code: none was requested": async (t) => {
    await verify(t, "123456", { label: "no user" });
    await owner(t);
    await verify(t, "123456", { label: "a user" });
    await verify(t, "", { number: "", label: "nothing" });
  },

  "phone code: wrong ones": async (t) => {
    await owner(t);
    const code = await sent(t);
    for (const wrong of [WRONG, ""]) await verify(t, wrong, { label: `wrong ${JSON.stringify(wrong)}` });
    await verify(t, code, { label: "right" });
    await verify(t, code, { label: "again" });
  },

  "phone code: with something more": async (t) => {
    await owner(t);
    const code = await sent(t);
    await verify(t, `${code}:0`, { label: "a separator" });
    await verify(t, ` ${code}`, { label: "a space" });
    await verify(t, code, { label: "right" });
  },

  "phone code: three wrong ones": async (t) => {
    await owner(t);
    const code = await sent(t);
    for (const number of [1, 2, 3]) await verify(t, WRONG, { label: `wrong ${number}` });
    await verify(t, code, { label: "right, too late" });
    await verify(t, code, { label: "right, again" });
  },

  "phone code: the next one after three wrong ones": async (t) => {
    await owner(t);
    await sent(t);
    for (const number of [1, 2, 3]) await verify(t, WRONG, { label: `wrong ${number}` });
    await prove(t, { label: "the next" });
  },

  "phone code: an older one": async (t) => {
    await owner(t);
    const older = await sent(t);
    const newer = await sent(t);
    await verify(t, older, { label: "the older" });
    await verify(t, newer, { label: "the newer" });
    await verify(t, older, { jar: "b", label: "the older after the newer" });
  },

  "phone code: an older one after the newer expired": async (t) => {
    await owner(t);
    const older = await sent(t);
    const newer = await sent(t);
    await lapseNewest(t);
    await verify(t, newer, { label: "the newer" });
    await verify(t, older, { label: "the older" });
  },

  "phone code: an expired one": async (t) => {
    await owner(t);
    const code = await sent(t);
    await t.lapse();
    await verify(t, code, { label: "too late" });
    await verify(t, code, { label: "again" });
    await prove(t, { label: "the next" });
  },

  "phone code: of another number": async (t) => {
    await owner(t);
    await owner(t, { name: "bob", number: OTHER, jar: "bob" });
    const code = await sent(t);
    await sent(t, { to: OTHER });
    await verify(t, code, { number: OTHER, label: "at the other" });
    await verify(t, code, { label: "at its own" });
  },

  "phone code: another spelling of the number": async (t) => {
    await owner(t);
    const code = await sent(t);
    await verify(t, code, { number: "+49 151 12345678", label: "with spaces" });
    await verify(t, code, { number: ` ${NUMBER}`, label: "with a space before" });
    await verify(t, code, { label: "as it was" });
  },
};
