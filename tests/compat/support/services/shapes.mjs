// The forms that the services of several providers have in common.
/** A user as OpenID Connect describes it. */
export const openId = ({ id, name, email, isVerified, picture }) => ({
  sub: id,
  name,
  email,
  email_verified: isVerified,
  picture,
});
/** The first word of a user's name. */
export const first = ({ name }) => name?.split(" ")[0];

/** The other words of a user's name. */
export const last = ({ name }) => name?.split(" ").slice(1).join(" ");

/** A service whose user document has the claims of OpenID Connect. */
export function standard(host, { authorize, token, user, ...rest }) {
  return {
    authorize: `${rest.front ?? host}${authorize}`,
    token: `${host}${token}`,
    documents: { [`${rest.api ?? host}${user}`]: rest.describe ?? openId },
    ...rest,
  };
}
