//! Trusted origins.

mod form;
mod reach;

use self::reach::Reach;
use super::{
    declare::list,
    key::{Declaration, Key},
    mode::Mode,
    problem::Place,
    settings::Settings,
};

pub(super) const KEY: Key<Vec<String>> = list("trusted_origins", "Origins that may use the server, in addition to its own: `https://app.example.com`, `https://*.example.com`, `myapp://`. In production, patterns that match sites of strangers are rejected.").or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&KEY.declaration];

/// Reads the listed origins. Patterns that can never match are refused. In production, patterns that match sites of
/// strangers are refused, and those that may match some give a warning.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Vec<String> {
    let origins = settings.entries(&KEY);
    for (pattern, place) in &origins {
        if let Err(reason) = form::check(pattern) {
            settings.complain(place.clone(), format!("`{KEY}`: \"{pattern}\" {reason}"));
        } else if mode == Mode::Production {
            check_reach(settings, pattern, place);
        }
    }
    origins.into_iter().map(|(pattern, _place)| pattern).collect()
}

fn check_reach(settings: &mut Settings, pattern: &str, place: &Place) {
    if pattern == "null" {
        settings.caution(
            place.clone(),
            format!(
                "`{KEY}`: \"null\" trusts every page that hides its origin, and any site can make one with a sandboxed frame; use it only if your application cannot have an origin"
            ),
        );
        return;
    }
    match Reach::of(pattern) {
        Reach::Everyone => settings.complain(
            place.clone(),
            format!(
                "`{KEY}`: \"{pattern}\" trusts every site: name a host, such as https://*.example.com"
            ),
        ),
        Reach::Suffix(suffix) => settings.complain(
            place.clone(),
            format!(
                "`{KEY}`: \"{pattern}\" trusts sites of strangers, since anyone can register a name below \"{suffix}\": use your own host or domain"
            ),
        ),
        Reach::Customers(suffix) => settings.caution(
            place.clone(),
            format!(
                "`{KEY}`: \"{pattern}\" may trust sites of strangers, since any customer of \"{suffix}\" can register a name that matches; list each host, or use your own domain"
            ),
        ),
        Reach::Unlisted(suffix) => settings.caution(
            place.clone(),
            format!(
                "`{KEY}`: \"{pattern}\" trusts every host below \"{suffix}\", which is not in the list of public suffixes; if others can have a host there, list your own hosts"
            ),
        ),
        Reach::Own => {}
    }
    if reach::includes_plain_http(pattern) {
        settings.caution(
            place.clone(),
            format!(
                "`{KEY}`: \"{pattern}\" trusts pages that are loaded over http, which an attacker on the network can change; use https://"
            ),
        );
    }
}
