//! Users by phone number, in memory.

use async_trait::async_trait;
use portcullis_domain::{destination::PhoneNumber, phone_number::has_number, user::User};

use super::MemoryUnitOfWork;
use crate::ports::{Failure, PhoneNumberRepository};

#[async_trait]
impl PhoneNumberRepository for MemoryUnitOfWork {
    async fn find_user(&mut self, number: &PhoneNumber) -> Result<Option<User>, Failure> {
        Ok(self.read(|rows| {
            let found = rows.users.iter().find(|user| has_number(user, number));
            found.cloned()
        }))
    }
}
