//! Searches over users, and the rows that decide who is an administrator.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    expression::SqlLiteral,
    pg::Pg,
    prelude::*,
    sql_types::{Array, Bool, Integer, Text, Timestamptz},
};
use portcullis_application::ports::{AdminRepository, Failure};
use portcullis_domain::{
    admin::{AdminPolicy, Comparand, Condition, Operator, Sorting, UserQuery},
    id::UserId,
    listing::SortDirection,
    session::Session,
    user::User,
};
use serde_json::Value;

use crate::{
    schema::{sessions, users},
    session,
    session_cache::RowChange,
    text::{contains_nul, escaped_for_pattern},
    unit_of_work::PgUnitOfWork,
    user::Row,
};

/// Order by the time of sign-up, the earliest first.
const ARRIVAL: &str = r#""user"."createdAt", "user"."id""#;
/// The roles of a user as an array, up to the argument for users without a role.
const ROLES: &str = r#"string_to_array(coalesce(nullif(CAST("user"."role" AS text), ''), "#;
/// SQL as text, since diesel's table `sessions` has only the core's columns.
const IMPERSONATED_BY: &str = r#""session"."impersonatedBy" = "#;
/// The condition that a session is not an impersonation.
const OF_THE_USER: &str = r#"coalesce("session"."impersonatedBy", '') = ''"#;

/// Takes an advisory lock, whose number no other lock of this program has.
const LOCK: &str = "SELECT pg_advisory_xact_lock(6881401240982257921)";

/// Conditions on users, of which all must hold.
type Conditions = Box<dyn BoxableExpression<users::table, Pg, SqlType = Bool>>;

/// Returns a member of users as SQL.
fn column(member: &str) -> String {
    format!(r#""user"."{}""#, member.replace('"', r#""""#))
}

fn comparison(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::NotEqual => "<>",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => "ILIKE",
    }
}

/// Returns a text to compare with. Wildcards in the searched text are escaped.
fn pattern(operator: Operator, text: &str) -> String {
    let escaped = || escaped_for_pattern(text);
    match operator {
        Operator::Contains => format!("%{}%", escaped()),
        Operator::StartsWith => format!("{}%", escaped()),
        Operator::EndsWith => format!("%{}", escaped()),
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual => text.to_owned(),
    }
}

fn condition(condition: &Condition) -> Conditions {
    let operator = comparison(condition.operator);
    let column = column(&condition.member);
    let plain = || sql::<Bool>(&format!("{column} {operator} "));
    match &condition.value {
        // The column may be of the type `uuid` or an enumeration.
        Comparand::Text(text) => Box::new(
            sql::<Bool>(&format!("CAST({column} AS text) {operator} "))
                .bind::<Text, _>(pattern(condition.operator, text)),
        ),
        Comparand::Boolean(boolean) => Box::new(plain().bind::<Bool, _>(*boolean)),
        Comparand::Number(number) => Box::new(plain().bind::<Integer, _>(*number)),
        Comparand::Date(date) => Box::new(plain().bind::<Timestamptz, _>(*date)),
    }
}

fn all(conditions: &[Condition]) -> Conditions {
    let none: Conditions = Box::new(sql::<Bool>("TRUE"));
    let conditions = conditions.iter().map(condition);
    conditions.fold(none, |all, one| Box::new(all.and(one)))
}

/// Returns whether a condition compares with a text that contains NUL: no user can fulfil it.
fn cannot_hold(conditions: &[Condition]) -> bool {
    conditions
        .iter()
        .any(|condition| matches!(&condition.value, Comparand::Text(text) if contains_nul(text)))
}

fn order(sorting: Option<&Sorting>) -> SqlLiteral<Text> {
    let order = sorting.map(|Sorting { member, direction }| {
        let direction = match direction {
            SortDirection::Ascending => "ASC",
            SortDirection::Descending => "DESC",
        };
        format!("{} {direction}, {ARRIVAL}", column(member))
    });
    sql::<Text>(order.as_deref().unwrap_or(ARRIVAL))
}

