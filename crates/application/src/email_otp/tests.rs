use portcullis_domain::{password::Password, user::User};

use super::*;
use crate::{
    account::FirstProof,
    client_token::SessionEffect,
    code::CodeStorage,
    password_reset::PasswordResetOptions,
    sign_in::completion::Outcome,
    testing::{
        FakePorts, MemoryStore, ServiceOptions, Services,
        fixtures::{
            FLOOR, a_session, a_user, an_account, another_user, calling, message_options,
            silent_message_options,
        },
        seams::refusing,
    },
};

const OPTIONS: EmailOtpOptions = EmailOtpOptions {
    codes: CodeOptions {
        lifetime: TimeDelta::minutes(5),
        digits: 6,
        allowed_attempts: 3,
        storage: CodeStorage::Plain,
    },
    known_for: TimeDelta::days(30),
    may_sign_up: true,
    auto_sign_in: false,
    floor: FLOOR,
};
const CLOSED: EmailOtpOptions = EmailOtpOptions {
    may_sign_up: false,
    ..OPTIONS
};

struct Fixture {
    store: MemoryStore,
    otp: EmailOtp,
}

fn fixture_of(
    store: &MemoryStore,
    options: EmailOtpOptions,
    messages: MessageOptions,
    services: ServiceOptions,
) -> Fixture {
    let fake = FakePorts::with_store(store.clone());
    let services = Services::new(&fake.ports, services);
    let (completion, credentials) = services.share();
    let fields = portcullis_domain::additional::FieldSchema::default();
    let users = Arc::clone(&services.users);
    let reset = PasswordResetOptions {
        messages: messages.clone(),
        expires_in: TimeDelta::hours(1),
        revokes_sessions: false,
    };
    let targets = CodeTargets {
        sign_in: Arc::new(AddressSignIn::new(
            users,
            Arc::clone(&completion),
            Arc::clone(&credentials),
            fields,
        )),
        completion,
        password_reset: Arc::new(PasswordReset::new(
            &fake.ports,
            (credentials, FirstProof::default()),
            reset,
        )),
    };
    Fixture {
        store: store.clone(),
        otp: EmailOtp::new(&fake.ports, targets, (options, messages)),
    }
}

fn fixture(store: &MemoryStore, options: EmailOtpOptions) -> Fixture {
    fixture_of(store, options, message_options(), ServiceOptions::default())
}

fn with_ada() -> MemoryStore {
    MemoryStore::with(|rows| {
        rows.users = vec![a_user(), another_user()];
        rows.accounts = vec![an_account("hash")];
        rows.sessions = vec![a_session()];
    })
}

fn context() -> RequestContext {
    RequestContext::default()
}

impl Fixture {
    async fn send(&self, kind: AddressCode) -> Result<(), EmailOtpError> {
        self.otp.send(kind, &a_user().email, &context()).await
    }

    /// The newest code, which is stored as it is.
    async fn code(&self, kind: AddressCode) -> TypedCode {
        self.send(kind).await.unwrap();
        let rows = self.store.rows();
        let (code, _) = rows.codes.last().unwrap();
        TypedCode {
            email: a_user().email,
            code: code.stored.expose().clone(),
        }
    }

    fn user(&self) -> User {
        let rows = self.store.rows();
        rows.users
            .into_iter()
            .find(|user| user.id == a_user().id)
            .unwrap()
    }
}

fn is_wrong<T>(outcome: &Result<T, EmailOtpError>) -> bool {
    matches!(outcome, Err(EmailOtpError::Code(CodeError::Wrong)))
}

#[tokio::test]
async fn a_code_is_stored_for_every_address_and_sent_only_if_it_may_be_used() {
    let (empty, ada) = (MemoryStore::default(), with_ada());
    for (store, options, kind, sent) in [
        (&ada, CLOSED, AddressCode::SignIn, 1),
        (&ada, CLOSED, AddressCode::PasswordReset, 1),
        (&empty, OPTIONS, AddressCode::SignIn, 1),
        (&empty, CLOSED, AddressCode::SignIn, 0),
        (&empty, OPTIONS, AddressCode::EmailVerification, 0),
        (&empty, OPTIONS, AddressCode::PasswordReset, 0),
    ] {
        let store = MemoryStore::with(|rows| *rows = store.rows());
        fixture(&store, options).send(kind).await.unwrap();
        assert_eq!(store.rows().codes.len(), 1, "{kind:?}");
        assert_eq!(store.messages().len(), sent, "{kind:?}");
    }
}

#[tokio::test]
async fn no_code_is_sent_without_a_transport() {
    let store = with_ada();
    let silent = silent_message_options();
    let fixture = fixture_of(&store, OPTIONS, silent, ServiceOptions::default());
    let sent = fixture.send(AddressCode::SignIn).await;
    assert!(matches!(sent, Err(EmailOtpError::MessagesDisabled)));
    assert!(store.rows().codes.is_empty());
}

