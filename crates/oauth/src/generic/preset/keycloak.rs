//! Keycloak.

use super::{
    Template,
    openid::{self, first, standard_user},
};

/// Returns the template for a realm's issuer.
pub(super) fn template(issuer: &str) -> Template {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    openid::template(issuer, "/protocol/openid-connect/userinfo", |profile| {
        Some(standard_user(
            profile,
            first(profile, ["name", "preferred_username"]),
        ))
    })
}
