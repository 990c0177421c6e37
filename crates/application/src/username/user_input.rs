//! What clients may set of user names, at sign-up and when they change their user.

use async_trait::async_trait;
use portcullis_domain::{
    additional::is_truthy,
    username::{DISPLAY_USERNAME, USERNAME, UsernamePolicy, UsernameRejection},
};
use serde_json::{Map, Value};

use crate::{
    ports::{Failure, Repositories},
    seams::{Decision, UserInput, UserOperation},
};

/// The names of the refusals, which are those of error codes.
mod refusal_names {
    /// The user name has too few characters.
    pub(super) const TOO_SHORT: &str = "USERNAME_TOO_SHORT";
    /// The user name has too many characters.
    pub(super) const TOO_LONG: &str = "USERNAME_IS_TOO_LONG";
    /// The user name contains a character that is not allowed.
    pub(super) const INVALID: &str = "USERNAME_IS_INVALID";
    /// Another user has the user name.
    pub(super) const TAKEN: &str = "USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER";
}

/// Checks and normalises the user names that clients send.
pub struct UsernameInput {
    policy: UsernamePolicy,
}

impl UsernameInput {
    /// Creates the check with this policy.
    #[must_use]
    pub const fn new(policy: UsernamePolicy) -> Self {
        Self { policy }
    }
}

#[async_trait]
impl UserInput for UsernameInput {
    /// A client that sends one of the two names sets both. A name that another user has is refused for a new user; an
    /// update that takes another user's name fails at the unique index, since the user's own name is not taken.
    async fn prepare(
        &self,
        db: &mut dyn Repositories,
        input: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure> {
        mirror(&self.policy, input);
        let Some(Value::String(username)) = input.get(USERNAME) else {
            return Ok(Decision::Allowed);
        };
        if let Err(rejection) = self.policy.check(username) {
            return Ok(refused(name_of(rejection)));
        }
        let username = self.policy.normalized(username);
        let is_taken =
            operation == UserOperation::Create && db.usernames().find_user(&username).await?.is_some();
        if is_taken {
            return Ok(refused(refusal_names::TAKEN));
        }
        input.insert(USERNAME.to_owned(), Value::String(username));
        Ok(Decision::Allowed)
    }
}

/// If only one of the two names is given, sets the other one to it. Values that are falsy in JavaScript count as
/// absent. A display name that cannot be a user name is not copied: its user could never sign in with it.
fn mirror(policy: &UsernamePolicy, input: &mut Map<String, Value>) {
    let [username, display] = [USERNAME, DISPLAY_USERNAME].map(|name| input.get(name).cloned());
    let is_given = |value: Option<&Value>| value.is_some_and(is_truthy);
    match (username, display) {
        (Some(username), display) if is_truthy(&username) && !is_given(display.as_ref()) => {
            input.insert(DISPLAY_USERNAME.to_owned(), username);
        }
        (None | Some(Value::Null), Some(Value::String(display))) if policy.check(&display).is_ok() => {
            input.insert(USERNAME.to_owned(), Value::String(display));
        }
        _ => {}
    }
}

const fn name_of(rejection: UsernameRejection) -> &'static str {
    match rejection {
        UsernameRejection::TooShort => refusal_names::TOO_SHORT,
        UsernameRejection::TooLong => refusal_names::TOO_LONG,
        UsernameRejection::Invalid => refusal_names::INVALID,
    }
}

fn refused(name: &'static str) -> Decision {
    Decision::Refused(name.into())
}

#[cfg(test)]
mod tests {
    use portcullis_domain::user::User;
    use serde_json::json;

    use super::*;
    use crate::testing::{FakeUnitOfWork, fixtures::a_user};

    const POLICY: UsernamePolicy = UsernamePolicy {
        min_length: 3,
        max_length: 30,
        ignores_case: true,
    };

    /// Prepares a body, if the user name `taken` belongs to a user.
    async fn prepare(body: Value, operation: UserOperation) -> (Decision, Value) {
        let mut unit = FakeUnitOfWork::default();
        unit.usernames
            .expect_find_user()
            .returning(|name| Ok::<Option<User>, Failure>((name == "taken").then(a_user)));
        let Value::Object(mut body) = body else {
            panic!("a body is an object");
        };
        let input = UsernameInput::new(POLICY);
        let decision = input.prepare(&mut unit, &mut body, operation).await.unwrap();
        (decision, Value::Object(body))
    }

    #[tokio::test]
    async fn a_name_is_normalised_and_copied_to_the_other_member() {
        for (sent, prepared) in [
            (json!({}), json!({})),
            (
                json!({ "username": "Ada" }),
                json!({ "username": "ada", "displayUsername": "Ada" }),
            ),
            (
                json!({ "displayUsername": "Ada" }),
                json!({ "displayUsername": "Ada", "username": "ada" }),
            ),
            (
                json!({ "displayUsername": "Ada L." }),
                json!({ "displayUsername": "Ada L." }),
            ),
            (
                json!({ "username": null, "displayUsername": "" }),
                json!({ "username": null, "displayUsername": "" }),
            ),
            (
                json!({ "username": 1 }),
                json!({ "username": 1, "displayUsername": 1 }),
            ),
        ] {
            let outcome = prepare(sent, UserOperation::Create).await;
            assert_eq!(outcome, (Decision::Allowed, prepared));
        }
    }

    #[tokio::test]
    async fn an_update_sets_the_names_as_a_sign_up_does() {
        for (sent, prepared) in [
            (
                json!({ "username": "Ada" }),
                json!({ "username": "ada", "displayUsername": "Ada" }),
            ),
            (
                json!({ "displayUsername": "Ada L." }),
                json!({ "displayUsername": "Ada L." }),
            ),
            (json!({ "username": null }), json!({ "username": null })),
        ] {
            let outcome = prepare(sent, UserOperation::Update).await;
            assert_eq!(outcome, (Decision::Allowed, prepared));
        }
    }

    #[tokio::test]
    async fn a_refusal_has_the_name_of_its_error_code() {
        for (username, name) in [
            ("", "USERNAME_TOO_SHORT"),
            ("ab", "USERNAME_TOO_SHORT"),
            (&"a".repeat(31), "USERNAME_IS_TOO_LONG"),
            ("a b", "USERNAME_IS_INVALID"),
            ("Taken", "USERNAME_IS_ALREADY_TAKEN_PLEASE_TRY_ANOTHER"),
        ] {
            let body = json!({ "username": username });
            let (decision, _) = prepare(body, UserOperation::Create).await;
            assert_eq!(decision, refused(name), "{username}");
        }
        // A mirrored name is refused as one that is sent.
        let (mirrored, _) = prepare(json!({ "displayUsername": "Taken" }), UserOperation::Create).await;
        assert_eq!(mirrored, refused(refusal_names::TAKEN));
    }

    #[tokio::test]
    async fn a_taken_name_is_refused_at_sign_up_only() {
        let body = || json!({ "username": "TAKEN" });
        let (at_sign_up, _) = prepare(body(), UserOperation::Create).await;
        assert_eq!(at_sign_up, refused(refusal_names::TAKEN));
        let (at_update, _) = prepare(body(), UserOperation::Update).await;
        assert_eq!(at_update, Decision::Allowed);
    }
}
