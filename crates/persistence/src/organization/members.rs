//! Members of organizations.

use async_trait::async_trait;
use diesel::{
    dsl::{self, sql},
    prelude::*,
    sql_types::{Bool, Text},
};
use portcullis_application::ports::{Failure, MemberRepository, WriteError};
use portcullis_domain::{
    access::RoleList,
    additional::AdditionalFields,
    email::EmailAddress,
    id::UserId,
    organization::{Member, MemberId, MemberPage, MemberQuery, MemberUser, MemberWithUser, OrganizationId},
};
use serde_json::{Value, json};

use super::{count, may_be_stored, table};
use crate::{
    additional::{Columns, Insert, time},
    schema::{members, users},
    stored_id::StoredId,
    text::reject_nul,
    timestamp::Timestamp,
    unit_of_work::PgUnitOfWork,
};

/// Compares a role with each role of the member, whose column separates them with commas.
const ROLES: &str = r#" = ANY (string_to_array("member"."role", ','))"#;

/// A row to read, without the declared columns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct Row {
    id: StoredId,
    organization_id: StoredId,
    user_id: StoredId,
    role: String,
    created_at: Timestamp,
}

/// The columns of users that other members see.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct UserRow {
    id: StoredId,
    name: String,
    email: String,
    image: Option<String>,
}

/// A row, and the values of the declared columns.
type Whole = (Row, Option<Value>);
/// A row, the values of the declared columns, and the row of the user.
pub(super) type WithUser = (Row, Option<Value>, UserRow);

impl Row {
    fn into_member(self, additional: AdditionalFields) -> Member {
        Member {
            id: MemberId::new(self.id.0),
            organization_id: OrganizationId::new(self.organization_id.0),
            user_id: UserId::new(self.user_id.0),
            role: RoleList::of_stored(&self.role),
            created_at: self.created_at.into(),
            additional,
        }
    }
}

fn whole((row, declared): Whole, columns: &Columns) -> Member {
    row.into_member(columns.read(declared))
}

pub(super) fn with_user((row, declared, user): WithUser, columns: &Columns) -> MemberWithUser {
    MemberWithUser {
        member: row.into_member(columns.read(declared)),
        user: MemberUser {
            id: UserId::new(user.id.0),
            name: user.name,
            email: EmailAddress::from_stored(user.email),
            image: user.image,
        },
    }
}

#[async_trait]
impl MemberRepository for PgUnitOfWork {
    async fn find_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Option<MemberWithUser>, Failure> {
        if !may_be_stored([organization.as_str(), user.as_str()]) {
            return Ok(None);
        }
        let (organization, user) = (organization.clone(), user.clone());
        let columns = self.fields().of_table(table::MEMBER);
        self.run("members.find_of_user", move |connection| {
            members::table
                .inner_join(users::table)
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(members::user_id.eq(user.as_str()))
                .order((members::created_at, members::id))
                .select((Row::as_select(), &columns, UserRow::as_select()))
                .first::<WithUser>(connection)
                .optional()
                .map(|row| row.map(|row| with_user(row, &columns)))
        })
        .await
    }

    async fn list_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Vec<MemberWithUser>, Failure> {
        if !may_be_stored([organization.as_str(), user.as_str()]) {
            return Ok(Vec::new());
        }
        let (organization, user) = (organization.clone(), user.clone());
        let columns = self.fields().of_table(table::MEMBER);
        self.run("members.list_of_user", move |connection| {
            let rows = members::table
                .inner_join(users::table)
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(members::user_id.eq(user.as_str()))
                .order((members::created_at, members::id))
                .select((Row::as_select(), &columns, UserRow::as_select()))
                .load::<WithUser>(connection)?;
            Ok(rows.into_iter().map(|row| with_user(row, &columns)).collect())
        })
        .await
    }

    async fn find_by_email(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
    ) -> Result<Option<MemberWithUser>, Failure> {
        if !may_be_stored([organization.as_str(), email.as_str()]) {
            return Ok(None);
        }
        let (organization, email) = (organization.clone(), email.as_str().to_owned());
        let columns = self.fields().of_table(table::MEMBER);
        self.run("members.find_by_email", move |connection| {
            members::table
                .inner_join(users::table)
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(users::email.eq(&email))
                .order((members::created_at, members::id))
                .select((Row::as_select(), &columns, UserRow::as_select()))
                .first::<WithUser>(connection)
                .optional()
                .map(|row| row.map(|row| with_user(row, &columns)))
        })
        .await
    }

