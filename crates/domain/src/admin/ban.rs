//! Bans.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use super::{BAN_EXPIRES, BAN_REASON, BANNED};
use crate::{additional::AdditionalFields, moment, user::User};

/// Milliseconds of a second.
const MILLISECONDS: f64 = 1000.0;

/// A ban of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Why the user is banned.
    pub reason: String,
    /// When the ban ends. `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The ban of a user at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BanState {
    /// The user is not banned.
    Free,
    /// The user is banned.
    Banned,
    /// The user's ban has ended, but is still stored.
    Expired,
}

/// The end of a ban is a time that cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ban would end at a time that cannot be stored")]
pub struct InvalidBanEnd;

impl Ban {
    /// Returns the time this many seconds from `now`, in whole milliseconds.
    ///
    /// # Errors
    ///
    /// If it is outside of the years 1 to 9999.
    pub fn end(now: DateTime<Utc>, seconds: f64) -> Result<DateTime<Utc>, InvalidBanEnd> {
        let milliseconds = (seconds * MILLISECONDS).trunc();
        let milliseconds: i64 = format!("{milliseconds:.0}").parse().map_err(|_| InvalidBanEnd)?;
        let length = TimeDelta::try_milliseconds(milliseconds).ok_or(InvalidBanEnd)?;
        let end = now.checked_add_signed(length).ok_or(InvalidBanEnd)?;
        moment::is_writable(end).then_some(end).ok_or(InvalidBanEnd)
    }

    /// Returns the fields of a banned user.
    #[must_use]
    pub fn fields(&self) -> AdditionalFields {
        let mut fields = AdditionalFields::default();
        fields.set(BANNED, Value::Bool(true));
        fields.set(BAN_REASON, Value::from(self.reason.as_str()));
        let end = self
            .expires_at
            .map(|end| end.to_rfc3339_opts(SecondsFormat::Millis, true));
        fields.set(BAN_EXPIRES, end.map_or(Value::Null, Value::from));
        fields
    }

    /// Returns the fields of a user who is not banned.
    #[must_use]
    pub fn lifted() -> AdditionalFields {
        let mut fields = AdditionalFields::default();
        fields.set(BANNED, Value::Bool(false));
        fields.set(BAN_REASON, Value::Null);
        fields.set(BAN_EXPIRES, Value::Null);
        fields
    }
}

impl BanState {
    /// Returns the state of a user's ban. A ban whose end cannot be read never ends.
    #[must_use]
    pub fn of(user: &User, now: DateTime<Utc>) -> Self {
        if *user.additional.get(BANNED) != Value::Bool(true) {
            return Self::Free;
        }
        let end = user.additional.get(BAN_EXPIRES).as_str();
        let end = end.and_then(|end| DateTime::parse_from_rfc3339(end).ok());
        match end {
            Some(end) if end < now => Self::Expired,
            Some(_) | None => Self::Banned,
        }
    }

    /// Returns whether the user is banned.
    #[must_use]
    pub fn is_banned(self) -> bool {
        self == Self::Banned
    }
}
