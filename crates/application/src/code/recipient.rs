//! Codes by which users prove that they read the messages to an e-mail address or a telephone number.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::code::{CodeKey, StoredCode};

use super::{CodeError, CodeOptions, Codes, NewCode, attempts::Attempts};
use crate::{
    context::RequestContext,
    ports::{Failure, Ports, Repositories, Store},
};

/// Makes and checks such codes. Wrong codes are counted for each code, and for the recipient over all codes.
#[derive(Clone)]
pub(crate) struct RecipientCodes {
    store: Arc<dyn Store>,
    codes: Codes,
    attempts: Attempts,
}

impl RecipientCodes {
    /// Creates the codes with these options. For the time `known_for` after a sign-in, the client's IP address has
    /// attempts of its own.
    pub(crate) fn new(ports: &Ports, options: CodeOptions, known_for: TimeDelta) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            codes: Codes::new(ports, options),
            attempts: Attempts::new(ports, known_for),
        }
    }

    /// As [`Codes::create`].
    pub(crate) fn create(&self, key: CodeKey, now: DateTime<Utc>) -> NewCode {
        self.codes.create(key, now)
    }

    /// Counts an attempt for the code and for its recipient, and compares the guess. Returns the right code, which the caller
    /// consumes or restores. Not to be called in a unit of work.
    ///
    /// # Errors
    ///
    /// [`CodeError`] with the reason.
    pub(crate) async fn check(
        &self,
        key: &CodeKey,
        guess: &str,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<StoredCode, CodeError> {
        let stored = self.codes.count(key, now).await?;
        self.attempts.count(key, context, now).await?;
        if self.codes.is_right(&stored, guess)? {
            Ok(stored)
        } else {
            Err(CodeError::Wrong)
        }
    }

    /// Takes back the attempt with which [`Self::check`] found that the guess is right. The code stays valid.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub(crate) async fn restore(
        &self,
        key: &CodeKey,
        stored: &StoredCode,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let mut db = self.store.autocommit();
        db.codes().restore_attempt(key, stored).await?;
        self.attempts.reset(db.as_mut(), key, context).await
    }

    /// Deletes the code that [`Self::check`] returned, and the counts of wrong ones. Of several concurrent callers one
    /// receives `Ok`.
    ///
    /// # Errors
    ///
    /// [`CodeError::Wrong`] if another request consumed or replaced the code meanwhile.
    pub(crate) async fn consume(
        &self,
        db: &mut dyn Repositories,
        key: &CodeKey,
        stored: &StoredCode,
        context: &RequestContext,
    ) -> Result<(), CodeError> {
        if !db.codes().consume(key, stored).await? {
            return Err(CodeError::Wrong);
        }
        Ok(self.attempts.reset(db, key, context).await?)
    }
}

#[cfg(test)]
mod tests {
    use portcullis_domain::code::AddressCode;

    use super::*;
    use crate::{
        code::CodeStorage,
        testing::{
            FakePorts, MemoryStore,
            fixtures::{a_user, another_user, start},
        },
    };

    const OPTIONS: CodeOptions = CodeOptions {
        lifetime: TimeDelta::minutes(5),
        digits: 6,
        allowed_attempts: 3,
        storage: CodeStorage::Plain,
    };

    struct Fixture {
        store: MemoryStore,
        codes: RecipientCodes,
    }

    fn fixture() -> Fixture {
        let store = MemoryStore::with(|rows| rows.users = vec![a_user()]);
        let fake = FakePorts::with_store(store.clone());
        let codes = RecipientCodes::new(&fake.ports, OPTIONS, TimeDelta::days(30));
        Fixture { store, codes }
    }

    fn key() -> CodeKey {
        CodeKey::Address(AddressCode::SignIn, a_user().email)
    }

    fn client() -> RequestContext {
        RequestContext {
            ip_address: "192.0.2.7".to_owned(),
            ..RequestContext::default()
        }
    }

