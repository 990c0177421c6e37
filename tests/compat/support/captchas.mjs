// Requests with captchas.

export const PERSON = { name: "Ada", email: "ada@example.com", password: "password1234" };
export const SIGN_IN = { email: PERSON.email, password: PERSON.password };

/** The options of a request with the text that a page got for a challenge. */
export const solving = (response, options = {}) => ({
  ...options,
  headers: { "x-captcha-response": response, ...options.headers },
});

/** Signs Ada up with a solved challenge. */
export const signedUp = (t, options) => t.post("/sign-up/email", PERSON, solving("solved", options));

/** Scenarios for what the service of a provider is asked, and how it answers. */
export function asked(provider, place) {
  return {
    [`captcha: ${provider} is asked`]: async (t) => {
      await signedUp(t);
      await t.post("/sign-in/email", SIGN_IN, solving("guessed", { jar: "b", label: "a guess" }));
      await t.post("/sign-in/email", SIGN_IN, solving("solved", { jar: "b", label: "solved" }));
      await t.post("/sign-in/email", SIGN_IN, solving('solved{"a":"ü &=+"}', { jar: "b", label: "other characters" }));
      await t.post("/request-password-reset", { email: "bob@example.com" }, solving("solved"));
    },

    [`captcha: ${provider} misbehaves`]: async (t) => {
      for (const [label, change] of Object.entries({
        unavailable: (answer) => ({ ...answer, status: 503 }),
        "not found": (answer) => ({ ...answer, status: 404 }),
        silent: () => null,
        null: () => ({ body: null }),
        "an empty object": () => ({ body: {} }),
        "success as text": () => ({ body: { success: "" } }),
        "without success": () => ({ body: { success: null } }),
      })) {
        t.provider.change(place, change);
        await t.post("/sign-in/email", SIGN_IN, solving("solved", { label }));
      }
      t.provider.change(place, (answer) => answer);
      await signedUp(t, { label: "again" });
    },
  };
}
