//! Auth0.

use super::{
    Template,
    openid::{self, first, standard_user},
};

/// Returns the template for a tenant's domain.
pub(super) fn template(domain: &str) -> Template {
    let domain = domain.strip_prefix("https://").unwrap_or(domain);
    let domain = domain.strip_prefix("http://").unwrap_or(domain);
    let issuer = format!("https://{}/", domain.trim_end_matches('/'));
    openid::template(&issuer, "/userinfo", |profile| {
        Some(standard_user(profile, first(profile, ["name", "nickname"])))
    })
}
