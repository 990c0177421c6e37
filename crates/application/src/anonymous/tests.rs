use chrono::TimeDelta;
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind},
    anonymous::{self, IS_ANONYMOUS, is_anonymous},
    secret::Secret,
    session::Session,
    token::SessionToken,
    user::User,
};

use super::*;
use crate::{
    client_token::{ClientEffects, PresentedToken, SessionEffect, TokenEffect},
    context::RequestContext,
    ports::{Failure, FailureKind},
    seams::{DelegatedSession, Refusal, SignInObserver as _},
    session::{SessionSeams, Sessions},
    sign_in::completion::{Outcome, SignInMethod, SigningIn},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryStore, Rows, ServiceOptions, Services,
        fixtures::{SESSION_POLICY, a_session, a_user, an_account, another_user, calling, start},
        seams::{refusing, refusing_deletions},
    },
};

fn options() -> AnonymousOptions {
    AnonymousOptions {
        name: "Anonymous".to_owned(),
        domain: None,
        are_deleted: true,
        fields: FieldSchema::new(anonymous::user_fields()),
    }
}

fn as_guest(mut user: User) -> User {
    user.additional.set(IS_ANONYMOUS, true.into());
    user
}

fn users(store: &MemoryStore, options: AnonymousOptions, services: ServiceOptions) -> AnonymousUsers {
    let ports = FakePorts::with_store(store.clone()).ports;
    let services = Services::new(&ports, services);
    let guards = UserDeletionGuards::default();
    AnonymousUsers::new(&ports, services.users, services.completion, guards, options)
}

async fn sign_in(
    options: AnonymousOptions,
    services: ServiceOptions,
    by: Option<User>,
) -> (Result<Outcome, AnonymousSignInError>, Rows) {
    let store = MemoryStore::default();
    let by = by.map(calling);
    let users = users(&store, options, services);
    let outcome = users.sign_in(by.as_ref(), &RequestContext::default()).await;
    (outcome, store.rows())
}

#[tokio::test]
async fn a_guest_is_a_new_user_with_a_random_address() {
    for (domain, expected) in [(None, "temp@"), (Some("guests.example.com"), "temp-")] {
        let options = AnonymousOptions {
            domain: domain.map(|domain| AnonymousDomain::parse(domain).unwrap()),
            ..options()
        };
        let (outcome, rows) = sign_in(options, ServiceOptions::default(), Some(a_user())).await;
        assert!(matches!(outcome.unwrap(), Outcome::Completed(_)));
        let [guest] = &rows.users[..] else {
            panic!("one user was created");
        };
        assert!(is_anonymous(guest) && !guest.email_verified);
        assert_eq!(guest.name, "Anonymous");
        assert!(guest.email.as_str().starts_with(expected));
        assert_eq!(rows.sessions[0].user_id, guest.id);
        assert!(rows.accounts.is_empty());
    }
}

#[tokio::test]
async fn a_guest_does_not_become_another_guest() {
    let (outcome, rows) = sign_in(options(), ServiceOptions::default(), Some(as_guest(a_user()))).await;
    assert!(matches!(
        outcome.unwrap_err(),
        AnonymousSignInError::AlreadyAnonymous
    ));
    assert!(rows.users.is_empty());
}

#[tokio::test]
async fn a_refused_guest_is_not_stored() {
    let (outcome, rows) = sign_in(options(), refusing("BANNED"), None).await;
    assert!(matches!(outcome.unwrap(), Outcome::Refused(_)));
    assert!(rows.users.is_empty() && rows.sessions.is_empty());
}

#[tokio::test]
async fn a_guest_without_a_required_field_is_not_created() {
    let required = FieldDefinition {
        name: "nick".to_owned(),
        kind: FieldKind::String,
        is_required: true,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    };
    let options = AnonymousOptions {
        fields: FieldSchema::new(vec![required]),
        ..options()
    };
    let (outcome, rows) = sign_in(options, ServiceOptions::default(), None).await;
    assert!(matches!(
        outcome.unwrap_err(),
        AnonymousSignInError::UnableToCreateUser
    ));
    assert!(rows.users.is_empty());
}

/// A store with the caller, who is a guest if `is_guest`.
fn with_caller(is_guest: bool) -> MemoryStore {
    MemoryStore::with(|rows| {
        let user = if is_guest { as_guest(a_user()) } else { a_user() };
        rows.users = vec![user];
        rows.sessions = vec![a_session()];
    })
}

async fn delete(
    store: &MemoryStore,
    read: User,
    options: AnonymousOptions,
) -> Result<ClientEffects, AnonymousDeletionError> {
    let users = users(store, options, ServiceOptions::default());
    users.delete(&calling(read)).await
}

