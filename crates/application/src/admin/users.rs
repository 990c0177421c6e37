//! Look-up and search of users.

use std::sync::Arc;

use portcullis_domain::{
    access::PermissionRequest,
    additional::FieldSchema,
    admin::{Condition, Operator, Permission, Sorting, UserQuery},
    id::UserId,
    listing::SortDirection,
    user::User,
};

use super::{Actor, AdminError, authority::Authority};
use crate::session::StrictCaller;

/// Finds users.
pub struct UserSearches {
    pub(super) authority: Arc<Authority>,
    pub(super) fields: FieldSchema,
}

/// A search for users, as the client describes it.
#[derive(Clone, Debug, Default)]
pub struct UserSearch {
    /// Conditions: the member of the user, the operator, and the value to compare with.
    pub conditions: Vec<(String, Operator, String)>,
    /// The member whose values decide the order.
    pub sorting: Option<(String, SortDirection)>,
    /// The maximum number of users. `None`: unlimited.
    pub limit: Option<i64>,
    /// How many users are left out at the beginning.
    pub offset: i64,
}

/// The result of a search.
#[derive(Debug)]
pub struct UserPage {
    /// The users.
    pub users: Vec<User>,
    /// The number of users whom the search selects, without limit and offset.
    pub total: u64,
}

impl UserSearches {
    /// Checks that the caller has a permission.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`].
    pub fn check<'a>(&self, by: impl Into<Actor<'a>>, permission: Permission) -> Result<(), AdminError> {
        self.authority.check(by.into(), permission)
    }

    /// Returns whether the caller may do what is requested.
    #[must_use]
    pub fn has_permission(&self, by: &StrictCaller, request: &PermissionRequest) -> bool {
        self.authority.policy.permits(by.user(), request)
    }

    /// Returns a user.
    ///
    /// # Errors
    ///
    /// [`AdminError::UserNotFound`].
    pub async fn get(&self, by: impl Into<Actor<'_>> + Send, user: &UserId) -> Result<User, AdminError> {
        self.authority.check(by.into(), Permission::GetUser)?;
        self.authority.find(user).await
    }

    /// Returns the users that a search selects. `None`: the search names a member of users that clients do not see, or
    /// compares it with a value of another kind.
    ///
    /// # Errors
    ///
    /// [`AdminError::NotAllowed`], or if the store fails.
    pub async fn list(
        &self,
        by: impl Into<Actor<'_>> + Send,
        search: UserSearch,
    ) -> Result<Option<UserPage>, AdminError> {
        self.authority.check(by.into(), Permission::ListUsers)?;
        let Some(query) = self.query(search) else {
            return Ok(None);
        };
        let mut db = self.authority.store.autocommit();
        let users = db.admin().list_users(&query).await?;
        let total = db.admin().count_users(&query.conditions).await?;
        Ok(Some(UserPage { users, total }))
    }

    fn query(&self, search: UserSearch) -> Option<UserQuery> {
        let conditions = search.conditions.into_iter();
        let conditions = conditions
            .map(|(member, operator, value)| Condition::parse(&self.fields, &member, operator, &value));
        let sorting = match search.sorting {
            Some((member, direction)) => Some(Sorting::parse(&self.fields, &member, direction)?),
            None => None,
        };
        Some(UserQuery {
            conditions: conditions.collect::<Option<_>>()?,
            sorting,
            limit: search.limit,
            offset: search.offset,
        })
    }
}
