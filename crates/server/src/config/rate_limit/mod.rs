//! Limits of requests and failed sign-ins.

use chrono::TimeDelta;
use portcullis_application::{
    credential::FailedSignIns,
    housekeeping::HousekeepingOptions,
    rate_limit::{CustomRule, RateLimitOptions, Storage},
};
use portcullis_domain::{glob::Glob, rate_limit::Rule};

use super::{
    declare::{FOUR_HUNDRED_DAYS, SECONDS, boolean, choice_without, list, number},
    key::{Declaration, Key, Range},
    mode::Mode,
    path::{check_pattern, routes_below_base_path},
    settings::Settings,
};

/// Maximum window of a rule, in seconds.
const LONGEST_WINDOW: u64 = 86_400;
/// Maximum number of requests that a rule can allow.
const MAX_REQUESTS: u64 = 1_000_000;

const ENABLED: Key<Option<bool>> = boolean("rate_limit.enabled", "Limit requests and failed sign-ins (429 above the limit), and send at most three messages of a kind per minute to an address.").otherwise("`true` in production, `false` in development");
const WINDOW: Key<TimeDelta> = number(
    "rate_limit.window",
    Range::new(1, LONGEST_WINDOW, SECONDS),
    "General rule: the period in which a client may send `max` requests to a path.",
)
.or("10");
const MAX: Key<u32> = number(
    "rate_limit.max",
    Range::new(1, MAX_REQUESTS, "requests"),
    "General rule: maximum number of requests of a client to a path in `window`.",
)
.or("100");
const STORAGE: Key<Option<String>> = choice_without("rate_limit.storage", &["memory", "database"], &["redis", "secondary-storage"], "Where requests are counted: in the `memory` of each replica, or in the `database` for all replicas together. A rule that is counted in the database can allow at most 1000 requests.").otherwise("`database` for paths on which secrets can be guessed, `memory` for all others");
const CUSTOM_RULES: Key<Vec<String>> = list("rate_limit.custom_rules", "Rules for paths below the base path: `PATH WINDOW MAX` or `PATH off`, such as `/get-session 10 1000`. `*` matches anything within a segment, `**` matches anything. The first rule that matches applies.").or("");
const FAILED_SIGN_INS: Key<u32> = number(
    "rate_limit.failed_sign_ins",
    Range::new(1, 100, "sign-ins"),
    "Maximum number of failed sign-ins to an account in `failed_sign_in_window`, from all clients together.",
)
.or("20");
const FAILED_SIGN_IN_WINDOW: Key<TimeDelta> = number(
    "rate_limit.failed_sign_in_window",
    Range::new(1, LONGEST_WINDOW, SECONDS),
    "Period in which failed sign-ins to an account are counted.",
)
.or("900");
const KNOWN_ADDRESS_LIFETIME: Key<TimeDelta> = number("rate_limit.known_address_lifetime", Range::new(0, FOUR_HUNDRED_DAYS, SECONDS), "How long a client's address stays known to an account after its last successful sign-in there. A known address has its own limit of `failed_sign_ins`, so that attackers cannot lock the user out.").or("2592000");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &WINDOW.declaration,
    &MAX.declaration,
    &STORAGE.declaration,
    &CUSTOM_RULES.declaration,
    &FAILED_SIGN_INS.declaration,
    &FAILED_SIGN_IN_WINDOW.declaration,
    &KNOWN_ADDRESS_LIFETIME.declaration,
];

/// How long a count is kept: messages to one address are counted per day, and no rule has a longer window.
const LIFE_OF_A_COUNT: TimeDelta = TimeDelta::seconds(LONGEST_WINDOW.cast_signed());
/// How long a message that was never sent stays visible in the database.
const LIFE_OF_A_MESSAGE: TimeDelta = TimeDelta::days(7);
/// Maximum number of requests of a rule that is counted in the database: a row holds the time of each.
const MOST_IN_DATABASE: u32 = 1000;

/// The limits, and how long counts are kept.
pub(super) struct Limits {
    /// `None`: requests are not limited.
    pub(super) requests: Option<RateLimitOptions>,
    /// `None`: failed sign-ins are not limited.
    pub(super) failed_sign_ins: Option<FailedSignIns>,
    pub(super) housekeeping: HousekeepingOptions,
}

