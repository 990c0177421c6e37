//! Accounts as JSON, with the members of a row of Better Auth's table.

use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_domain::{
    account::{Account, AccountTokens},
    id::{AccountId, UserId},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::claims::LiveClaims;

/// The members in Better Auth's order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    account_id: &'a str,
    provider_id: &'a str,
    user_id: &'a str,
    access_token: Option<&'a str>,
    refresh_token: Option<&'a str>,
    id_token: Option<&'a str>,
    access_token_expires_at: Option<String>,
    refresh_token_expires_at: Option<String>,
    scope: Option<&'a str>,
    /// Always `null`: the hash stays in the database.
    password: (),
    created_at: String,
    updated_at: String,
    id: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
}

/// The members that are read. Better Auth adds the user of an account that it has found, and its database may omit
/// members without a value.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    account_id: String,
    provider_id: String,
    user_id: String,
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    access_token_expires_at: Option<String>,
    refresh_token_expires_at: Option<String>,
    scope: Option<String>,
    created_at: String,
    updated_at: String,
    id: String,
}

/// Returns the claims as JSON: the account's members, `iat`, `exp` and `jti`.
pub(super) fn write(
    account: &Account,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
    jti: &str,
) -> Vec<u8> {
    let tokens = &account.tokens;
    let written = Written {
        account_id: &account.account_id,
        provider_id: &account.provider_id,
        user_id: account.user_id.as_str(),
        access_token: text(tokens.access_token.as_ref()),
        refresh_token: text(tokens.refresh_token.as_ref()),
        id_token: text(tokens.id_token.as_ref()),
        access_token_expires_at: tokens.access_token_expires_at.map(date),
        refresh_token_expires_at: tokens.refresh_token_expires_at.map(date),
        scope: account.scope.as_deref(),
        password: (),
        created_at: date(account.created_at),
        updated_at: date(account.updated_at),
        id: account.id.as_str(),
        iat: now.timestamp(),
        exp: expires_at.timestamp(),
        jti,
    };
    let mut claims = Vec::new();
    let _writing_to_memory_succeeds = serde_json::to_writer(&mut claims, &written);
    claims
}

/// Returns the account of genuine claims, or `None` if they are not valid now, or not an account's. `tolerance` is the allowed
/// clock difference in seconds.
pub(super) fn read(claims: &[u8], now: DateTime<Utc>, tolerance: i64) -> Option<Account> {
    let claims = LiveClaims::parse(claims, now, tolerance)?;
    let read: Read = serde_json::from_value(Value::Object(claims.members)).ok()?;
    let optional = |text: Option<String>| match text {
        Some(text) => time(&text).map(Some),
        None => Some(None),
    };
    Some(Account {
        id: AccountId::new(read.id),
        account_id: read.account_id,
        provider_id: read.provider_id,
        user_id: UserId::new(read.user_id),
        password: None,
        tokens: AccountTokens {
            access_token: read.access_token.map(Secret::new),
            refresh_token: read.refresh_token.map(Secret::new),
            id_token: read.id_token.map(Secret::new),
            access_token_expires_at: optional(read.access_token_expires_at)?,
            refresh_token_expires_at: optional(read.refresh_token_expires_at)?,
        },
        scope: read.scope,
        created_at: time(&read.created_at)?,
        updated_at: time(&read.updated_at)?,
    })
}

fn text(token: Option<&Secret<String>>) -> Option<&str> {
    token.map(|token| token.expose().as_str())
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.with_timezone(&Utc))
}
