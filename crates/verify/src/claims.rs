//! The claims of a verified token.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use crate::Error;

/// No fields of the deployment's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// The claims of a verified token: the registered ones, and the deployment's own in `fields`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Claims<T = Empty> {
    /// The issuer: the configured one.
    pub iss: String,
    /// The user's id, unless `plugins.jwt.jwt.subject` is `email`.
    pub sub: String,
    /// The session's id, if the token belongs to a session.
    #[serde(default)]
    pub sid: Option<String>,
    /// The token's id.
    #[serde(default)]
    pub jti: Option<String>,
    /// The audiences. At least one of them is a configured one.
    #[serde(deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// The time of signing, in seconds since 1970.
    #[serde(default, deserialize_with = "optional_seconds")]
    pub iat: Option<i64>,
    /// The time from which the token is valid, in seconds since 1970.
    #[serde(default, deserialize_with = "optional_seconds")]
    pub nbf: Option<i64>,
    /// The time of expiry, in seconds since 1970.
    #[serde(deserialize_with = "seconds")]
    pub exp: i64,
    /// All other claims that `T` declares.
    #[serde(flatten)]
    pub fields: T,
}

/// What a token must fulfil.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    pub(crate) leeway: i64,
}

impl Expected {
    /// Checks the registered claims at this time, then reads the others.
    pub(crate) fn read<T: DeserializeOwned>(&self, payload: &[u8], now: i64) -> Result<Claims<T>, Error> {
        let registered: Claims = parse(payload)?;
        self.check(&registered, now)?;
        parse(payload)
    }

    fn check(&self, claims: &Claims, now: i64) -> Result<(), Error> {
        if claims.iss != self.issuer {
            return Err(Error::WrongIssuer);
        }
        if !claims
            .aud
            .iter()
            .any(|audience| self.audiences.contains(audience))
        {
            return Err(Error::WrongAudience);
        }
        if claims.exp.saturating_add(self.leeway) <= now {
            return Err(Error::Expired);
        }
        let latest = now.saturating_add(self.leeway);
        if [claims.nbf, claims.iat]
            .into_iter()
            .flatten()
            .any(|start| start > latest)
        {
            return Err(Error::NotYetValid);
        }
        if claims.sub.is_empty() {
            return Err(Error::Claims("`sub` is empty".to_owned()));
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(payload: &[u8]) -> Result<Claims<T>, Error> {
    serde_json::from_slice(payload).map_err(|error| Error::Claims(error.to_string()))
}

/// A time in a JWT: a JSON number, which may have a fraction (RFC 7519).
#[derive(Deserialize)]
#[serde(untagged)]
enum NumericDate {
    Whole(i64),
    Fraction(f64),
}

impl NumericDate {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a conversion of a float to an integer saturates"
    )]
    const fn seconds(self) -> i64 {
        match self {
            Self::Whole(seconds) => seconds,
            Self::Fraction(seconds) => seconds.floor() as i64,
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(input: D) -> Result<i64, D::Error> {
    NumericDate::deserialize(input).map(NumericDate::seconds)
}

fn optional_seconds<'de, D: Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<NumericDate>::deserialize(input)?.map(NumericDate::seconds))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(input)? {
        OneOrMany::One(audience) => vec![audience],
        OneOrMany::Many(audiences) => audiences,
    })
}
