//! The organizations of a caller, and free slugs.

use portcullis_domain::organization::Organization;

use super::Organizations;
use crate::{ports::Failure, session::StrictCaller};

impl Organizations {
    /// Returns the organizations that the caller is a member of, the oldest membership first.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, by: &StrictCaller) -> Result<Vec<Organization>, Failure> {
        let mut db = self.store.autocommit();
        db.organizations().list_of_user(&by.user().id).await
    }

    /// Returns whether no organization has the slug.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn is_slug_free(&self, slug: &str) -> Result<bool, Failure> {
        let mut db = self.store.autocommit();
        Ok(db.organizations().find_by_slug(slug).await?.is_none())
    }
}
