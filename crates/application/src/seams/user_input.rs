//! Checks and changes of the input that sets the fields of a user.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::ports::{Failure, Ports, Repositories, Store};

/// What happens to the user whose fields the input sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOperation {
    /// The user is created.
    SignUp,
    /// The user is changed.
    Update,
}

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The operation goes on.
    Allowed,
    /// The operation is refused.
    Denied(Refusal),
}

/// The name of a refusal. The HTTP interface knows the error code of each name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

/// The seam by which a feature checks and changes the members of a request that creates or updates a user, before they
/// are validated.
#[async_trait]
pub trait UserInput: Send + Sync {
    /// Checks the members, and changes them if necessary.
    ///
    /// # Errors
    ///
    /// If the store fails.
    async fn prepare(
        &self,
        db: &dyn Repositories,
        members: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure>;
}

/// The implementations of a deployment, in the order in which they are called.
pub struct UserInputs {
    store: Arc<dyn Store>,
    list: Vec<Arc<dyn UserInput>>,
}

impl UserInputs {
    /// Creates the list.
    #[must_use]
    pub fn new(ports: &Ports, list: Vec<Arc<dyn UserInput>>) -> Self {
        Self {
            store: Arc::clone(&ports.store),
            list,
        }
    }

    /// Calls each implementation until one denies the operation.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn prepare(
        &self,
        members: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure> {
        for input in &self.list {
            let db = self.store.autocommit();
            let decision = input.prepare(db.as_ref(), members, operation).await?;
            if decision != Decision::Allowed {
                return Ok(decision);
            }
        }
        Ok(Decision::Allowed)
    }
}
