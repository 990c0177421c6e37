use std::sync::Mutex;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    additional::{AdditionalFields, FieldDefinition, FieldKind, FieldSchema},
    secret::Secret,
};
use serde_json::json;

use super::*;
use crate::{
    client_token::{PresentedToken, TokenKind},
    context::RequestContext,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user, session_options, start},
        seams::Limited,
    },
};

const CHALLENGE: TokenKind = TokenKind::new("challenge");

/// The calls of the plugins, in their order.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<&'static str>>>);

impl Calls {
    fn record(&self, call: &'static str) {
        self.0.lock().unwrap().push(call);
    }

    fn list(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

struct Guard(Calls, &'static str, Decision);

#[async_trait]
impl SessionGuard for Guard {
    async fn check(
        &self,
        _db: &mut dyn Repositories,
        user: &mut User,
        now: DateTime<Utc>,
    ) -> Result<Decision, Failure> {
        assert_eq!((&user.id, now), (&a_user().id, start()));
        self.0.record(self.1);
        Ok(self.2.clone())
    }
}

/// A second step that is taken by clients with a token.
struct TokenStep(Calls);

#[async_trait]
impl SecondStep for TokenStep {
    async fn challenge(
        &self,
        _db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
    ) -> Result<Step, Failure> {
        self.0.record("second step");
        let rotated = TokenEffect::Set {
            kind: CHALLENGE,
            value: Secret::new("next".to_owned()),
            lifetime: TimeDelta::minutes(10),
        };
        Ok(match signing_in.context.token(CHALLENGE) {
            Some("current") => Step::Satisfied(vec![rotated]),
            Some(_stale) => Step::Challenge(vec![TokenEffect::Clear { kind: CHALLENGE }]),
            None => Step::NotAsked,
        })
    }
}

/// Sets a token after a completed sign-in and another one before a second step.
struct Observer(Calls);

#[async_trait]
impl SignInObserver for Observer {
    async fn observe(
        &self,
        _db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
        session: Option<&Session>,
    ) -> Result<Vec<TokenEffect>, Failure> {
        assert_eq!(signing_in.user.id, a_user().id);
        self.0.record("observer");
        let kind = TokenKind::new(session.map_or("challenged", |_stored| "completed"));
        Ok(vec![TokenEffect::Clear { kind }])
    }
}

struct Label(Calls);

#[async_trait]
impl SessionDefaults for Label {
    async fn prepare(&self, _db: &mut dyn Repositories, session: &mut Session) -> Result<(), Failure> {
        self.0.record("session defaults");
        session.user_agent = Some("labelled".to_owned());
        Ok(())
    }
}

fn completion(fake: &FakePorts, calls: &Calls, second: Decision) -> SignInCompletion {
    let seams = SignInSeams {
        guards: Arc::new([
            Arc::new(Guard(calls.clone(), "first guard", Decision::Allowed)),
            Arc::new(Guard(calls.clone(), "second guard", second)),
        ]),
        second_steps: Arc::new([Arc::new(TokenStep(calls.clone()))]),
        session_defaults: Arc::new([Arc::new(Label(calls.clone()))]),
        observers: Arc::new([Arc::new(Observer(calls.clone()))]),
        ..SignInSeams::default()
    };
    SignInCompletion::new(&fake.ports, session_options(), seams)
}

fn context(token: Option<&str>) -> RequestContext {
    let tokens = token.map(|value| PresentedToken {
        kind: CHALLENGE,
        purpose: CHALLENGE.purpose,
        value: Secret::new(value.to_owned()),
    });
    RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        tokens: tokens.into_iter().collect(),
        ..RequestContext::default()
    }
}

fn signing_in(method: SignInMethod, context: &RequestContext) -> SigningIn<'_> {
    SigningIn {
        user: a_user(),
        method,
        context,
        is_remembered: true,
        now: start(),
    }
}

/// A declared field of sessions with this default.
fn team(default: &str) -> FieldSchema {
    FieldSchema::new(vec![FieldDefinition {
        name: "team".to_owned(),
        kind: FieldKind::String,
        is_required: false,
        default: Some(json!(default)),
        is_input: false,
        is_returned: true,
        is_unique: false,
    }])
}

/// A unit of work that stores one session.
fn starting_session() -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    unit
}

async fn complete(
    second: Decision,
    mut unit: FakeUnitOfWork,
    signing_in: SigningIn<'_>,
) -> (Outcome, Vec<&'static str>) {
    let (fake, calls) = (FakePorts::with_store(FakeStore::default()), Calls::default());
    let outcome = completion(&fake, &calls, second)
        .complete(&mut unit, signing_in)
        .await;
    (outcome.unwrap(), calls.list())
}

