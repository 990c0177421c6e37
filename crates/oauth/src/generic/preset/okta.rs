//! Okta.

use super::{
    Template,
    openid::{self, first, standard_user},
};

/// Returns the template for an authorization server's issuer.
pub(super) fn template(issuer: &str) -> Template {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    openid::template(issuer, "/oauth2/v1/userinfo", |profile| {
        Some(standard_user(
            profile,
            first(profile, ["name", "preferred_username"]),
        ))
    })
}
