//! Captchas: what a service reports about a solved challenge, and when that is enough.

/// What a service reports about a solved challenge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assessment {
    /// Whether the challenge was solved.
    pub is_success: bool,
    /// How likely a human sent the request, from 0 to 1. `None`: the service does not report it.
    pub score: Option<f64>,
    /// The host of the page on which the challenge was solved.
    pub hostname: Option<String>,
    /// The action that the page named.
    pub action: Option<String>,
}

/// Which solved challenges are accepted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaptchaPolicy {
    /// Minimum score. `None`: scores are ignored. A challenge without a score is accepted in any case.
    pub min_score: Option<f64>,
    /// Hosts of pages on which challenges may be solved. Empty: any.
    pub hostnames: Vec<String>,
    /// The action that the page must name. `None`: any.
    pub action: Option<String>,
}

impl CaptchaPolicy {
    /// Returns whether a challenge with this assessment is accepted.
    #[must_use]
    pub fn accepts(&self, assessment: &Assessment) -> bool {
        assessment.is_success
            && self.accepts_score(assessment.score)
            && self.accepts_hostname(assessment.hostname.as_deref())
            && self.accepts_action(assessment.action.as_deref())
    }

    fn accepts_score(&self, score: Option<f64>) -> bool {
        match (score, self.min_score) {
            (Some(score), Some(least)) => score >= least,
            (Some(_), None) | (None, _) => true,
        }
    }

    fn accepts_hostname(&self, hostname: Option<&str>) -> bool {
        let mut known = self.hostnames.iter();
        self.hostnames.is_empty()
            || hostname.is_some_and(|hostname| known.any(|known| known.eq_ignore_ascii_case(hostname)))
    }

    fn accepts_action(&self, action: Option<&str>) -> bool {
        self.action.is_none() || self.action.as_deref() == action
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solved() -> Assessment {
        Assessment {
            is_success: true,
            ..Assessment::default()
        }
    }

    #[test]
    fn a_challenge_that_is_not_solved_is_rejected() {
        assert!(!CaptchaPolicy::default().accepts(&Assessment::default()));
        assert!(CaptchaPolicy::default().accepts(&solved()));
    }

    #[test]
    fn a_score_must_reach_the_minimum() {
        let policy = CaptchaPolicy {
            min_score: Some(0.5),
            ..CaptchaPolicy::default()
        };
        let accepts = |score| policy.accepts(&Assessment { score, ..solved() });
        assert!(accepts(Some(0.5)) && accepts(Some(1.0)) && accepts(None));
        assert!(!accepts(Some(0.499)) && !accepts(Some(0.0)) && !accepts(Some(f64::NAN)));
        let unlimited = CaptchaPolicy::default();
        assert!(unlimited.accepts(&Assessment {
            score: Some(0.0),
            ..solved()
        }));
    }

    #[test]
    fn a_challenge_of_another_page_is_rejected_if_hosts_are_configured() {
        let policy = CaptchaPolicy {
            hostnames: vec!["app.example.com".to_owned()],
            ..CaptchaPolicy::default()
        };
        let accepts = |hostname: Option<&str>| {
            policy.accepts(&Assessment {
                hostname: hostname.map(str::to_owned),
                ..solved()
            })
        };
        assert!(accepts(Some("app.example.com")) && accepts(Some("APP.example.com")));
        assert!(!accepts(Some("evil.example")) && !accepts(Some("")) && !accepts(None));
    }

    #[test]
    fn a_challenge_of_another_action_is_rejected_if_one_is_configured() {
        let policy = CaptchaPolicy {
            action: Some("login".to_owned()),
            ..CaptchaPolicy::default()
        };
        let accepts = |action: Option<&str>| {
            policy.accepts(&Assessment {
                action: action.map(str::to_owned),
                ..solved()
            })
        };
        assert!(accepts(Some("login")));
        assert!(!accepts(Some("Login")) && !accepts(None));
    }
}
