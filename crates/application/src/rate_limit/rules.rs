//! The rule of a path, and where its requests are counted.

use chrono::TimeDelta;
use portcullis_domain::{glob::Glob, rate_limit::Rule};

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
    /// Where all requests are counted. `None`: paths with a rule of their own in the database and all others in memory,
    /// since a session check must not cost a second statement.
    pub storage: Option<Storage>,
    /// The first rule that matches a path is used, before any other rule.
    pub custom: Vec<CustomRule>,
}

impl RateLimitOptions {
    /// Returns the rule of a path and where it is counted, or `None` if the path is not limited. `own` is the rule that
    /// the path's route declares, if any.
    #[must_use]
    pub fn rule(&self, path: &str, own: Option<Rule>) -> Option<(Rule, Storage)> {
        let rule = match self.custom.iter().find(|custom| custom.path.matches(path)) {
            Some(custom) => custom.rule?,
            None => own.unwrap_or(self.general),
        };
        let storage = self.storage.unwrap_or(match own {
            Some(_) => Storage::Database,
            None => Storage::Memory,
        });
        Some((rule, storage))
    }

    /// Returns the longest time for which a count matters. `own` are the rules that routes declare.
    #[must_use]
    pub(super) fn longest_window(&self, own: impl Iterator<Item = Rule>) -> TimeDelta {
        let custom = self.custom.iter().filter_map(|custom| custom.rule);
        custom
            .chain(own)
            .map(|rule| rule.window)
            .fold(self.general.window, TimeDelta::max)
    }
}
