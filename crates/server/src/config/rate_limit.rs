//! Limits of requests and failed sign-ins.

use chrono::TimeDelta;
use portcullis_application::{
    credential::FailedSignIns,
    housekeeping::HousekeepingOptions,
    rate_limit::{CustomRule, RateLimitOptions, Storage},
};
use portcullis_domain::{glob::Glob, rate_limit::Rule};

use super::{
    keys::{LONGEST_WINDOW, MAX_REQUESTS},
    mode::Mode,
    number::span,
    path::{check_pattern, endpoints},
    settings::Settings,
};

/// How long a count is kept: messages to one address are counted per day, and no rule has a longer window.
const LIFE_OF_A_COUNT: TimeDelta = TimeDelta::seconds(LONGEST_WINDOW.cast_signed());
/// How long a message that was never sent stays visible in the database.
const LIFE_OF_A_MESSAGE: TimeDelta = TimeDelta::days(7);
const CUSTOM_RULES: &str = "rate_limit.custom_rules";
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
        general: rule(settings, "rate_limit.window", "rate_limit.max"),
        storage: match settings.text("rate_limit.storage").as_deref() {
            Some("memory") => Some(Storage::Memory),
            Some("database") => Some(Storage::Database),
            _ => None,
        },
        custom,
    };
    refuse_long_rows(settings, &options, &entries);
    let failed_sign_ins = FailedSignIns {
        rule: rule(
            settings,
            "rate_limit.failed_sign_in_window",
            "rate_limit.failed_sign_ins",
        ),
        known_for: span(settings, "rate_limit.known_address_lifetime"),
    };
    let is_on = settings
        .boolean("rate_limit.enabled")
        .unwrap_or(mode == Mode::Production);
    if !is_on && mode == Mode::Production {
        settings.warn(
            "rate_limit.enabled",
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
            ended_keys: None,
        },
    }
}

fn rule(settings: &Settings, window: &str, max: &str) -> Rule {
    let max = settings.number(max).unwrap_or_default();
    Rule {
        window: span(settings, window),
        max: u32::try_from(max).unwrap_or(u32::MAX),
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
        settings.refuse("rate_limit.max", format!("`rate_limit.max`: {limit} {advice}"));
    }
    for (index, (entry, custom)) in entries.iter().zip(&options.custom).enumerate() {
        let is_long = custom.rule.is_some_and(|rule| rule.max > MOST_IN_DATABASE);
        if let Some(path) = path_in_database(options, index).filter(|_| is_long) {
            let advice =
                format!("add an earlier rule that matches {path}, or set `rate_limit.storage = \"memory\"`");
            let text = format!("`{CUSTOM_RULES}`: \"{entry}\" matches {path}; {limit} {advice}");
            settings.refuse(CUSTOM_RULES, text);
        }
    }
}

/// Returns an endpoint that the custom rule with this index limits and that is counted in the database.
fn path_in_database(options: &RateLimitOptions, index: usize) -> Option<&'static str> {
    endpoints().find(|path| {
        let first = options.custom.iter().position(|custom| custom.path.matches(path));
        let is_in_database = matches!(options.rule(path), Some((_, Storage::Database)));
        first == Some(index) && is_in_database
    })
}

/// Returns the valid custom rules, each with its entry.
fn custom_rules(settings: &mut Settings, base_path: &str) -> Vec<(String, CustomRule)> {
    let mut rules = Vec::new();
    for entry in settings.list(CUSTOM_RULES) {
        match custom_rule(&entry, base_path) {
            Ok(rule) => rules.push((entry, rule)),
            Err(reason) => settings.refuse(CUSTOM_RULES, format!("`{CUSTOM_RULES}`: \"{entry}\" {reason}")),
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
