//! Users by user name, in memory.

use async_trait::async_trait;
use portcullis_domain::{user::User, username::USERNAME};

use super::MemoryUnitOfWork;
use crate::ports::{Failure, UsernameRepository};

#[async_trait]
impl UsernameRepository for MemoryUnitOfWork {
    async fn find_user(&mut self, username: &str) -> Result<Option<User>, Failure> {
        let has_name = |user: &&User| user.additional.get(USERNAME).as_str() == Some(username);
        Ok(self.read(|rows| rows.users.iter().find(has_name).cloned()))
    }
}
