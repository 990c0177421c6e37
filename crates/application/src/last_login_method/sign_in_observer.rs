//! Storage of the method at the end of each sign-in.

use async_trait::async_trait;
use portcullis_domain::{
    additional::AdditionalFields, last_login_method::LAST_LOGIN_METHOD, secret::Secret, session::Session,
    user::UserPatch,
};

use super::{LAST_LOGIN, LastLoginOptions, name};
use crate::{
    client_token::TokenEffect,
    ports::{Failure, Repositories, WriteError},
    seams::SignInObserver,
    sign_in::completion::SigningIn,
};

/// Remembers the method, also of a sign-in that waits for a second step: the second step does not show which method the
/// user chose.
pub struct LastLoginObserver {
    options: LastLoginOptions,
}

impl LastLoginObserver {
    /// Creates the observer with these options.
    #[must_use]
    pub const fn new(options: LastLoginOptions) -> Self {
        Self { options }
    }
}

#[async_trait]
impl SignInObserver for LastLoginObserver {
    async fn observe(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
        _session: Option<&Session>,
    ) -> Result<Vec<TokenEffect>, Failure> {
        let Some(name) = name(&signing_in.method) else {
            return Ok(Vec::new());
        };
        if self.options.is_stored {
            store(db, signing_in, name).await?;
        }
        Ok(vec![TokenEffect::Set {
            kind: LAST_LOGIN,
            value: Secret::new(name.to_owned()),
            lifetime: self.options.max_age,
        }])
    }
}

/// Stores the name, unless the row contains it already.
async fn store(db: &mut dyn Repositories, signing_in: &SigningIn<'_>, name: &str) -> Result<(), Failure> {
    let SigningIn { user, now, .. } = signing_in;
    if user.additional.get(LAST_LOGIN_METHOD).as_str() == Some(name) {
        return Ok(());
    }
    let mut additional = AdditionalFields::default();
    additional.set(LAST_LOGIN_METHOD, name.into());
    let patch = UserPatch {
        additional,
        ..UserPatch::default()
    };
    let changed = db.users().update(&user.id, &patch, *now).await;
    changed.map_err(WriteError::into_failure)?;
    Ok(())
}
