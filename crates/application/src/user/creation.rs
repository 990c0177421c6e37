//! Creation of users.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use portcullis_domain::user::{NewUser, User};

use crate::{
    ports::{Ports, Random, RandomExt},
    seams::UserDefaults,
    sign_in::completion::SignInMethod,
};

/// Creates users. Every flow that creates a user calls it, so that plugins set their defaults in all of them.
pub struct UserCreation {
    random: Arc<dyn Random>,
    defaults: Arc<[Arc<dyn UserDefaults>]>,
}

impl UserCreation {
    /// Creates the factory with these defaults, which are set in this order.
    #[must_use]
    pub fn new(ports: &Ports, defaults: Arc<[Arc<dyn UserDefaults>]>) -> Self {
        Self {
            random: Arc::clone(&ports.random),
            defaults,
        }
    }

    /// Returns a new user with a new id. The caller stores it. `method` is the way in which the user signs up, or `None`
    /// if another user or a client creates the user.
    #[must_use]
    pub fn create(&self, new: NewUser, method: Option<&SignInMethod>, now: DateTime<Utc>) -> User {
        let mut user = User::new(new, self.random.id(), now);
        for defaults in self.defaults.iter() {
            defaults.prepare(&mut user, method);
        }
        user
    }
}

#[cfg(test)]
mod tests {
    use portcullis_domain::{additional::AdditionalFields, email::EmailAddress};

    use super::*;
    use crate::testing::{FakePorts, FakeStore, fixtures::start};

    /// Gives new users a role, unless an earlier default has set it.
    struct Role(&'static str);

    impl UserDefaults for Role {
        fn prepare(&self, user: &mut User, _method: Option<&SignInMethod>) {
            if user.additional.get("role").is_null() {
                user.additional.set("role", self.0.into());
            }
        }
    }

    #[test]
    fn plugins_set_the_fields_of_a_new_user_in_order() {
        let fake = FakePorts::with_store(FakeStore::default());
        let defaults: [Arc<dyn UserDefaults>; 2] = [Arc::new(Role("user")), Arc::new(Role("admin"))];
        let creation = UserCreation::new(&fake.ports, Arc::from(defaults));
        let new = NewUser {
            name: "Ada".to_owned(),
            email: EmailAddress::from_stored("ada@example.com"),
            email_verified: true,
            image: None,
            additional: AdditionalFields::default(),
        };
        let user = creation.create(new.clone(), None, start());
        assert_eq!(user.additional.get("role"), "user");
        let unchanged = User {
            additional: AdditionalFields::default(),
            ..user.clone()
        };
        assert_eq!(unchanged, User::new(new, user.id, start()));
    }
}