    async fn find(
        &mut self,
        organization: &OrganizationId,
        member: &MemberId,
    ) -> Result<Option<MemberWithUser>, Failure> {
        if !may_be_stored([organization.as_str(), member.as_str()]) {
            return Ok(None);
        }
        let (organization, member) = (organization.clone(), member.clone());
        let columns = self.fields().of_table(table::MEMBER);
        self.run("members.find", move |connection| {
            members::table
                .inner_join(users::table)
                .filter(members::id.eq(member.as_str()))
                .filter(members::organization_id.eq(organization.as_str()))
                .select((Row::as_select(), &columns, UserRow::as_select()))
                .first::<WithUser>(connection)
                .optional()
                .map(|row| row.map(|row| with_user(row, &columns)))
        })
        .await
    }

    async fn find_anywhere(&mut self, member: &MemberId) -> Result<Option<Member>, Failure> {
        if !may_be_stored([member.as_str()]) {
            return Ok(None);
        }
        let (member, columns) = (member.clone(), self.fields().of_table(table::MEMBER));
        self.run("members.find_anywhere", move |connection| {
            members::table
                .filter(members::id.eq(member.as_str()))
                .select((Row::as_select(), &columns))
                .get_result::<Whole>(connection)
                .optional()
                .map(|row| row.map(|row| whole(row, &columns)))
        })
        .await
    }

    async fn insert(&mut self, member: &Member) -> Result<Member, WriteError> {
        let columns = self.fields().of_table(table::MEMBER);
        let insertion = Insert::new(
            &columns,
            &member.additional,
            [
                ("id", json!(member.id.as_str())),
                ("organizationId", json!(member.organization_id.as_str())),
                ("userId", json!(member.user_id.as_str())),
                ("role", json!(member.role.to_string())),
                ("createdAt", time(member.created_at)),
            ],
        )?
        .returning((Row::as_select(), columns.clone()));
        self.run_keyed("members.insert", columns.are_unique(), move |connection| {
            insertion
                .get_result::<Whole>(connection)
                .map(|row| whole(row, &columns))
        })
        .await
    }

    async fn set_role(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
        role: &RoleList,
    ) -> Result<Option<Member>, Failure> {
        if !may_be_stored([organization.as_str(), user.as_str()]) {
            return Ok(None);
        }
        let role = role.to_string();
        reject_nul([Some(&role)])?;
        let (of_organization, of_user) = (organization.clone(), user.clone());
        self.run_write("members.set_role", move |connection| {
            let rows = members::table
                .filter(members::organization_id.eq(of_organization.as_str()))
                .filter(members::user_id.eq(of_user.as_str()));
            diesel::update(rows)
                .set(members::role.eq(&role))
                .execute(connection)
        })
        .await
        .map_err(WriteError::into_failure)?;
        let changed = self.find_of_user(organization, user).await?;
        Ok(changed.map(|changed| changed.member))
    }

    async fn remove(&mut self, organization: &OrganizationId, user: &UserId) -> Result<bool, Failure> {
        if !may_be_stored([organization.as_str(), user.as_str()]) {
            return Ok(false);
        }
        let (organization, user) = (organization.clone(), user.clone());
        self.run_deletion_once("members.remove", move |connection| {
            let rows = members::table
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(members::user_id.eq(user.as_str()));
            diesel::delete(rows).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        if !may_be_stored([organization.as_str()]) {
            return Ok(0);
        }
        let organization = organization.clone();
        self.run("members.count", move |connection| {
            members::table
                .filter(members::organization_id.eq(organization.as_str()))
                .select(dsl::count(members::user_id).aggregate_distinct())
                .get_result(connection)
        })
        .await
        .map(count)
    }

    async fn count_with_role(&mut self, organization: &OrganizationId, role: &str) -> Result<u64, Failure> {
        if !may_be_stored([organization.as_str(), role]) {
            return Ok(0);
        }
        let (organization, role) = (organization.clone(), role.to_owned());
        self.run("members.count_with_role", move |connection| {
            members::table
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(sql::<Bool>("").bind::<Text, _>(&role).sql(ROLES))
                .select(dsl::count(members::user_id).aggregate_distinct())
                .get_result(connection)
        })
        .await
        .map(count)
    }

    async fn list(
        &mut self,
        organization: &OrganizationId,
        query: &MemberQuery,
    ) -> Result<MemberPage, Failure> {
        self.list_members(organization, query).await
    }
}
