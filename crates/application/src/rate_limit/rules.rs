//! The rule of a path, and where its requests are counted.

use chrono::TimeDelta;
use portcullis_domain::{glob::Glob, rate_limit::Rule};

/// Prefixes of paths that check passwords or tokens or that send mails, and their rules: the first is Better Auth's,
/// the second is Better Auth's from 1.5.0 on.
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

/// Where requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In this process: without a statement, but per replica.
    Memory,
    /// In the database: one statement per request, shared by all replicas.
    Database,
}

/// A deployment's own rule for a path.
#[derive(Clone, Debug)]
pub struct CustomRule {
    /// The path below the base path; `*` matches anything within a segment, `**` anything.
    pub path: Glob,
    /// The rule. `None`: the path is not limited.
    pub rule: Option<Rule>,
}

/// How requests are limited.
#[derive(Clone, Debug)]
pub struct RateLimitOptions {
    /// The rule of every path without another rule.
    pub general: Rule,
    /// Where all requests are counted. `None`: sensitive paths in the database and all others in memory, since a
    /// session check must not cost a second statement.
    pub storage: Option<Storage>,
    /// The first rule that matches a path is used, before any other rule.
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

    /// Returns the longest time for which a count matters.
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
    let starts_with_any = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    SENSITIVE
        .iter()
        .find(|(prefixes, _)| starts_with_any(prefixes))
        .map(|(_, rule)| *rule)
}
