//! How requests and failing sign-ins are limited.

use chrono::TimeDelta;
use portcullis_application::{
    housekeeping::HousekeepingOptions,
    rate_limit::{CustomRule, RateLimitOptions, Storage},
    sign_in::FailedSignIns,
};
use portcullis_domain::{glob::Glob, rate_limit::Rule};

use super::{
    keys::{LONGEST_WINDOW, MOST_REQUESTS},
    mode::Mode,
    number::span,
    path::check_pattern,
    settings::Settings,
};

/// For how long a count is kept at least: messages to one address are counted by the day, and a Node server on the same
/// database may have a longer window than ours.
const SHORTEST_LIFE_OF_A_COUNT: TimeDelta = TimeDelta::days(1);
/// For how long one can see that a message was never sent.
const LIFE_OF_A_MESSAGE: TimeDelta = TimeDelta::days(7);
const CUSTOM_RULES: &str = "rate_limit.custom_rules";

/// What is limited, and for how long what is counted is kept.
pub(super) struct Limits {
    /// None: requests are not counted.
    pub(super) requests: Option<RateLimitOptions>,
    /// None: sign-ins are not counted.
    pub(super) failed_sign_ins: Option<FailedSignIns>,
    pub(super) housekeeping: HousekeepingOptions,
}

/// The limits of requests and of failing sign-ins. Both are on in production and off in development, unless
/// something else is said.
pub(super) fn read(settings: &mut Settings, mode: Mode, base_path: &str) -> Limits {
    let options = RateLimitOptions {
        general: rule(settings, "rate_limit.window", "rate_limit.max"),
        storage: match settings.text("rate_limit.storage").as_deref() {
            Some("memory") => Some(Storage::Memory),
            Some("database") => Some(Storage::Database),
            _ => None,
        },
        custom: custom_rules(settings, base_path),
    };
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
    // Also where nothing is counted: another replica may count, or this one may have counted before.
    let longest_window = options.longest_window().max(failed_sign_ins.rule.window);
    Limits {
        requests: is_on.then_some(options),
        failed_sign_ins: is_on.then_some(failed_sign_ins),
        housekeeping: HousekeepingOptions {
            counts: longest_window.max(SHORTEST_LIFE_OF_A_COUNT),
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

fn custom_rules(settings: &mut Settings, base_path: &str) -> Vec<CustomRule> {
    let mut rules = Vec::new();
    for entry in settings.list(CUSTOM_RULES) {
        match custom_rule(&entry, base_path) {
            Ok(rule) => rules.push(rule),
            Err(reason) => settings.refuse(CUSTOM_RULES, format!("`{CUSTOM_RULES}`: \"{entry}\" {reason}")),
        }
    }
    rules
}

/// `PATH WINDOW MAX`, or `PATH off`.
fn custom_rule(entry: &str, base_path: &str) -> Result<CustomRule, String> {
    let words: Vec<_> = entry.split_whitespace().collect();
    let (path, rule) = match words.as_slice() {
        [path, "off"] => (path, None),
        [path, window, max] => {
            let window = whole_number(window, LONGEST_WINDOW, "window, in seconds,")?;
            let max = whole_number(max, MOST_REQUESTS, "number of requests")?;
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
