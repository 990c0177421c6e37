// Steps of scenarios for users who sign in with accounts of providers.

/** The body of a request that begins a sign-in. */
export const BODY = { provider: "google", callbackURL: "/welcome" };
/** The cookie of a state in the database, and that of a state in a cookie. */
export const STATE = "better-auth.state";
export const STATE_COOKIE = "better-auth.oauth_state";
/** A navigation has no origin. */
const NAVIGATION = { headers: { origin: null } };

/** Begins a sign-in; returns the authorization URL. */
export async function begin(t, provider = "google", { body, ...options } = {}) {
  const answer = await t.post("/sign-in/social", { ...BODY, provider, ...body }, options);
  return answer.json().url;
}

/** Begins the linking of an account to the user of a jar; returns the authorization URL. */
export async function beginLink(t, provider = "google", { body, ...options } = {}) {
  const answer = await t.post("/link-social", { ...BODY, provider, ...body }, options);
  return answer.json().url;
}

/**
 * Lets the user agree at the provider and come back. `answer` changes the members of the provider's answer. A form is
 * posted by the provider's page, without cookies.
 */
export async function back(t, url, { answer, label = "back", ...options } = {}) {
  const arrival = t.provider.authorize(url, answer);
  if (typeof arrival === "string") return t.follow(arrival, { ...NAVIGATION, ...options, label });
  const headers = { origin: new URL(url).origin };
  const route = `/${new URL(arrival.url).pathname}`;
  const posted = await t.call("POST", route, { form: arrival.form, headers, jar: null, label: `${label}, posted` });
  return t.follow(posted.headers.location, { ...NAVIGATION, ...options, label });
}

/** Signs in with a provider, from the start to the return. */
export async function signIn(t, provider = "google", { body, answer, label, ...options } = {}) {
  const url = await begin(t, provider, { body, label: label && `${label}, begun`, ...options });
  return back(t, url, { answer, label, ...options });
}

/** Links an account, from the start to the return. */
export async function link(t, provider = "google", { body, answer, label, ...options } = {}) {
  const url = await beginLink(t, provider, { body, label: label && `${label}, begun`, ...options });
  return back(t, url, { answer, label, ...options });
}

/** Opens the callback of a provider with these parameters; a list repeats one. */
export function callback(t, provider, parameters, { label, ...options } = {}) {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  const query = new URLSearchParams(pairs);
  return t.get(`/callback/${provider}?${query}`, {
    ...NAVIGATION,
    label: label ?? `callback ${[...query.keys()]}`,
    ...options,
  });
}

/** The state in an authorization URL. */
export function stateOf(url) {
  return new URL(url).searchParams.get("state");
}

/** Signs in with an id token that the client got itself. */
export function withIdToken(t, provider, token, { body, idToken, ...options } = {}) {
  return t.post("/sign-in/social", { provider, idToken: { token, ...idToken }, ...body }, options);
}

/** Marks the addresses of all users as verified. */
export function verifyAll(t) {
  return t.sql(`update "user" set "emailVerified" = true`);
}

/** Makes all states expire: the rows, and what they contain. */
export function lapseStates(t) {
  return t.sql(`update verification set "expiresAt" = now() - interval '1 minute',
    value = regexp_replace(value, '"expiresAt":\\d+', '"expiresAt":1700000000000')`);
}

/** Makes the access tokens of all accounts expire at this distance from now. */
export function expireTokens(t, distance = "-1 minute") {
  return t.sql(`update account set "accessTokenExpiresAt" = now() + $1::interval where "accessToken" is not null`, [
    distance,
  ]);
}

/** The row id of an account. */
export async function accountOf(t, provider) {
  const [row] = await t.sql(`select id from account where "providerId" = $1`, [provider]);
  return row.id;
}

/** Changes the body of a place's answer. */
export function answerWith(t, place, changes) {
  t.provider.change(place, (answer) => ({ ...answer, body: { ...answer.body, ...changes } }));
}

/** Makes a place fail. */
export function fail(t, place, status = 500, body = { error: "server_error" }) {
  t.provider.change(place, (answer) => ({ ...answer, status, body }));
}
