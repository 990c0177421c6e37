//! Answers to proxies that ask whether a request may reach an application behind them.

mod error;

use std::sync::Arc;

use portcullis_domain::{
    forward_auth::{AccessRule, AccessRules, Verdict},
    user::User,
};
use serde_json::{Map, Value};

pub use self::error::ForwardAuthError;
use crate::{ports::Failure, seams::TokenIssuer, session::StrictCaller};

/// Options of the answers to proxies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForwardAuthOptions {
    /// Who may pass.
    pub rules: AccessRules,
    /// The server that reads the tokens. `None`: the default audience.
    pub audience: Option<String>,
}

/// A client that may pass, as the application behind the proxy sees it.
#[derive(Debug)]
pub struct Pass<'a> {
    /// The caller. `None`: a client without a session.
    pub by: Option<&'a StrictCaller>,
    /// A token by which the application can recognize the user. `None`: the client has no session, or the deployment
    /// issues no tokens.
    pub token: Option<String>,
}

/// Decides whether requests may reach an application behind a proxy.
pub struct ForwardAuth {
    issuer: Option<Arc<dyn TokenIssuer>>,
    options: ForwardAuthOptions,
}

impl ForwardAuth {
    /// Creates the use case with these options. `issuer` is `None` if the deployment issues no tokens.
    #[must_use]
    pub fn new(issuer: Option<Arc<dyn TokenIssuer>>, options: ForwardAuthOptions) -> Self {
        Self { issuer, options }
    }

    /// Returns the rule with this name, or the unnamed one if the name is empty. `None`: there is no such rule.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&AccessRule> {
        let AccessRules { unnamed, named } = &self.options.rules;
        if name.is_empty() {
            Some(unnamed)
        } else {
            named.get(name)
        }
    }

    /// Decides about a request, and issues a token for its user. `view` returns the user as clients see it.
    ///
    /// # Errors
    ///
    /// [`ForwardAuthError::Anonymous`] and [`ForwardAuthError::Refused`] if the client may not pass; otherwise if no token
    /// can be issued.
    pub async fn check<'a>(
        &self,
        rule: &AccessRule,
        by: Option<&'a StrictCaller>,
        view: impl FnOnce(&User) -> Map<String, Value>,
    ) -> Result<Pass<'a>, ForwardAuthError> {
        match rule.verdict(by.map(StrictCaller::user)) {
            Verdict::Allowed => {}
            Verdict::Anonymous => return Err(ForwardAuthError::Anonymous),
            Verdict::Refused => return Err(ForwardAuthError::Refused),
        }

        let token = match by {
            Some(by) => self.token(by, view(by.user())).await?,
            None => None,
        };
        Ok(Pass { by, token })
    }

    async fn token(&self, by: &StrictCaller, view: Map<String, Value>) -> Result<Option<String>, Failure> {
        let Some(issuer) = &self.issuer else {
            return Ok(None);
        };
        let audience = self.options.audience.as_deref();
        let token = issuer.issue(by.user(), view, by.session(), audience).await?;
        Ok(Some(token))
    }
}

#[cfg(test)]
mod tests;