/// Returns the condition that a user is an administrator.
fn is_administrator(policy: &AdminPolicy) -> Conditions {
    let ids: Vec<String> = policy
        .admin_users
        .iter()
        .map(|id| id.as_str().to_owned())
        .collect();
    Box::new(
        sql::<Bool>("(")
            .sql(ROLES)
            .bind::<Text, _>(policy.default_role.clone())
            .sql("), ',') && ")
            .bind::<Array<Text>, _>(policy.admin_roles.clone())
            .sql(r#" OR CAST("user"."id" AS text) = ANY ("#)
            .bind::<Array<Text>, _>(ids)
            .sql("))"),
    )
}

#[async_trait]
impl AdminRepository for PgUnitOfWork {
    async fn list_users(&mut self, query: &UserQuery) -> Result<Vec<User>, Failure> {
        if cannot_hold(&query.conditions) {
            return Ok(Vec::new());
        }
        let (query, columns) = (query.clone(), self.fields().of_users());
        let rows = self.run("admin.list_users", move |connection| {
            users::table
                .filter(all(&query.conditions))
                .order(order(query.sorting.as_ref()))
                .limit(query.limit.unwrap_or(i64::MAX))
                .offset(query.offset)
                .select((Row::as_select(), &columns))
                .load::<(Row, Option<Value>)>(connection)
        });
        let rows = rows.await?.into_iter();
        Ok(rows.filter_map(|row| self.whole(Some(row))).collect())
    }

    async fn count_users(&mut self, conditions: &[Condition]) -> Result<u64, Failure> {
        if cannot_hold(conditions) {
            return Ok(0);
        }
        let conditions = conditions.to_vec();
        let count = self.run("admin.count_users", move |connection| {
            users::table
                .filter(all(&conditions))
                .count()
                .get_result::<i64>(connection)
        });
        Ok(u64::try_from(count.await?).unwrap_or(0))
    }

    async fn has_administrator(&mut self, policy: &AdminPolicy) -> Result<bool, Failure> {
        let policy = policy.clone();
        self.run("admin.has_administrator", move |connection| {
            let administrators = users::table.filter(is_administrator(&policy));
            diesel::select(diesel::dsl::exists(administrators)).get_result(connection)
        })
        .await
    }

    async fn lock_administrators(&mut self, policy: &AdminPolicy) -> Result<Vec<User>, Failure> {
        let (policy, columns) = (policy.clone(), self.fields().of_users());
        self.run("admin.lock", |connection| {
            diesel::sql_query(LOCK).execute(connection)
        })
        .await?;
        // A second statement: it sees the changes of the units of work for which the first one waited.
        let rows = self.run("admin.list_administrators", move |connection| {
            users::table
                .filter(is_administrator(&policy))
                .select((Row::as_select(), &columns))
                .load::<(Row, Option<Value>)>(connection)
        });
        let rows = rows.await?.into_iter();
        Ok(rows.filter_map(|row| self.whole(Some(row))).collect())
    }

    async fn list_sessions(&mut self, user: &UserId) -> Result<Vec<Session>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(Vec::new());
        }
        let (user, columns) = (user.clone(), self.fields().of_sessions());
        self.run("admin.list_sessions", move |connection| {
            let rows = sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .order((sessions::created_at, sessions::id))
                .select((session::Row::as_select(), &columns))
                .load::<(session::Row, Option<Value>)>(connection)?;
            let session = |(row, declared): (session::Row, _)| row.into_session(columns.read(declared));
            Ok(rows.into_iter().map(session).collect())
        })
        .await
    }

    async fn find_signed_in(
        &mut self,
        user: &UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(None);
        }
        let (user, columns) = (user.clone(), self.fields().of_users());
        self.run("admin.find_signed_in", move |connection| {
            let live = sessions::table
                .filter(sessions::user_id.eq(user.as_str()))
                .filter(sessions::created_at.le(since))
                .filter(sessions::expires_at.gt(now))
                .filter(sql::<Bool>(OF_THE_USER));
            users::table
                .filter(users::id.eq(user.as_str()))
                .filter(diesel::dsl::exists(live))
                .select((Row::as_select(), &columns))
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| self.whole(row))
    }

    async fn delete_impersonations(&mut self, by: &UserId) -> Result<(), Failure> {
        if contains_nul(by.as_str()) {
            return Ok(());
        }
        // The statement does not report which users the sessions belong to.
        self.note_change(|| RowChange::ALL);
        let by = by.as_str().to_owned();
        self.run_deletion("admin.delete_impersonations", move |connection| {
            let started = sql::<Bool>(IMPERSONATED_BY).bind::<Text, _>(&by);
            diesel::delete(sessions::table.filter(started)).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }
}
