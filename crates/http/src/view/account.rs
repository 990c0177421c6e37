//! The JSON of an account, without tokens and the password.

use portcullis_domain::account::Account;
use schemars::JsonSchema;
use serde::Serialize;

use super::date::Date;

/// The JSON of an account.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Account", description = "A sign-in method of a user")]
pub(crate) struct AccountView<'a> {
    account_id: &'a str,
    provider_id: &'a str,
    user_id: &'a str,
    created_at: Date,
    updated_at: Date,
    id: &'a str,
    scopes: Vec<&'a str>,
}

impl<'a> From<&'a Account> for AccountView<'a> {
    fn from(account: &'a Account) -> Self {
        Self {
            account_id: &account.account_id,
            provider_id: &account.provider_id,
            user_id: account.user_id.as_str(),
            created_at: account.created_at.into(),
            updated_at: account.updated_at.into(),
            id: account.id.as_str(),
            scopes: account.scopes().collect(),
        }
    }
}
