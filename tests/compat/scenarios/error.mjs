const ROUTE = "/error";

export default {
  "error page: codes": async (t) => {
    await t.get(ROUTE);
    for (const code of [
      "",
      "INVALID_TOKEN",
      "email_doesn't_match",
      "a b",
      "<script>",
      "ä",
      "a.b",
      "a-b",
      "A".repeat(200),
      "%",
      "a\nb",
    ])
      await t.get(`${ROUTE}?error=${encodeURIComponent(code)}`);
  },

  "error page: descriptions": async (t) => {
    for (const text of ["", "plain words", `"><svg onload=alert(1)>`, "&amp;", "a+b", "ä", "x".repeat(500)])
      await t.get(`${ROUTE}?error=x&error_description=${encodeURIComponent(text)}`);
    await t.get(`${ROUTE}?error_description=alone`);
  },

  "error page: odd queries": async (t) => {
    for (const query of [
      "error=a&error=b",
      "error=a&error_description=b&error_description=c",
      "state=x",
      "error",
      "error=%ZZ",
    ])
      await t.get(`${ROUTE}?${query}`);
  },

  "error page: methods, origins and paths": async (t) => {
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"]) await t.call(method, ROUTE);
    await t.get(`${ROUTE}/`);
    await t.get(`${ROUTE}?error=x`, { headers: { origin: "https://evil.test" }, label: "foreign" });
  },
};