    impl Fixture {
        async fn send(&self, key: CodeKey) -> String {
            let new = self.codes.create(key, start());
            self.store
                .autocommit()
                .codes()
                .replace(&new.stored)
                .await
                .unwrap();
            new.text.expose().clone()
        }

        async fn guess(&self, key: &CodeKey, guess: &str) -> &'static str {
            match self.codes.check(key, guess, &client(), start()).await {
                Ok(_) => "right",
                Err(CodeError::Missing) => "missing",
                Err(CodeError::Expired) => "expired",
                Err(CodeError::TooManyForCode) => "too many for the code",
                Err(CodeError::TooManyForRecipient(_)) => "too many for the recipient",
                Err(CodeError::Wrong) => "wrong",
                Err(CodeError::Failure(failure)) => panic!("{}", failure.causes()),
            }
        }
    }

    #[tokio::test]
    async fn a_code_is_guessed_three_times_at_most() {
        let fixture = fixture();
        assert_eq!(fixture.guess(&key(), "123456").await, "missing");
        let code = fixture.send(key()).await;
        for expected in ["wrong", "wrong", "wrong"] {
            assert_eq!(fixture.guess(&key(), "x").await, expected);
        }
        assert_eq!(fixture.guess(&key(), &code).await, "too many for the code");
        assert_eq!(fixture.guess(&key(), &code).await, "missing");
    }

    #[tokio::test]
    async fn a_newer_code_does_not_reset_the_wrong_guesses_for_its_recipient() {
        let fixture = fixture();
        let reset = CodeKey::Address(AddressCode::PasswordReset, a_user().email);
        for round in 0..10 {
            let key = if round % 2 == 0 { key() } else { reset.clone() };
            fixture.send(key.clone()).await;
            assert_eq!(fixture.guess(&key, "x").await, "wrong");
        }
        let code = fixture.send(key()).await;
        assert_eq!(fixture.guess(&key(), &code).await, "too many for the recipient");
        let other = CodeKey::Address(AddressCode::SignIn, another_user().email);
        let code = fixture.send(other.clone()).await;
        assert_eq!(fixture.guess(&other, &code).await, "right");
    }

    #[tokio::test]
    async fn a_client_at_a_known_address_has_guesses_of_its_own() {
        let fixture = fixture();
        for _ in 0..10 {
            fixture.send(key()).await;
            assert_eq!(fixture.guess(&key(), "x").await, "wrong");
        }
        let mut db = fixture.store.autocommit();
        let known = db.known_addresses();
        known.remember(&a_user().id, "192.0.2.7", start()).await.unwrap();
        let code = fixture.send(key()).await;
        assert_eq!(fixture.guess(&key(), &code).await, "right");
    }

    #[tokio::test]
    async fn a_right_guess_is_not_counted_if_the_code_stays_valid() {
        let fixture = fixture();
        let code = fixture.send(key()).await;
        for _ in 0..20 {
            let stored = fixture
                .codes
                .check(&key(), &code, &client(), start())
                .await
                .unwrap();
            fixture.codes.restore(&key(), &stored, &client()).await.unwrap();
        }
        let rows = fixture.store.rows();
        assert_eq!(rows.codes.first().map(|(_, attempts)| *attempts), Some(0));
        assert!(rows.rate_limits.is_empty());
    }

    #[tokio::test]
    async fn a_code_is_consumed_once() {
        let fixture = fixture();
        let code = fixture.send(key()).await;
        let stored = fixture
            .codes
            .check(&key(), &code, &client(), start())
            .await
            .unwrap();
        let (key, client) = (key(), client());
        let mut db = fixture.store.autocommit();
        let consume = fixture.codes.consume(db.as_mut(), &key, &stored, &client);
        assert!(consume.await.is_ok());
        let again = fixture.codes.consume(db.as_mut(), &key, &stored, &client);
        assert!(matches!(again.await, Err(CodeError::Wrong)));
    }
}
