//! Invitations to organizations.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{Failure, InvitationRepository, WriteError};
use portcullis_domain::{
    access::RoleList,
    email::EmailAddress,
    id::UserId,
    organization::{
        Invitation, InvitationId, InvitationStatus, InvitationWithOrganization, OrganizationId,
        invitation_teams,
    },
};
use serde_json::{Value, json};

use super::{count, may_be_stored, table};
use crate::{
    additional::{Columns, Insert, time},
    schema::{invitations, organizations},
    stored_id::StoredId,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// The column of the teams. Better Auth's table has it only if teams are enabled, so it is read like a declared one.
const TEAMS: &str = "teamId";

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations)]
struct Row {
    id: StoredId,
    organization_id: StoredId,
    email: String,
    role: Option<String>,
    status: String,
    expires_at: Timestamp,
    created_at: Timestamp,
    inviter_id: StoredId,
}

/// A row, and the values of the declared columns.
type Whole = (Row, Option<Value>);

fn whole((row, declared): Whole, columns: &Columns) -> Invitation {
    let mut additional = columns.read(declared);
    let teams = additional.take(TEAMS);
    Invitation {
        id: InvitationId::new(row.id.0),
        organization_id: OrganizationId::new(row.organization_id.0),
        email: EmailAddress::from_stored(row.email),
        role: row.role.as_deref().map(RoleList::of_stored),
        team_ids: invitation_teams(teams.as_str()),
        status: InvitationStatus::from_stored(&row.status),
        expires_at: row.expires_at.into(),
        created_at: row.created_at.into(),
        inviter_id: UserId::new(row.inviter_id.0),
        additional,
    }
}

/// Returns the insertion of an invitation.
fn insertion(invitation: &Invitation, columns: &Columns) -> Result<Insert, Failure> {
    let mut declared = invitation.additional.clone();
    declared.set(TEAMS, json!(invitation.team_text()));
    let role = invitation.role.as_ref().map(ToString::to_string);
    Insert::new(
        columns,
        &declared,
        [
            ("id", json!(invitation.id.as_str())),
            ("organizationId", json!(invitation.organization_id.as_str())),
            ("email", json!(invitation.email.as_str())),
            ("role", json!(role)),
            ("status", json!(invitation.status.name())),
            ("expiresAt", time(invitation.expires_at)),
            ("createdAt", time(invitation.created_at)),
            ("inviterId", json!(invitation.inviter_id.as_str())),
        ],
    )
}

#[async_trait]
impl InvitationRepository for PgUnitOfWork {
    async fn find(&mut self, invitation: &InvitationId) -> Result<Option<Invitation>, Failure> {
        if !may_be_stored([invitation.as_str()]) {
            return Ok(None);
        }
        let (id, columns) = (invitation.clone(), self.fields().of_table(table::INVITATION));
        self.run("invitations.find", move |connection| {
            invitations::table
                .filter(invitations::id.eq(id.as_str()))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn find_open(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure> {
        if !may_be_stored([organization.as_str(), email.as_str()]) {
            return Ok(None);
        }
        let (organization, email) = (organization.clone(), email.as_str().to_owned());
        let columns = self.fields().of_table(table::INVITATION);
        self.run("invitations.find_open", move |connection| {
            invitations::table
                .filter(invitations::organization_id.eq(organization.as_str()))
                .filter(invitations::email.eq(&email))
                .filter(invitations::status.eq(InvitationStatus::Pending.name()))
                .filter(invitations::expires_at.gt(now))
                .order((invitations::created_at, invitations::id))
                .select((Row::as_select(), &columns))
                .first::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn count_open(
        &mut self,
        organization: &OrganizationId,
        now: DateTime<Utc>,
    ) -> Result<u64, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(0);
        }
        let organization = organization.clone();
        self.run("invitations.count_open", move |connection| {
            invitations::table
                .filter(invitations::organization_id.eq(organization.as_str()))
                .filter(invitations::status.eq(InvitationStatus::Pending.name()))
                .filter(invitations::expires_at.gt(now))
                .count()
                .get_result(connection)
        })
        .await
        .map(count)
    }

    async fn insert(&mut self, invitation: &Invitation) -> Result<Invitation, WriteError> {
        let columns = self.fields().of_table(table::INVITATION);
        let insertion = insertion(invitation, &columns)?.returning((Row::as_select(), columns.clone()));
        self.run_keyed("invitations.insert", columns.are_unique(), move |connection| {
            insertion
                .get_result::<Whole>(connection)
                .map(|row| whole(row, &columns))
        })
        .await
    }

    async fn extend(
        &mut self,
        invitation: &InvitationId,
        expires_at: DateTime<Utc>,
    ) -> Result<Option<Invitation>, Failure> {
        if !may_be_stored([invitation.as_str()]) {
            return Ok(None);
        }
        let (id, columns) = (invitation.clone(), self.fields().of_table(table::INVITATION));
        self.run_write("invitations.extend", move |connection| {
            let pending = invitations::table
                .filter(invitations::id.eq(id.as_str()))
                .filter(invitations::status.eq(InvitationStatus::Pending.name()));
            diesel::update(pending)
                .set(invitations::expires_at.eq(expires_at))
                .returning((Row::as_returning(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
        .map_err(WriteError::into_failure)
    }

    async fn settle(
        &mut self,
        invitation: &InvitationId,
        from: InvitationStatus,
        to: InvitationStatus,
    ) -> Result<Option<Invitation>, Failure> {
        if !may_be_stored([invitation.as_str()]) {
            return Ok(None);
        }
        let (id, columns) = (invitation.clone(), self.fields().of_table(table::INVITATION));
        self.run_write_once("invitations.settle", move |connection| {
            let expected = invitations::table
                .filter(invitations::id.eq(id.as_str()))
                .filter(invitations::status.eq(from.name()));
            diesel::update(expected)
                .set(invitations::status.eq(to.name()))
                .returning((Row::as_returning(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
        .map_err(WriteError::into_failure)
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<Invitation>, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(Vec::new());
        }
        let (organization, columns) = (organization.clone(), self.fields().of_table(table::INVITATION));
        self.run("invitations.list", move |connection| {
            let rows = invitations::table
                .filter(invitations::organization_id.eq(organization.as_str()))
                .order((invitations::created_at, invitations::id))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(rows.into_iter().map(|row| whole(row, &columns)).collect())
        })
        .await
    }

    async fn list_pending(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Vec<InvitationWithOrganization>, Failure> {
        if !may_be_stored([email.as_str()]) {
            return Ok(Vec::new());
        }
        let (email, columns) = (
            email.as_str().to_owned(),
            self.fields().of_table(table::INVITATION),
        );
        self.run("invitations.list_pending", move |connection| {
            let rows = invitations::table
                .inner_join(organizations::table)
                .filter(invitations::email.eq(&email))
                .filter(invitations::status.eq(InvitationStatus::Pending.name()))
                .order((invitations::created_at, invitations::id))
                .select((Row::as_select(), &columns, organizations::name))
                .load::<(Row, Option<Value>, String)>(connection)?;
            let with_name = |(row, declared, organization_name)| InvitationWithOrganization {
                invitation: whole((row, declared), &columns),
                organization_name,
            };
            Ok(rows.into_iter().map(with_name).collect())
        })
        .await
    }
}