#[tokio::test]
async fn a_guest_is_deleted_with_the_session() {
    let store = with_caller(true);
    let effects = delete(&store, as_guest(a_user()), options()).await.unwrap();
    assert!(matches!(effects.session, SessionEffect::Clear));
    assert!(store.rows().users.is_empty() && store.rows().sessions.is_empty());
}

#[tokio::test]
async fn a_user_who_is_no_guest_is_not_deleted_also_if_the_user_was_one_when_the_session_was_read() {
    for read in [a_user(), as_guest(a_user())] {
        let store = with_caller(false);
        let error = delete(&store, read, options()).await.unwrap_err();
        assert!(matches!(error, AnonymousDeletionError::NotAnonymous));
        assert_eq!(store.rows().users.len(), 1);
    }
}

#[tokio::test]
async fn no_guest_is_deleted_if_deletion_is_disabled_or_the_session_has_ended() {
    let disabled = AnonymousOptions {
        are_deleted: false,
        ..options()
    };
    let store = with_caller(true);
    let error = delete(&store, as_guest(a_user()), disabled).await.unwrap_err();
    assert!(matches!(error, AnonymousDeletionError::Disabled));
    let ended = MemoryStore::with(|rows| rows.users = vec![as_guest(a_user())]);
    let error = delete(&ended, as_guest(a_user()), options()).await.unwrap_err();
    assert!(matches!(error, AnonymousDeletionError::SessionEnded));
    assert_eq!((store.rows().users.len(), ended.rows().users.len()), (1, 1));
}

/// The session of a guest by this token.
fn session_of(user: &User, token: &str) -> Session {
    Session {
        token: SessionToken::new(token.to_owned()),
        user_id: user.id.clone(),
        ..a_session()
    }
}

/// Every session is one in which another user acts.
struct Impersonated;

impl DelegatedSession for Impersonated {
    fn is_delegated(&self, _session: &Session) -> bool {
        true
    }
}

struct Follow {
    store: MemoryStore,
    seams: SessionSeams,
    guards: UserDeletionGuards,
}

/// The guest `another_user` has signed in as `a_user` with the same client.
fn linking() -> Follow {
    Follow {
        store: MemoryStore::with(|rows| {
            rows.users = vec![a_user(), as_guest(another_user())];
            rows.sessions = vec![a_session(), session_of(&another_user(), "guest")];
        }),
        seams: SessionSeams::default(),
        guards: UserDeletionGuards::default(),
    }
}

impl Follow {
    fn change(self, change: impl FnOnce(&mut Rows)) -> Self {
        let mut rows = self.store.rows();
        change(&mut rows);
        Self {
            store: MemoryStore::with(|fresh| *fresh = rows),
            ..self
        }
    }

    /// Returns whether the guest was deleted, and the number of users who are left.
    async fn of(self, tokens: &[&str], user: User) -> (bool, usize) {
        let ports = FakePorts::with_store(self.store.clone()).ports;
        let sessions = Arc::new(Sessions::new(&ports, SESSION_POLICY, self.seams));
        let link = AnonymousLink::new(&ports, sessions, self.guards);
        let tokens: Vec<_> = tokens
            .iter()
            .map(|token| SessionToken::new((*token).to_owned()))
            .collect();
        let is_deleted = link.follow(&tokens, &user).await.unwrap();
        (is_deleted, self.store.rows().users.len())
    }
}

#[tokio::test]
async fn a_guest_who_has_signed_in_as_another_user_is_deleted() {
    assert_eq!(linking().of(&["guest"], a_user()).await, (true, 1));
    assert_eq!(linking().of(&["ended", "guest"], a_user()).await, (true, 1));
}

#[tokio::test]
async fn only_the_guest_whose_live_session_the_client_presents_is_deleted() {
    assert_eq!(linking().of(&[], a_user()).await, (false, 2));
    assert_eq!(linking().of(&["unknown"], a_user()).await, (false, 2));
    let expired = linking().change(|rows| rows.sessions[1].expires_at = start() - TimeDelta::seconds(1));
    assert_eq!(expired.of(&["guest"], a_user()).await, (false, 2));
    let impersonated = Follow {
        seams: SessionSeams {
            delegated: Arc::new([Arc::new(Impersonated)]),
            ..SessionSeams::default()
        },
        ..linking()
    };
    assert_eq!(impersonated.of(&["guest"], a_user()).await, (false, 2));
}

#[tokio::test]
async fn a_user_who_is_no_guest_stays_and_so_does_a_guest_who_has_signed_in_as_a_guest() {
    let member = linking().change(|rows| rows.users[1] = another_user());
    assert_eq!(member.of(&["guest"], a_user()).await, (false, 2));
    assert_eq!(linking().of(&["guest"], as_guest(a_user())).await, (false, 2));
    assert_eq!(linking().of(&["guest"], another_user()).await, (false, 2));
}

