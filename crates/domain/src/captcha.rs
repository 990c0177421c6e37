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

/// Why a captcha is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptchaRejection {
    /// The challenge is not solved, or the text was used before.
    #[error("the provider does not report a solved challenge")]
    Unsolved,
    /// The score is too low.
    #[error("the score is below `min_score`")]
    Score,
    /// The challenge was solved on the page of another host.
    #[error("the host that the provider reports is not in `hostnames`")]
    Hostname,
    /// The page named another action.
    #[error("the action that the provider reports is not `action`")]
    Action,
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
    /// Accepts a challenge with this assessment.
    ///
    /// # Errors
    ///
    /// The first condition that it does not meet.
    pub fn check(&self, assessment: &Assessment) -> Result<(), CaptchaRejection> {
        if !assessment.is_success {
            Err(CaptchaRejection::Unsolved)
        } else if !self.accepts_score(assessment.score) {
            Err(CaptchaRejection::Score)
        } else if !self.accepts_hostname(assessment.hostname.as_deref()) {
            Err(CaptchaRejection::Hostname)
        } else if !self.accepts_action(assessment.action.as_deref()) {
            Err(CaptchaRejection::Action)
        } else {
            Ok(())
        }
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
        let check = |assessment: &Assessment| CaptchaPolicy::default().check(assessment);
        assert_eq!(check(&Assessment::default()), Err(CaptchaRejection::Unsolved));
        assert_eq!(check(&solved()), Ok(()));
    }

    #[test]
    fn a_score_must_reach_the_minimum() {
        let policy = CaptchaPolicy {
            min_score: Some(0.5),
            ..CaptchaPolicy::default()
        };
        let check = |score| policy.check(&Assessment { score, ..solved() });
        for score in [Some(0.5), Some(1.0), None] {
            assert_eq!(check(score), Ok(()), "{score:?}");
        }
        for score in [0.499, 0.0, f64::NAN] {
            assert_eq!(check(Some(score)), Err(CaptchaRejection::Score), "{score}");
        }
        let lowest = Assessment {
            score: Some(0.0),
            ..solved()
        };
        assert_eq!(CaptchaPolicy::default().check(&lowest), Ok(()));
    }

    #[test]
    fn a_challenge_of_another_page_is_rejected_if_hosts_are_configured() {
        let policy = CaptchaPolicy {
            hostnames: vec!["app.example.com".to_owned()],
            ..CaptchaPolicy::default()
        };
        let check = |hostname: Option<&str>| {
            policy.check(&Assessment {
                hostname: hostname.map(str::to_owned),
                ..solved()
            })
        };
        for hostname in ["app.example.com", "APP.example.com"] {
            assert_eq!(check(Some(hostname)), Ok(()), "{hostname}");
        }
        for hostname in [Some("evil.example"), Some(""), None] {
            assert_eq!(check(hostname), Err(CaptchaRejection::Hostname), "{hostname:?}");
        }
    }

    #[test]
    fn a_challenge_of_another_action_is_rejected_if_one_is_configured() {
        let policy = CaptchaPolicy {
            action: Some("login".to_owned()),
            ..CaptchaPolicy::default()
        };
        let check = |action: Option<&str>| {
            policy.check(&Assessment {
                action: action.map(str::to_owned),
                ..solved()
            })
        };
        assert_eq!(check(Some("login")), Ok(()));
        for action in [Some("Login"), None] {
            assert_eq!(check(action), Err(CaptchaRejection::Action), "{action:?}");
        }
    }
}
