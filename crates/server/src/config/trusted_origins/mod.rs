//! Trusted origins.

mod reach;

use url::Url;

use self::reach::Reach;
use super::{
    declare::list,
    key::{Declaration, Key},
    mode::Mode,
    settings::Settings,
};

pub(super) const KEY: Key<Vec<String>> = list("trusted_origins", "Origins that may use the server, in addition to its own: `https://app.example.com`, `https://*.example.com`, `myapp://`. In production, patterns that match sites of strangers are rejected.").or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&KEY.declaration];

/// Reads the trusted origins: the deployment's own, and those that are listed. In production, patterns that match
/// sites of strangers are refused, and those that may match some give a warning.
pub(super) fn read(settings: &mut Settings, mode: Mode, base_url: &Url) -> Vec<String> {
    let mut origins = vec![base_url.origin().ascii_serialization()];
    for pattern in settings.get(&KEY) {
        if let Err(reason) = check_origin(&pattern) {
            settings.refuse(&KEY, format!("`{KEY}`: \"{pattern}\" {reason}"));
        } else if mode == Mode::Production {
            check_reach(settings, &pattern);
        }
        origins.push(pattern);
    }
    origins
}

/// Refuses a pattern that can never match, since it would have no effect.
fn check_origin(pattern: &str) -> Result<(), String> {
    if pattern.contains(['*', '?']) {
        return Ok(());
    }
    if !pattern.contains("://") {
        return Err(
            "has no scheme: put https://, http:// or your application's own scheme before it".to_owned(),
        );
    }
    match Url::parse(pattern) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let origin = url.origin().ascii_serialization();
            (origin == pattern)
                .then_some(())
                .ok_or_else(|| format!("is not an origin and would match nothing: write \"{origin}\""))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(format!("is not an origin: {error}")),
    }
}

fn check_reach(settings: &mut Settings, pattern: &str) {
    match Reach::of(pattern) {
        Reach::Everyone => settings.refuse(
            &KEY,
            format!(
                "`{KEY}`: \"{pattern}\" trusts every site: name a host, such as https://*.example.com"
            ),
        ),
        Reach::Suffix(suffix) => settings.refuse(
            &KEY,
            format!(
                "`{KEY}`: \"{pattern}\" trusts sites of strangers, since anyone can register a name below \"{suffix}\": use your own host or domain"
            ),
        ),
        Reach::Customers(suffix) => settings.warn(
            &KEY,
            format!(
                "`{KEY}`: \"{pattern}\" may trust sites of strangers, since any customer of \"{suffix}\" can register a name that matches; list each host, or use your own domain"
            ),
        ),
        Reach::Unlisted(suffix) => settings.warn(
            &KEY,
            format!(
                "`{KEY}`: \"{pattern}\" trusts every host below \"{suffix}\", which is not in the list of public suffixes; if others can have a host there, list your own hosts"
            ),
        ),
        Reach::Own => {}
    }
    if reach::includes_plain_http(pattern) {
        settings.warn(
            &KEY,
            format!(
                "`{KEY}`: \"{pattern}\" trusts pages that are loaded over http, which an attacker on the network can change; use https://"
            ),
        );
    }
}
