//! What does a new user start with?

use portcullis_domain::user::User;

/// Changes a new user before it is stored. [`UserCreation`](crate::user::UserCreation) asks for each user.
pub trait UserDefaults: Send + Sync {
    /// Sets fields of the user. The id, the address and the times must stay as they are.
    fn prepare(&self, user: &mut User);
}