/// Reads the limits of requests and of failed sign-ins. By default, both are on in production and off in development.
pub(super) fn read(settings: &mut Settings, mode: Mode, base_path: &str) -> Limits {
    let (entries, custom): (Vec<_>, Vec<_>) = custom_rules(settings, base_path).into_iter().unzip();
    let options = RateLimitOptions {
        general: rule(settings, &WINDOW, &MAX),
        storage: match settings.get(&STORAGE).as_deref() {
            Some("memory") => Some(Storage::Memory),
            Some("database") => Some(Storage::Database),
            _ => None,
        },
        custom,
    };
    refuse_long_rows(settings, &options, &entries);
    let failed_sign_ins = FailedSignIns {
        rule: rule(settings, &FAILED_SIGN_IN_WINDOW, &FAILED_SIGN_INS),
        known_for: settings.get(&KNOWN_ADDRESS_LIFETIME),
    };
    let is_on = settings.get(&ENABLED).unwrap_or(mode == Mode::Production);
    if !is_on && mode == Mode::Production {
        settings.warn(
            &ENABLED,
            "`rate_limit.enabled` is `false`: the server limits neither password guesses nor the number of mails; remove the key, unless a proxy limits them",
        );
    }
    Limits {
        requests: is_on.then_some(options),
        failed_sign_ins: is_on.then_some(failed_sign_ins),
        housekeeping: HousekeepingOptions {
            counts: LIFE_OF_A_COUNT,
            known_addresses: failed_sign_ins.known_for,
            messages: LIFE_OF_A_MESSAGE,
        },
    }
}

fn rule(settings: &Settings, window: &Key<TimeDelta>, max: &Key<u32>) -> Rule {
    Rule {
        window: settings.get(window),
        max: settings.get(max),
    }
}

/// Refuses rules that are counted in the database and allow more requests than a row can hold. `entries` are the custom
/// rules as they were given.
fn refuse_long_rows(settings: &mut Settings, options: &RateLimitOptions, entries: &[String]) {
    let limit = format!(
        "a rule that is counted in the database can allow at most {MOST_IN_DATABASE} requests, since each is stored: lower the number, or"
    );
    if options.storage == Some(Storage::Database) && options.general.max > MOST_IN_DATABASE {
        let advice = "set `rate_limit.storage = \"memory\"` or remove it";
        settings.refuse(&MAX, format!("`rate_limit.max`: {limit} {advice}"));
    }
    for (index, (entry, custom)) in entries.iter().zip(&options.custom).enumerate() {
        let is_long = custom.rule.is_some_and(|rule| rule.max > MOST_IN_DATABASE);
        if let Some(path) = path_in_database(options, index).filter(|_| is_long) {
            let advice =
                format!("add an earlier rule that matches {path}, or set `rate_limit.storage = \"memory\"`");
            let text = format!("`{CUSTOM_RULES}`: \"{entry}\" matches {path}; {limit} {advice}");
            settings.refuse(&CUSTOM_RULES, text);
        }
    }
}

/// Returns an endpoint that the custom rule with this index limits and that is counted in the database.
fn path_in_database(options: &RateLimitOptions, index: usize) -> Option<&'static str> {
    let found = routes_below_base_path().find(|route| {
        let is_first = |custom: &CustomRule| custom.path.matches(route.path);
        let first = options.custom.iter().position(is_first);
        let found = options.rule(route.path, route.limit);
        first == Some(index) && matches!(found, Some((_, Storage::Database)))
    });
    found.map(|route| route.path)
}

/// Returns the valid custom rules, each with its entry.
fn custom_rules(settings: &mut Settings, base_path: &str) -> Vec<(String, CustomRule)> {
    let mut rules = Vec::new();
    for entry in settings.get(&CUSTOM_RULES) {
        match custom_rule(&entry, base_path) {
            Ok(rule) => rules.push((entry, rule)),
            Err(reason) => settings.refuse(&CUSTOM_RULES, format!("`{CUSTOM_RULES}`: \"{entry}\" {reason}")),
        }
    }
    rules
}

/// Parses `PATH WINDOW MAX` or `PATH off`.
fn custom_rule(entry: &str, base_path: &str) -> Result<CustomRule, String> {
    let words: Vec<_> = entry.split_whitespace().collect();
    let (path, rule) = match words.as_slice() {
        [path, "off"] => (path, None),
        [path, window, max] => {
            let window = whole_number(window, LONGEST_WINDOW, "window, in seconds,")?;
            let max = whole_number(max, MAX_REQUESTS, "number of requests")?;
            let rule = Rule {
                window: TimeDelta::seconds(window.into()),
                max,
            };
            (path, Some(rule))
        }
        _ => {
            return Err(
                "is neither \"PATH WINDOW MAX\", such as \"/get-session 10 1000\", nor \"PATH off\""
                    .to_owned(),
            );
        }
    };
    check_pattern(path, base_path)?;
    Ok(CustomRule {
        path: Glob::new(*path),
        rule,
    })
}

fn whole_number(text: &str, most: u64, what: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=most).contains(&u64::from(*number)))
        .ok_or_else(|| format!("has a {what} that is not a whole number from 1 to {most}"))
}

#[cfg(test)]
mod tests;