#[tokio::test]
async fn a_guest_who_can_sign_in_again_or_whom_a_plugin_protects_stays() {
    let with_account = linking().change(|rows| {
        let mut account = an_account("hash");
        account.user_id = another_user().id;
        rows.accounts = vec![account];
    });
    assert_eq!(with_account.of(&["guest"], a_user()).await, (false, 2));
    let verified = linking().change(|rows| rows.users[1].email_verified = true);
    assert_eq!(verified.of(&["guest"], a_user()).await, (false, 2));
    let protected = Follow {
        guards: refusing_deletions("ONLY_OWNER"),
        ..linking()
    };
    assert_eq!(protected.of(&["guest"], a_user()).await, (false, 2));
}

/// A unit of work in which the deletion of the guest fails.
fn failing(kind: FailureKind) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.locks_user(as_guest(another_user()));
    unit.accounts.expect_list_by_user().returning(|_| Ok(Vec::new()));
    unit.users
        .expect_delete()
        .return_once(move |_| Err(Failure::of_kind(kind, "no")));
    unit
}

#[tokio::test]
async fn a_guest_to_whom_other_rows_refer_stays_and_another_failure_is_reported() {
    for (kind, is_reported) in [(FailureKind::Referenced, false), (FailureKind::Broken, true)] {
        let mut read = FakeUnitOfWork::default();
        read.sessions.expect_find_by_token().returning(|_| {
            let session = session_of(&another_user(), "guest");
            Ok(Some((session, as_guest(another_user()))))
        });
        let fake = FakePorts::with_store(FakeStore::new(vec![read], vec![failing(kind)]));
        let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
        let guards = UserDeletionGuards::default();
        let link = AnonymousLink::new(&fake.ports, Arc::new(sessions), guards);
        let token = SessionToken::new("guest".to_owned());
        let followed = link.follow(&[token], &a_user()).await;
        assert_eq!(followed.is_err(), is_reported, "{kind:?}");
        assert!(!fake.store.has_committed());
    }
}

#[tokio::test]
async fn a_deletion_that_a_plugin_refuses_is_reported_to_the_guest() {
    let store = with_caller(true);
    let ports = FakePorts::with_store(store.clone()).ports;
    let services = Services::new(&ports, ServiceOptions::default());
    let guards = refusing_deletions("ONLY_OWNER");
    let users = AnonymousUsers::new(&ports, services.users, services.completion, guards, options());
    let error = users.delete(&calling(as_guest(a_user()))).await.unwrap_err();
    let expected = Refusal::from("ONLY_OWNER");
    assert!(matches!(error, AnonymousDeletionError::Refused(refusal) if refusal == expected));
    assert_eq!(store.rows().users.len(), 1);
}

/// The effects of a sign-in as `a_user` whose client presents these session tokens, and perhaps that of a guest.
async fn observed(tokens: &[&str], kept: Option<&str>, session: Option<&Session>) -> Vec<TokenEffect> {
    let tokens = tokens.iter().map(|token| SessionToken::new((*token).to_owned()));
    let context = RequestContext {
        session_tokens: tokens.collect(),
        tokens: kept
            .map(|text| PresentedToken {
                kind: GUEST,
                purpose: GUEST.purpose,
                value: Secret::new(text.to_owned()),
            })
            .into_iter()
            .collect(),
        ..RequestContext::default()
    };
    let signing_in = SigningIn {
        user: a_user(),
        method: SignInMethod::SecondFactor,
        context: &context,
        is_remembered: true,
        now: start(),
    };
    let mut db = linking().store.begin();
    let effects = AnonymousObserver.observe(db.as_mut(), &signing_in, session);
    effects.await.unwrap()
}

#[tokio::test]
async fn a_client_keeps_the_token_of_a_guest_until_the_second_step_is_taken() {
    let kept = observed(&["ended", "guest"], None, None).await;
    let [
        TokenEffect::Set {
            kind: GUEST, value, ..
        },
    ] = &kept[..]
    else {
        panic!("the token is kept: {kept:?}");
    };
    let id = a_user().id;
    assert_eq!(*value.expose(), format!("guest-guest!{}", id.as_str()));
    assert_eq!(guest_session(value.expose(), &id).unwrap().expose(), "guest");
    assert!(guest_session("guest", &id).is_none());
    assert!(guest_session(value.expose(), &another_user().id).is_none());
    let own = a_session().token.expose().clone();
    assert!(observed(&[&own], None, None).await.is_empty());
    assert!(observed(&[], None, None).await.is_empty());

    let session = a_session();
    let cleared = observed(&[], Some("guest"), Some(&session)).await;
    assert!(matches!(cleared[..], [TokenEffect::Clear { kind: GUEST }]));
    assert!(observed(&["guest"], None, Some(&session)).await.is_empty());
}
