// Several sessions on one device, with administration.
import { both, impersonate, post, stop } from "../support/admin.mjs";
import { activate, current, list } from "../support/multi-sessions.mjs";

export const profile = "multi-session-admin";

export default {
  "multi session admin: an impersonated session": async (t) => {
    const bob = await both(t);
    const jar = { jar: "root" };
    const own = (await current(t, "the administrator", jar)).json().session.token;
    await impersonate(t, bob);
    await list(t, "both sessions", jar);
    const acting = (await current(t, "the user", jar)).json().session.token;
    await activate(t, own, "the administrator's session", jar);
    await activate(t, acting, "the impersonated session", jar);
    await stop(t);
    await list(t, "in the end", jar);
  },

  "multi session admin: a banned user": async (t) => {
    const bob = await both(t);
    const { token } = (await t.signIn("bob", { jar: "root", label: "bob on the administrator's device" })).json();
    await t.signIn("root", { jar: "root", label: "root again" });
    await post(t, "ban-user", { userId: bob });
    await list(t, "list", { jar: "root" });
    await activate(t, token, "activate", { jar: "root" });
  },

  "multi session admin: a user that another program bans": async (t) => {
    await both(t);
    const { token } = (await t.signIn("bob", { jar: "root", label: "bob on the administrator's device" })).json();
    await t.signIn("root", { jar: "root", label: "root again" });
    await t.sql(`update "user" set banned = true where name = 'bob'`);
    await list(t, "list", { jar: "root" });
    await activate(t, token, "activate", { jar: "root" });
  },
};
