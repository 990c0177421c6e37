//! Organizations themselves.

use async_trait::async_trait;
use diesel::{dsl, prelude::*, sql_types::Text};
use portcullis_application::ports::{Failure, OrganizationRepository, WriteError};
use portcullis_domain::{
    additional::AdditionalFields,
    id::UserId,
    organization::{Organization, OrganizationId, OrganizationPatch},
};
use serde_json::{Value, json};

use super::{count, may_be_stored, table};
use crate::{
    additional::{Change, Columns, Insert, time},
    schema::{members, organizations},
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// Better Auth deletes these rows, and leaves the others to foreign keys.
const DELETE: &str = r#"
    WITH members AS (DELETE FROM "member" WHERE "organizationId" = $1),
        invitations AS (DELETE FROM "invitation" WHERE "organizationId" = $1)
    DELETE FROM "organization" WHERE "id" = $1
"#;

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations)]
struct Row {
    id: StoredId,
    name: String,
    slug: String,
    logo: Option<String>,
    created_at: Timestamp,
    metadata: Option<String>,
}

/// A row, and the values of the declared columns.
type Whole = (Row, Option<Value>);

/// Changes of the built-in columns. `None` leaves a column unchanged.
#[derive(AsChangeset)]
#[diesel(table_name = organizations)]
struct Changes {
    name: Option<String>,
    slug: Option<String>,
    logo: Option<String>,
    metadata: Option<String>,
}

impl Row {
    fn into_organization(self, additional: AdditionalFields) -> Organization {
        Organization {
            id: OrganizationId::new(self.id.0),
            name: self.name,
            slug: self.slug,
            logo: self.logo,
            metadata: self.metadata,
            created_at: self.created_at.into(),
            additional,
        }
    }
}

fn whole((row, declared): Whole, columns: &Columns) -> Organization {
    row.into_organization(columns.read(declared))
}

/// Returns each organization of several rows once, at its first place.
fn distinct(organizations: impl Iterator<Item = Organization>) -> Vec<Organization> {
    let mut distinct: Vec<Organization> = Vec::new();
    for organization in organizations {
        if !distinct.iter().any(|known| known.id == organization.id) {
            distinct.push(organization);
        }
    }
    distinct
}

#[async_trait]
impl OrganizationRepository for PgUnitOfWork {
    async fn find(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(None);
        }
        let (id, columns) = (organization.clone(), self.fields().of_table(table::ORGANIZATION));
        self.run("organizations.find", move |connection| {
            organizations::table
                .filter(organizations::id.eq(id.as_str()))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn find_by_slug(&mut self, slug: &str) -> Result<Option<Organization>, Failure> {
        if !may_be_stored([slug]) {
            return Ok(None);
        }
        let (slug, columns) = (slug.to_owned(), self.fields().of_table(table::ORGANIZATION));
        self.run("organizations.find_by_slug", move |connection| {
            organizations::table
                .filter(organizations::slug.eq(&slug))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn lock(&mut self, organization: &OrganizationId) -> Result<Option<Organization>, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(None);
        }
        let (id, columns) = (organization.clone(), self.fields().of_table(table::ORGANIZATION));
        self.run("organizations.lock", move |connection| {
            organizations::table
                .filter(organizations::id.eq(id.as_str()))
                .select((Row::as_select(), &columns))
                .for_update()
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn lock_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure> {
        if !may_be_stored([user.as_str()]) {
            return Ok(Vec::new());
        }
        let (user, columns) = (user.clone(), self.fields().of_table(table::ORGANIZATION));
        self.run("organizations.lock_of_user", move |connection| {
            let of_user = members::table
                .filter(members::user_id.eq(user.as_str()))
                .select(members::organization_id);
            let rows = organizations::table
                .filter(organizations::id.eq_any(of_user))
                .order(organizations::id)
                .select((Row::as_select(), &columns))
                .for_update()
                .load::<Whole>(connection)?;
            Ok(rows.into_iter().map(|row| whole(row, &columns)).collect())
        })
        .await
    }

    async fn insert(&mut self, organization: &Organization) -> Result<Organization, WriteError> {
        let columns = self.fields().of_table(table::ORGANIZATION);
        let insertion = Insert::new(
            &columns,
            &organization.additional,
            [
                ("id", json!(organization.id.as_str())),
                ("name", json!(organization.name)),
                ("slug", json!(organization.slug)),
                ("logo", json!(organization.logo)),
                ("createdAt", time(organization.created_at)),
                ("metadata", json!(organization.metadata)),
            ],
        )?
        .returning((Row::as_select(), columns.clone()));
        self.run_in_savepoint("organizations.insert", move |connection| {
            insertion
                .get_result::<Whole>(connection)
                .map(|row| whole(row, &columns))
        })
        .await
    }

    async fn update(
        &mut self,
        organization: &OrganizationId,
        patch: &OrganizationPatch,
    ) -> Result<Option<Organization>, WriteError> {
        let columns = self.fields().of_table(table::ORGANIZATION);
        let declared = Change::<organizations::table>::new(columns.clone(), &patch.additional)?;
        let metadata = patch.metadata_text();
        let is_empty =
            patch.name.is_none() && patch.slug.is_none() && patch.logo.is_none() && metadata.is_none();
        if !may_be_stored([organization.as_str()]) || (is_empty && declared.is_empty()) {
            return Ok(OrganizationRepository::find(self, organization).await?);
        }
        reject_nul([
            patch.name.as_ref(),
            patch.slug.as_ref(),
            patch.logo.as_ref(),
            metadata.as_ref(),
        ])?;
        let (id, patch) = (organization.clone(), patch.clone());
        let has_key = patch.slug.is_some() || columns.are_unique();
        self.run_keyed("organizations.update", has_key, move |connection| {
            let changes = Changes {
                name: patch.name.clone(),
                slug: patch.slug.clone(),
                logo: patch.logo.clone(),
                metadata: metadata.clone(),
            };
            diesel::update(organizations::table.filter(organizations::id.eq(id.as_str())))
                .set((changes, &declared))
                .returning((Row::as_returning(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn delete(&mut self, organization: &OrganizationId) -> Result<bool, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(false);
        }
        let id = organization.clone();
        self.run_deletion_once("organizations.delete", move |connection| {
            diesel::sql_query(DELETE)
                .bind::<Text, _>(id.as_str())
                .execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn list_of_user(&mut self, user: &UserId) -> Result<Vec<Organization>, Failure> {
        if !may_be_stored([user.as_str()]) {
            return Ok(Vec::new());
        }
        let (user, columns) = (user.clone(), self.fields().of_table(table::ORGANIZATION));
        self.run("organizations.list_of_user", move |connection| {
            let rows = members::table
                .inner_join(organizations::table)
                .filter(members::user_id.eq(user.as_str()))
                .order((members::created_at, members::id))
                .select((Row::as_select(), &columns))
                .load::<Whole>(connection)?;
            Ok(distinct(rows.into_iter().map(|row| whole(row, &columns))))
        })
        .await
    }

    async fn count_of_user(&mut self, user: &UserId) -> Result<u64, Failure> {
        if !may_be_stored([user.as_str()]) {
            return Ok(0);
        }
        let user = user.clone();
        self.run("organizations.count_of_user", move |connection| {
            members::table
                .filter(members::user_id.eq(user.as_str()))
                .select(dsl::count(members::organization_id).aggregate_distinct())
                .get_result(connection)
        })
        .await
        .map(count)
    }
}