fn completed(outcome: Outcome) -> Completed {
    match outcome {
        Outcome::Completed(completed) => *completed,
        other => panic!("the user is signed in: {other:?}"),
    }
}

#[tokio::test]
async fn guards_the_second_step_session_defaults_and_observers_are_called_in_this_order() {
    let context = context(None);
    let signing_in = signing_in(SignInMethod::Password(Identifier::Email), &context);
    let (outcome, calls) = complete(Decision::Allowed, starting_session(), signing_in).await;
    assert_eq!(
        calls,
        [
            "first guard",
            "second guard",
            "second step",
            "session defaults",
            "observer"
        ]
    );
    let signed_in = completed(outcome);
    assert_eq!(signed_in.session.user_agent.as_deref(), Some("labelled"));
    assert_eq!(signed_in.session.ip_address.as_deref(), Some("192.0.2.7"));
    let stored = signed_in.effects.session.stored_session().unwrap();
    assert_eq!(stored.user_agent.as_deref(), Some("labelled"));
    assert!(matches!(
        signed_in.effects.tokens[..],
        [TokenEffect::Clear { kind }] if kind == TokenKind::new("completed")
    ));
}

#[tokio::test]
async fn a_refused_user_gets_no_session_and_no_second_step_and_is_not_observed() {
    let context = context(Some("stale"));
    let signing_in = signing_in(SignInMethod::Password(Identifier::Email), &context);
    let refusal = Refusal::from("BANNED_USER");
    let refused = Decision::Refused(refusal.clone());
    let (outcome, calls) = complete(refused, FakeUnitOfWork::default(), signing_in).await;
    assert!(matches!(outcome, Outcome::Refused(reported) if reported == refusal));
    assert_eq!(calls, ["first guard", "second guard"]);
}

#[tokio::test]
async fn a_challenged_user_gets_no_session_and_the_client_deletes_its_old_one() {
    for is_remembered in [true, false] {
        let context = context(Some("stale"));
        let signing_in = SigningIn {
            is_remembered,
            ..signing_in(SignInMethod::Password(Identifier::Email), &context)
        };
        let (outcome, calls) = complete(Decision::Allowed, FakeUnitOfWork::default(), signing_in).await;
        let Outcome::Challenged(Challenge { effects }) = outcome else {
            panic!("the user is challenged: {outcome:?}");
        };
        assert!(
            matches!(effects.session, SessionEffect::Postpone { is_remembered: mark } if mark == is_remembered)
        );
        assert!(matches!(
            effects.tokens[..],
            [TokenEffect::Clear { kind: CHALLENGE }, TokenEffect::Clear { kind }]
                if kind == TokenKind::new("challenged")
        ));
        assert_eq!(calls[calls.len() - 2..], ["second step", "observer"]);
    }
}

#[tokio::test]
async fn a_client_that_needs_no_second_step_is_signed_in_and_its_tokens_change() {
    let context = context(Some("current"));
    let signing_in = signing_in(SignInMethod::EmailLink, &context);
    let (outcome, _calls) = complete(Decision::Allowed, starting_session(), signing_in).await;
    let signed_in = completed(outcome);
    assert!(signed_in.effects.session.stored_session().is_some());
    let [TokenEffect::Set { kind, value, .. }, _observer] = &signed_in.effects.tokens[..] else {
        panic!("one token is set: {:?}", signed_in.effects.tokens);
    };
    assert_eq!((*kind, value.expose().as_str()), (CHALLENGE, "next"));
}

#[tokio::test]
async fn a_user_who_is_signed_in_or_took_the_second_step_is_not_asked_for_it() {
    for method in [
        SignInMethod::PasswordChange,
        SignInMethod::Session(Box::new(a_session())),
        SignInMethod::SecondFactor,
        SignInMethod::Delegated(AdditionalFields::default()),
    ] {
        let context = context(Some("stale"));
        let signing_in = signing_in(method, &context);
        let (outcome, calls) = complete(Decision::Allowed, starting_session(), signing_in).await;
        completed(outcome);
        assert_eq!(
            calls,
            ["first guard", "second guard", "session defaults", "observer"]
        );
    }
}

