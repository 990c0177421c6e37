//! Roles that organizations create.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use portcullis_application::ports::{Failure, OrganizationRoleRepository, WriteError};
use portcullis_domain::organization::{
    OrganizationId, OrganizationRole, OrganizationRoleId, OrganizationRolePatch,
};
use serde_json::{Value, json};

use super::{count, may_be_stored, table};
use crate::{
    additional::{Change, Columns, Insert, time},
    schema::organization_roles,
    stored_id::StoredId,
    text::{contains_nul, reject_nul},
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = organization_roles)]
struct Row {
    id: StoredId,
    organization_id: StoredId,
    role: String,
    permission: String,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
}

/// A row, and the values of the declared columns.
type Whole = (Row, Option<Value>);

/// Changes of the built-in columns. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = organization_roles)]
struct Changes {
    role: Option<String>,
    permission: Option<String>,
    updated_at: DateTime<Utc>,
}

fn whole((row, declared): Whole, columns: &Columns) -> OrganizationRole {
    OrganizationRole {
        id: OrganizationRoleId::new(row.id.0),
        organization_id: OrganizationId::new(row.organization_id.0),
        role: row.role,
        permission: row.permission,
        created_at: row.created_at.into(),
        updated_at: row.updated_at.map(Into::into),
        additional: columns.read(declared),
    }
}

#[async_trait]
impl OrganizationRoleRepository for PgUnitOfWork {
    async fn find(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<Option<OrganizationRole>, Failure> {
        if !may_be_stored([organization.as_str(), role.as_str()]) {
            return Ok(None);
        }
        let (organization, role) = (organization.clone(), role.clone());
        let columns = self.fields().of_table(table::ROLE);
        self.run("organization_roles.find", move |connection| {
            organization_roles::table
                .filter(organization_roles::id.eq(role.as_str()))
                .filter(organization_roles::organization_id.eq(organization.as_str()))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn find_by_name(
        &mut self,
        organization: &OrganizationId,
        name: &str,
    ) -> Result<Option<OrganizationRole>, Failure> {
        let named = self.list_named(organization, &[name.to_owned()]).await?;
        Ok(named.into_iter().next())
    }

    async fn list_named(
        &mut self,
        organization: &OrganizationId,
        names: &[String],
    ) -> Result<Vec<OrganizationRole>, Failure> {
        let names = names.iter().filter(|name| !contains_nul(name));
        let names: Vec<String> = names.cloned().collect();
        if names.is_empty() || !may_be_stored([organization.as_str()]) {
            return Ok(Vec::new());
        }
        let (organization, columns) = (organization.clone(), self.fields().of_table(table::ROLE));
        self.run("organization_roles.list_named", move |connection| {
            let rows = organization_roles::table
                .filter(organization_roles::organization_id.eq(organization.as_str()))
                .filter(organization_roles::role.eq_any(&names))
                .order((organization_roles::created_at, organization_roles::id))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(rows.into_iter().map(|row| whole(row, &columns)).collect())
        })
        .await
    }

    async fn list(&mut self, organization: &OrganizationId) -> Result<Vec<OrganizationRole>, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(Vec::new());
        }
        let (organization, columns) = (organization.clone(), self.fields().of_table(table::ROLE));
        self.run("organization_roles.list", move |connection| {
            let rows = organization_roles::table
                .filter(organization_roles::organization_id.eq(organization.as_str()))
                .order((organization_roles::created_at, organization_roles::id))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(rows.into_iter().map(|row| whole(row, &columns)).collect())
        })
        .await
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(0);
        }
        let organization = organization.clone();
        self.run("organization_roles.count", move |connection| {
            organization_roles::table
                .filter(organization_roles::organization_id.eq(organization.as_str()))
                .count()
                .get_result(connection)
        })
        .await
        .map(count)
    }

    async fn insert(&mut self, role: &OrganizationRole) -> Result<OrganizationRole, WriteError> {
        let columns = self.fields().of_table(table::ROLE);
        let insertion = Insert::new(
            &columns,
            &role.additional,
            [
                ("id", json!(role.id.as_str())),
                ("organizationId", json!(role.organization_id.as_str())),
                ("role", json!(role.role)),
                ("permission", json!(role.permission)),
                ("createdAt", time(role.created_at)),
                ("updatedAt", json!(role.updated_at.map(time))),
            ],
        )?
        .returning((Row::as_select(), columns.clone()));
        self.run_keyed(
            "organization_roles.insert",
            columns.are_unique(),
            move |connection| {
                insertion
                    .get_result::<Whole>(connection)
                    .map(|row| whole(row, &columns))
            },
        )
        .await
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
        patch: &OrganizationRolePatch,
        now: DateTime<Utc>,
    ) -> Result<Option<OrganizationRole>, WriteError> {
        if !may_be_stored([organization.as_str(), role.as_str()]) {
            return Ok(None);
        }
        reject_nul([patch.role.as_ref(), patch.permission.as_ref()])?;
        let columns = self.fields().of_table(table::ROLE);
        let declared = Change::<organization_roles::table>::new(columns.clone(), &patch.additional)?;
        let (organization, role, patch) = (organization.clone(), role.clone(), patch.clone());
        self.run_keyed(
            "organization_roles.update",
            columns.are_unique(),
            move |connection| {
                let changes = Changes {
                    role: patch.role.clone(),
                    permission: patch.permission.clone(),
                    updated_at: now,
                };
                let row = organization_roles::table
                    .filter(organization_roles::id.eq(role.as_str()))
                    .filter(organization_roles::organization_id.eq(organization.as_str()));
                diesel::update(row)
                    .set((changes, &declared))
                    .returning((Row::as_returning(), &columns))
                    .get_result::<Whole>(connection)
                    .optional()
                    .map(|row| row.map(|row| whole(row, &columns)))
            },
        )
        .await
    }

    async fn delete(
        &mut self,
        organization: &OrganizationId,
        role: &OrganizationRoleId,
    ) -> Result<bool, Failure> {
        if !may_be_stored([organization.as_str(), role.as_str()]) {
            return Ok(false);
        }
        let (organization, role) = (organization.clone(), role.clone());
        self.run_deletion_once("organization_roles.delete", move |connection| {
            let row = organization_roles::table
                .filter(organization_roles::id.eq(role.as_str()))
                .filter(organization_roles::organization_id.eq(organization.as_str()));
            diesel::delete(row).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }
}
