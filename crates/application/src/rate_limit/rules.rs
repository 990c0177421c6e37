//! Which rule a path has, and where it is counted.

use chrono::TimeDelta;
use portcullis_domain::{glob::Glob, rate_limit::Rule};

/// Beginnings of paths where secrets are tried or mails are caused, and their rules: the first is the
/// reference's, the second what it has from 1.5.0 on.
const SENSITIVE: &[(&[&str], Rule)] = &[
    (
        &["/sign-in", "/sign-up", "/change-password", "/change-email"],
        Rule {
            window: TimeDelta::seconds(10),
            max: 3,
        },
    ),
    (
        &["/request-password-reset", "/send-verification-email"],
        Rule {
            window: TimeDelta::seconds(60),
            max: 3,
        },
    ),
];

/// Where hits are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In this process: free, and each replica for itself.
    Memory,
    /// In the database: a statement, and the same on one replica or ten.
    Database,
}

/// A deployment's own rule for a path.
#[derive(Clone, Debug)]
pub struct CustomRule {
    /// The path below the base path; `*` stands for anything within a segment, `**` for anything.
    pub path: Glob,
    /// The rule; none: the path is not limited.
    pub rule: Option<Rule>,
}

/// How requests are limited.
#[derive(Clone, Debug)]
pub struct RateLimitOptions {
    /// The rule of every path that has no other.
    pub general: Rule,
    /// Where everything is counted; none: sensitive paths in the database, all others in memory, since a session
    /// check must not cost a second statement.
    pub storage: Option<Storage>,
    /// The first that fits a path rules it, before every other rule.
    pub custom: Vec<CustomRule>,
}

impl RateLimitOptions {
    /// Returns the rule of a path and where it is counted, or `None` if the path is not limited.
    #[must_use]
    pub fn rule(&self, path: &str) -> Option<(Rule, Storage)> {
        let sensitive = sensitive(path);
        let rule = match self.custom.iter().find(|custom| custom.path.matches(path)) {
            Some(custom) => custom.rule?,
            None => sensitive.unwrap_or(self.general),
        };
        let storage = self.storage.unwrap_or(match sensitive {
            Some(_) => Storage::Database,
            None => Storage::Memory,
        });
        Some((rule, storage))
    }

    /// The longest time for which a count matters.
    #[must_use]
    pub(super) fn longest_window(&self) -> TimeDelta {
        let custom = self.custom.iter().filter_map(|custom| custom.rule);
        let sensitive = SENSITIVE.iter().map(|(_, rule)| *rule);
        custom
            .chain(sensitive)
            .map(|rule| rule.window)
            .fold(self.general.window, TimeDelta::max)
    }
}

fn sensitive(path: &str) -> Option<Rule> {
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| path.starts_with(beginning));
    SENSITIVE
        .iter()
        .find(|(beginnings, _)| begins(beginnings))
        .map(|(_, rule)| *rule)
}