#[tokio::test]
async fn a_session_that_replaces_another_takes_over_its_client_and_its_fields() {
    let old = Session {
        ip_address: Some("198.51.100.9".to_owned()),
        additional: team("red").defaults(),
        ..a_session()
    };
    let (fake, context) = (FakePorts::with_store(FakeStore::default()), context(None));
    let options = SessionOptions {
        fields: team("blue"),
        ..session_options()
    };
    let completion = SignInCompletion::new(&fake.ports, options, SignInSeams::default());
    let replacing = SignInMethod::Session(Box::new(old.clone()));
    for (method, address, team) in [
        (replacing, "198.51.100.9", "red"),
        (SignInMethod::PasswordChange, "192.0.2.7", "blue"),
    ] {
        let signing_in = signing_in(method, &context);
        let outcome = completion.complete(&mut starting_session(), signing_in).await;
        let new = completed(outcome.unwrap()).session;
        assert_ne!(new.token.expose(), old.token.expose());
        assert_eq!(new.ip_address.as_deref(), Some(address));
        assert_eq!(*new.additional.get("team"), json!(team));
    }
}

#[tokio::test]
async fn a_user_is_locked_if_and_only_if_a_guard_a_second_step_or_an_observer_takes_part() {
    let (fake, calls) = (FakePorts::with_store(FakeStore::default()), Calls::default());
    let without = SignInCompletion::new(&fake.ports, session_options(), SignInSeams::default());
    let mut unused = FakeUnitOfWork::default();
    let user = without.lock_for_seams(&mut unused, a_user()).await;
    assert_eq!(user.unwrap(), Some(a_user()));

    let guard = SignInSeams {
        guards: Arc::new([Arc::new(Guard(calls.clone(), "guard", Decision::Allowed))]),
        ..SignInSeams::default()
    };
    let second_step = SignInSeams {
        second_steps: Arc::new([Arc::new(TokenStep(calls.clone()))]),
        ..SignInSeams::default()
    };
    let observer = SignInSeams {
        observers: Arc::new([Arc::new(Observer(calls))]),
        ..SignInSeams::default()
    };
    for seams in [guard, second_step, observer] {
        let with = SignInCompletion::new(&fake.ports, session_options(), seams);
        for found in [Some(a_user()), None] {
            let mut unit = FakeUnitOfWork::default();
            let locked = found.clone();
            unit.users.expect_lock().once().return_once(|_| Ok(locked));
            let user = with.lock_for_seams(&mut unit, a_user()).await;
            assert_eq!(user.unwrap(), found);
        }
    }
}

fn delegated() -> SignInMethod {
    let mut values = AdditionalFields::default();
    values.set(Limited::FIELD, json!("user-2"));
    SignInMethod::Delegated(values)
}

#[tokio::test]
async fn a_delegated_session_has_the_fields_of_its_method_and_the_defaults_of_all_others() {
    let (fake, context) = (FakePorts::with_store(FakeStore::default()), context(None));
    let options = SessionOptions {
        fields: team("blue"),
        ..session_options()
    };
    let completion = SignInCompletion::new(&fake.ports, options, SignInSeams::default());
    let signing_in = signing_in(delegated(), &context);
    let outcome = completion.complete(&mut starting_session(), signing_in).await;
    let session = completed(outcome.unwrap()).session;
    assert_eq!(*session.additional.get("team"), json!("blue"));
    assert_eq!(*session.additional.get(Limited::FIELD), json!("user-2"));
}

/// The first session is started for another user and the second one replaces it.
#[tokio::test]
async fn a_limited_session_ends_at_its_limit_or_with_the_session_that_it_replaces() {
    let (fake, context) = (FakePorts::with_store(FakeStore::default()), context(None));
    let seams = SignInSeams {
        session_lifetimes: SessionLifetimes::new(Arc::new([Arc::new(Limited(TimeDelta::hours(1)))])),
        ..SignInSeams::default()
    };
    let completion = SignInCompletion::new(&fake.ports, session_options(), seams);
    let complete = async |method, minutes| {
        let signing_in = SigningIn {
            now: start() + TimeDelta::minutes(minutes),
            ..signing_in(method, &context)
        };
        let outcome = completion.complete(&mut starting_session(), signing_in).await;
        let signed_in = completed(outcome.unwrap());
        let is_stored = matches!(
            signed_in.effects.session,
            SessionEffect::Store { lifetime: None, .. }
        );
        assert!(is_stored, "{:?}", signed_in.effects.session);
        signed_in.session
    };
    let session = complete(delegated(), 0).await;
    assert_eq!(session.expires_at, start() + TimeDelta::hours(1));
    let replacing = SignInMethod::Session(Box::new(session));
    let session = complete(replacing, 50).await;
    assert_eq!(session.expires_at, start() + TimeDelta::hours(1));
    assert_eq!(session.created_at, start() + TimeDelta::minutes(50));
}
