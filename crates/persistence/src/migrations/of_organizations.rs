//! The tables of organizations, which Better Auth's plugin has.

use super::expected::{Kind, Table, column, id, optional, optional_table, reference, unique, user};

pub(super) const ORGANIZATION: Table = optional_table(
    "organization",
    &["name", "slug", "createdAt"],
    &[
        id(),
        column("name", Kind::Text),
        unique("slug"),
        optional("logo", Kind::Text),
        column("createdAt", Kind::Time),
        optional("metadata", Kind::Text),
    ],
);

pub(super) const MEMBER: Table = optional_table(
    "member",
    &["organizationId", "role", "userId"],
    &[
        id(),
        column("organizationId", Kind::Id),
        user(),
        column("role", Kind::Text),
        column("createdAt", Kind::Time),
    ],
);

pub(super) const INVITATION: Table = optional_table(
    "invitation",
    &["email", "inviterId", "organizationId", "status"],
    &[
        id(),
        column("organizationId", Kind::Id),
        column("email", Kind::Text),
        optional("role", Kind::Text),
        column("status", Kind::Text),
        column("expiresAt", Kind::Time),
        column("createdAt", Kind::Time),
        reference("inviterId"),
    ],
);

pub(super) const TEAM: Table = optional_table(
    "team",
    &["name", "organizationId"],
    &[
        id(),
        column("name", Kind::Text),
        column("organizationId", Kind::Id),
        column("createdAt", Kind::Time),
        optional("updatedAt", Kind::Time),
    ],
);

pub(super) const TEAM_MEMBER: Table = optional_table(
    "teamMember",
    &["teamId", "userId"],
    &[
        id(),
        column("teamId", Kind::Id),
        user(),
        optional("createdAt", Kind::Time),
    ],
);

pub(super) const ORGANIZATION_ROLE: Table = optional_table(
    "organizationRole",
    &["organizationId", "permission", "role"],
    &[
        id(),
        column("organizationId", Kind::Id),
        column("role", Kind::Text),
        column("permission", Kind::Text),
        column("createdAt", Kind::Time),
        optional("updatedAt", Kind::Time),
    ],
);