#[tokio::test]
async fn a_right_code_of_an_address_without_a_user_is_wrong_and_used_up() {
    let store = MemoryStore::default();
    let fixture = fixture(&store, CLOSED);
    let typed = fixture.code(AddressCode::SignIn).await;
    assert!(is_wrong(&fixture.otp.sign_in(&typed, &context()).await));
    assert!(store.rows().codes.is_empty() && store.rows().users.is_empty());

    let typed = fixture.code(AddressCode::EmailVerification).await;
    let command = VerifyAddress {
        typed,
        is_remembered: true,
    };
    assert!(is_wrong(&fixture.otp.verify(None, &command, &context()).await));
    assert!(store.rows().codes.is_empty());

    let typed = fixture.code(AddressCode::PasswordReset).await;
    let password = Password::new("password2");
    assert!(is_wrong(&fixture.otp.reset(&typed, &password, &context()).await));
    assert!(store.rows().codes.is_empty() && store.rows().accounts.is_empty());
}

#[tokio::test]
async fn a_code_signs_in_a_user_whose_address_is_thereby_verified() {
    let fixture = fixture(&with_ada(), OPTIONS);
    let typed = fixture.code(AddressCode::SignIn).await;
    let outcome = fixture.otp.sign_in(&typed, &context()).await.unwrap();
    let Outcome::Completed(completed) = outcome else {
        panic!("the user is signed in");
    };
    assert!(completed.user.email_verified && fixture.user().email_verified);
    let rows = fixture.store.rows();
    assert!(rows.accounts.is_empty() && rows.sessions.len() == 1);
    assert!(matches!(
        fixture.otp.sign_in(&typed, &context()).await,
        Err(EmailOtpError::Code(CodeError::Missing))
    ));
}

#[tokio::test]
async fn a_refused_user_keeps_the_code_and_the_account() {
    let store = with_ada();
    let fixture = fixture_of(&store, OPTIONS, message_options(), refusing("BANNED_USER"));
    let typed = fixture.code(AddressCode::SignIn).await;
    let outcome = fixture.otp.sign_in(&typed, &context()).await.unwrap();
    assert!(matches!(outcome, Outcome::Refused(_)));
    let rows = store.rows();
    assert_eq!((rows.codes.len(), rows.accounts.len()), (1, 1));
}

#[tokio::test]
async fn a_verification_keeps_the_session_in_which_it_happens_and_refreshes_its_cache() {
    let fixture = fixture(&with_ada(), OPTIONS);
    for (by, kept) in [(Some(calling(a_user())), 1), (None, 0)] {
        let store = MemoryStore::with(|rows| *rows = fixture.store.rows());
        let fixture = self::fixture(&store, OPTIONS);
        let command = VerifyAddress {
            typed: fixture.code(AddressCode::EmailVerification).await,
            is_remembered: true,
        };
        let verified = fixture
            .otp
            .verify(by.as_ref(), &command, &context())
            .await
            .unwrap();
        let AddressVerified::Done { token, user, effects } = verified else {
            panic!("no second step is required");
        };
        assert!(token.is_none() && user.email_verified);
        let is_refreshed = matches!(effects.session, SessionEffect::RefreshCache { .. });
        assert_eq!(is_refreshed, by.is_some());
        assert_eq!(store.rows().sessions.len(), kept);
        assert_eq!(store.rows().accounts.len(), 1, "the password stays");
    }
}

#[tokio::test]
async fn a_verification_signs_in_if_the_deployment_says_so() {
    let options = EmailOtpOptions {
        auto_sign_in: true,
        ..OPTIONS
    };
    let fixture = fixture(&with_ada(), options);
    let command = VerifyAddress {
        typed: fixture.code(AddressCode::EmailVerification).await,
        is_remembered: true,
    };
    let verified = fixture.otp.verify(None, &command, &context()).await.unwrap();
    assert!(matches!(verified, AddressVerified::Done { token: Some(_), .. }));
}

#[tokio::test]
async fn a_rejected_password_leaves_the_code_and_its_attempts() {
    let fixture = fixture(&with_ada(), OPTIONS);
    let typed = fixture.code(AddressCode::PasswordReset).await;
    let short = Password::new("x");
    let rejected = fixture.otp.reset(&typed, &short, &context()).await;
    assert!(matches!(rejected, Err(EmailOtpError::Password(_))));
    let rows = fixture.store.rows();
    assert_eq!(rows.codes.first().map(|(_, attempts)| *attempts), Some(0));

    let password = Password::new("password2");
    fixture.otp.reset(&typed, &password, &context()).await.unwrap();
    assert!(fixture.user().email_verified);
    assert!(fixture.store.rows().sessions.is_empty());
}

#[tokio::test]
async fn a_checked_code_stays_valid() {
    let fixture = fixture(&with_ada(), OPTIONS);
    let typed = fixture.code(AddressCode::SignIn).await;
    for _ in 0..5 {
        let checked = fixture.otp.check(AddressCode::SignIn, &typed, &context()).await;
        checked.unwrap();
    }
    let wrong = TypedCode {
        code: "x".to_owned(),
        ..typed
    };
    assert!(is_wrong(
        &fixture.otp.check(AddressCode::SignIn, &wrong, &context()).await
    ));
}
