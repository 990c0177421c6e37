//! Default values of new users.

use portcullis_domain::user::User;

use crate::sign_in::completion::SignInMethod;

/// Changes a new user before it is stored. [`UserCreation`](crate::user::UserCreation) calls it for each user.
pub trait UserDefaults: Send + Sync {
    /// Sets fields of the user. The id, the address and the times must stay as they are. `method` is the way in which the
    /// user signs up, or `None` if another user or a client creates the user.
    fn prepare(&self, user: &mut User, method: Option<&SignInMethod>);
}
