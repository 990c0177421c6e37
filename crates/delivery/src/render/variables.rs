//! The variables of templates.

use chrono::{DateTime, TimeDelta, Utc};
use minijinja::Value;
use portcullis_domain::{
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
    pub(super) expires_in_minutes: Option<i64>,
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
            expires_in_minutes: message.expires_at.and_then(|end| minutes(end - now)),
            user_name,
            user_email: message
                .user
                .as_ref()
                .map_or(&message.to, |user| &user.email)
                .as_str(),
        }
    }

    /// Returns the variables of a test message.
    pub(super) fn of_test(to: &'a EmailAddress) -> Self {
        Self {
            kind: super::TEST,
            to: to.as_str(),
            url: None,
            code: None,
            new_email: None,
            expires_in_minutes: None,
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
            (
                "expires_in",
                self.expires_in_minutes.map(|minutes| duration(minutes).into()),
            ),
            ("expires_in_minutes", self.expires_in_minutes.map(Value::from)),
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

/// Returns the remaining time in minutes, rounded up, since a message is sent a moment after it was created.
fn minutes(left: TimeDelta) -> Option<i64> {
    let minutes = (left.num_seconds() + 59).div_euclid(60);
    (minutes > 0).then_some(minutes)
}

/// Returns a duration in the largest unit of which it has at least two, rounded down.
fn duration(minutes: i64) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        ..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        2880.. => format!("{} days", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remaining_time_is_rounded_up_to_minutes() {
        for (seconds, left) in [
            (3600, Some(60)),
            (3541, Some(60)),
            (3540, Some(59)),
            (1, Some(1)),
            (0, None),
            (-5, None),
        ] {
            assert_eq!(minutes(TimeDelta::seconds(seconds)), left, "{seconds}");
        }
    }

    #[test]
    fn durations_are_written_in_common_units() {
        for (minutes, text) in [
            (1, "1 minute"),
            (60, "60 minutes"),
            (119, "119 minutes"),
            (120, "2 hours"),
            (1440, "24 hours"),
            (2879, "47 hours"),
            (2880, "2 days"),
            (10_080, "7 days"),
        ] {
            assert_eq!(duration(minutes), text);
        }
    }
}
