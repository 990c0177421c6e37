//! A fake of the port that writes accounts into cookies.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    account::{Account, AccountTokens},
    id::{AccountId, UserId},
    secret::Secret,
};
use serde_json::{Value, json};

use crate::ports::AccountCookieCodec;

/// Writes accounts as JSON.
pub struct PlainAccountCookieCodec;

impl AccountCookieCodec for PlainAccountCookieCodec {
    fn seal(&self, account: &Account, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> Secret<String> {
        let text = |token: &Option<Secret<String>>| token.as_ref().map(|token| token.expose().clone());
        let time = |time: Option<DateTime<Utc>>| time.map(|time| time.timestamp_millis());
        let tokens = &account.tokens;
        let value = json!({
            "id": account.id.as_str(),
            "accountId": account.account_id,
            "providerId": account.provider_id,
            "userId": account.user_id.as_str(),
            "accessToken": text(&tokens.access_token),
            "refreshToken": text(&tokens.refresh_token),
            "idToken": text(&tokens.id_token),
            "accessTokenExpiresAt": time(tokens.access_token_expires_at),
            "refreshTokenExpiresAt": time(tokens.refresh_token_expires_at),
            "scope": account.scope,
            "createdAt": time(Some(account.created_at)),
            "updatedAt": time(Some(account.updated_at)),
            "begin": time(Some(now)),
            "end": time(Some(expires_at)),
        });
        Secret::new(value.to_string())
    }

    fn open(&self, text: &str, now: DateTime<Utc>) -> Option<Account> {
        let value: Value = serde_json::from_str(text).ok()?;
        let member = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let time = |name: &str| DateTime::from_timestamp_millis(value.get(name)?.as_i64()?);
        let account = Account {
            id: AccountId::new(member("id")?),
            account_id: member("accountId")?,
            provider_id: member("providerId")?,
            user_id: UserId::new(member("userId")?),
            password: None,
            tokens: AccountTokens {
                access_token: member("accessToken").map(Secret::new),
                refresh_token: member("refreshToken").map(Secret::new),
                id_token: member("idToken").map(Secret::new),
                access_token_expires_at: time("accessTokenExpiresAt"),
                refresh_token_expires_at: time("refreshTokenExpiresAt"),
            },
            scope: member("scope"),
            created_at: time("createdAt")?,
            updated_at: time("updatedAt")?,
        };
        (time("end")? > now).then_some(account)
    }
}
