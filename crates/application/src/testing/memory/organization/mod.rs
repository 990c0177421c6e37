//! Organizations in memory.

mod invitations;
mod member_query;
mod members;
mod organizations;
mod roles;
mod teams;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    id::{Id, UserId},
};

use super::Rows;

impl Rows {
    /// Deletes the rows that refer to a user.
    pub(super) fn delete_memberships(&mut self, user: &UserId) {
        self.members.retain(|member| member.user_id != *user);
        self.invitations
            .retain(|invitation| invitation.inviter_id != *user);
        self.team_members.retain(|member| member.user_id != *user);
    }
}

/// Sorts rows from the oldest, and equally old ones by id.
fn sort_by_age<Row, Kind>(rows: &mut [Row], key: impl Fn(&Row) -> (DateTime<Utc>, &Id<Kind>)) {
    rows.sort_by(|one, other| {
        let ((one, one_id), (other, other_id)) = (key(one), key(other));
        (one, one_id.as_str()).cmp(&(other, other_id.as_str()))
    });
}

fn set_all(values: &mut AdditionalFields, changes: &AdditionalFields) {
    for (name, value) in changes.values() {
        values.set(name, value.clone());
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::MemoryStore;

    crate::organization_contract!(store in MemoryStore::default() => &store);
}
