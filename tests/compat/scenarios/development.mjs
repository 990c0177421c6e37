// The error page, which only development mode has.
export const profile = "development";

export default {
  "development: the error page": async (t) => {
    for (const query of [
      "",
      "?error=INVALID_TOKEN",
      "?error=%3Cscript%3E",
      "?error=x&error_description=plain%20words",
    ])
      await t.get(`/error${query}`);
  },

  "development: the error page, unusual requests": async (t) => {
    await t.get("/error?error=a&error=b");
    await t.post("/error");
  },
};
