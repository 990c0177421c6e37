//! Organizations, their members, invitations, teams and roles.

use crate::text::contains_nul;

mod condition;
mod invitations;
mod listing;
mod member_query;
mod members;
mod order;
mod organizations;
mod roles;
mod team_members;
mod teams;

/// The names of the tables.
mod table {
    pub(super) const ORGANIZATION: &str = "organization";
    pub(super) const MEMBER: &str = "member";
    pub(super) const INVITATION: &str = "invitation";
    pub(super) const TEAM: &str = "team";
    pub(super) const ROLE: &str = "organizationRole";
}

/// Returns whether PostgreSQL can store these texts, so that stored ones may be equal to them.
fn may_be_stored<const COUNT: usize>(texts: [&str; COUNT]) -> bool {
    !texts.into_iter().any(contains_nul)
}

/// Returns a number of rows.
fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or_default()
}

#[cfg(test)]
mod tests;
