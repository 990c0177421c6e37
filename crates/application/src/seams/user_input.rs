//! Checks of what clients set on users.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::Decision;
use crate::ports::{Failure, Ports, Repositories, Store};

/// What a client does with a user, its own or another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOperation {
    /// It creates the user.
    Create,
    /// It changes the user.
    Update,
}

/// Checks and changes what a client sends about a user. [`UserInputs`] calls it before the body is validated.
#[async_trait]
pub trait UserInput: Send + Sync {
    /// Decides whether the client may set these values, and normalises them. `input` is the body as the client sent it:
    /// a member may be missing or be of any type, which is rejected later.
    async fn prepare(
        &self,
        db: &mut dyn Repositories,
        input: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure>;
}

/// Checks and changes what clients send about users.
pub struct UserInputs {
    store: Arc<dyn Store>,
    inputs: Arc<[Arc<dyn UserInput>]>,
}

impl UserInputs {
    /// Creates the list of these plugins, which are called in this order.
    #[must_use]
    pub fn new(ports: &Ports, inputs: Arc<[Arc<dyn UserInput>]>) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            inputs,
        }
    }

    /// Decides whether a client may send this body, and changes it. The first refusal decides.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn prepare(
        &self,
        input: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure> {
        for plugin in self.inputs.iter() {
            let mut db = self.store.autocommit();
            let decision = plugin.prepare(db.as_mut(), input, operation).await?;
            if decision != Decision::Allowed {
                return Ok(decision);
            }
        }
        Ok(Decision::Allowed)
    }
}

#[cfg(test)]
mod tests {
    use portcullis_domain::email::EmailAddress;
    use serde_json::json;

    use super::*;
    use crate::{
        seams::Refusal,
        testing::{FakePorts, FakeStore, FakeUnitOfWork, fixtures::a_user},
    };

    /// Lower-cases the name, and refuses new users whose `contact` belongs to a user.
    struct Names;

    #[async_trait]
    impl UserInput for Names {
        async fn prepare(
            &self,
            db: &mut dyn Repositories,
            input: &mut Map<String, Value>,
            operation: UserOperation,
        ) -> Result<Decision, Failure> {
            if let Some(Value::String(name)) = input.get_mut("name") {
                *name = name.to_lowercase();
            }
            let contact = input.get("contact").and_then(Value::as_str);
            if let (UserOperation::Create, Some(contact)) = (operation, contact) {
                let contact = EmailAddress::from_stored(contact);
                if db.users().find_by_email(&contact).await?.is_some() {
                    return Ok(Decision::Refused(Refusal::from("CONTACT_TAKEN")));
                }
            }
            Ok(Decision::Allowed)
        }
    }

    /// Refuses everything.
    struct Closed;

    #[async_trait]
    impl UserInput for Closed {
        async fn prepare(
            &self,
            _db: &mut dyn Repositories,
            _input: &mut Map<String, Value>,
            _operation: UserOperation,
        ) -> Result<Decision, Failure> {
            Ok(Decision::Refused(Refusal::from("CLOSED")))
        }
    }

    async fn prepare(
        inputs: Vec<Arc<dyn UserInput>>,
        input: Value,
        operation: UserOperation,
    ) -> (Decision, Value) {
        let autocommit = || {
            let mut unit = FakeUnitOfWork::default();
            unit.users
                .expect_find_by_email()
                .returning(|email| Ok((*email == a_user().email).then(a_user)));
            unit
        };
        let units = inputs.iter().map(|_| autocommit()).collect();
        let fake = FakePorts::with_store(FakeStore::new(units, Vec::new()));
        let Value::Object(mut input) = input else {
            panic!("a body is an object")
        };
        let inputs = UserInputs::new(&fake.ports, inputs.into());
        let decision = inputs.prepare(&mut input, operation).await.unwrap();
        (decision, Value::Object(input))
    }

    fn names() -> Vec<Arc<dyn UserInput>> {
        vec![Arc::new(Names)]
    }

    #[tokio::test]
    async fn a_plugin_changes_what_the_client_sends() {
        let (decision, input) =
            prepare(names(), json!({ "name": "ADA", "age": 1 }), UserOperation::Create).await;
        assert_eq!(decision, Decision::Allowed);
        assert_eq!(input, json!({ "name": "ada", "age": 1 }));
    }

    #[tokio::test]
    async fn a_plugin_refuses_by_operation_and_stored_data() {
        let taken = || json!({ "contact": "ada@example.com" });
        let (decision, _) = prepare(names(), taken(), UserOperation::Create).await;
        assert_eq!(decision, Decision::Refused(Refusal::from("CONTACT_TAKEN")));
        let (decision, _) = prepare(names(), taken(), UserOperation::Update).await;
        assert_eq!(decision, Decision::Allowed);
        let free = json!({ "contact": "bob@example.com" });
        let (decision, _) = prepare(names(), free, UserOperation::Create).await;
        assert_eq!(decision, Decision::Allowed);
    }

    #[tokio::test]
    async fn after_a_refusal_no_other_plugin_is_called() {
        let inputs: Vec<Arc<dyn UserInput>> = vec![Arc::new(Closed), Arc::new(Names)];
        let (decision, input) = prepare(inputs, json!({ "name": "ADA" }), UserOperation::Create).await;
        assert_eq!(decision, Decision::Refused(Refusal::from("CLOSED")));
        assert_eq!(input, json!({ "name": "ADA" }));
    }
}
