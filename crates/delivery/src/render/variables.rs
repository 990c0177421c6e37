//! The variables of templates.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use minijinja::Value;
use portcullis_domain::{
    destination::Destination,
    email::EmailAddress,
    message::{Message, MessageKind},
};

use super::name;

/// The variables of a template; those that are `None` are undefined.
pub(super) struct Variables<'a> {
    pub(super) kind: &'static str,
    pub(super) to: &'a str,
    pub(super) url: Option<&'a str>,
    pub(super) code: Option<&'a str>,
    pub(super) new_email: Option<&'a str>,
    pub(super) organization_name: Option<String>,
    pub(super) inviter_name: Option<String>,
    pub(super) expires_in: Option<Remaining>,
    pub(super) user_name: Option<String>,
    pub(super) user_email: &'a str,
}

impl<'a> Variables<'a> {
    /// Returns the variables of a message.
    pub(super) fn of(message: &'a Message, now: DateTime<Utc>) -> Self {
        // Another person may have made the sign-up attempt and chosen the name.
        let user_name = match message.kind {
            MessageKind::SignUpAttempt => None,
            _ => message.user.as_ref().and_then(|user| name::shown(&user.name)),
        };
        Self {
            kind: message.kind.name(),
            to: message.to.as_str(),
            url: message.link().map(|link| link.url.expose().as_str()),
            code: message.code().map(|code| code.expose().as_str()),
            new_email: message.new_email().map(EmailAddress::as_str),
            // The inviter chose both names, and may be a stranger to the recipient.
            organization_name: message
                .invitation()
                .and_then(|invitation| name::shown(&invitation.organization_name)),
            inviter_name: message
                .invitation()
                .and_then(|invitation| name::shown(&invitation.inviter.name)),
            expires_in: message.expires_at.and_then(|end| Remaining::new(end - now)),
            user_name,
            user_email: message
                .user
                .as_ref()
                .map_or(message.to.as_str(), |user| user.email.as_str()),
        }
    }

    /// Returns the variables of a test message.
    pub(super) fn of_test(to: &'a Destination) -> Self {
        Self {
            kind: super::TEST,
            to: to.as_str(),
            url: None,
            code: None,
            new_email: None,
            organization_name: None,
            inviter_name: None,
            expires_in: None,
            user_name: None,
            user_email: to.as_str(),
        }
    }

    /// Returns the variables by their names in templates.
    pub(super) fn into_value(self, app_name: &str, logo_url: Option<&str>) -> Value {
        let user = present([
            ("name", self.user_name.map(Value::from)),
            ("email", Some(self.user_email.into())),
        ]);
        present([
            ("app_name", Some(app_name.into())),
            ("logo_url", logo_url.map(Value::from)),
            ("kind", Some(self.kind.into())),
            ("to", Some(self.to.into())),
            ("url", self.url.map(Value::from)),
            ("code", self.code.map(Value::from)),
            ("new_email", self.new_email.map(Value::from)),
            ("organization_name", self.organization_name.map(Value::from)),
            ("inviter_name", self.inviter_name.map(Value::from)),
            (
                "expires_in",
                self.expires_in.map(|remaining| remaining.to_string().into()),
            ),
            (
                "expires_in_minutes",
                self.expires_in.map(|remaining| remaining.minutes().into()),
            ),
            ("user", Some(user)),
        ])
    }
}

fn present<const N: usize>(entries: [(&'static str, Option<Value>); N]) -> Value {
    Value::from_pairs(
        entries
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    )
}

/// The time until a link or a code expires, in seconds: positive, and rounded up, since a message is sent a moment after it
/// was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remaining(i64);

impl Remaining {
    /// Returns the time, or `None` if it is over.
    pub(super) fn new(left: TimeDelta) -> Option<Self> {
        let seconds = (left.num_milliseconds() + 999).div_euclid(1000);
        (seconds > 0).then_some(Self(seconds))
    }

    /// Returns the minutes, rounded up.
    const fn minutes(self) -> i64 {
        (self.0 + 59).div_euclid(60)
    }
}

/// In seconds below a minute, else in the largest unit of which it has at least two, rounded down.
impl fmt::Display for Remaining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.minutes()) {
            (1, _) => write!(f, "1 second"),
            (seconds @ ..60, _) => write!(f, "{seconds} seconds"),
            (_, 1) => write!(f, "1 minute"),
            (_, minutes @ ..120) => write!(f, "{minutes} minutes"),
            (_, minutes @ 120..2880) => write!(f, "{} hours", minutes / 60),
            (_, minutes @ 2880..) => write!(f, "{} days", minutes / 1440),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_minutes_are_rounded_up() {
        for (milliseconds, minutes) in [
            (3_600_000, Some(60)),
            (3_540_001, Some(60)),
            (3_540_000, Some(59)),
            (1, Some(1)),
            (0, None),
            (-5000, None),
        ] {
            let remaining = Remaining::new(TimeDelta::milliseconds(milliseconds));
            assert_eq!(remaining.map(Remaining::minutes), minutes, "{milliseconds}");
        }
    }

    #[test]
    fn the_remaining_time_is_written_in_common_units() {
        for (seconds, text) in [
            (1, "1 second"),
            (4, "4 seconds"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (3600, "60 minutes"),
            (7140, "119 minutes"),
            (7141, "2 hours"),
            (86_400, "24 hours"),
            (172_740, "47 hours"),
            (172_800, "2 days"),
            (604_800, "7 days"),
        ] {
            let remaining = Remaining::new(TimeDelta::seconds(seconds)).unwrap();
            assert_eq!(remaining.to_string(), text);
        }
    }
}
