//! Users as administrators see them, in memory.

use std::cmp::Ordering;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use portcullis_domain::{
    admin::{self, AdminPolicy, Comparand, Condition, Operator, UserQuery},
    id::UserId,
    listing::SortDirection,
    session::Session,
    user::User,
};
use serde_json::Value;

use super::{MemoryUnitOfWork, Rows};
use crate::ports::{AdminRepository, Failure};

impl Rows {
    fn selected(&self, conditions: &[Condition]) -> Vec<User> {
        let is_selected = |user: &&User| conditions.iter().all(|condition| holds(condition, user));
        let mut users: Vec<_> = self.users.iter().filter(is_selected).cloned().collect();
        users.sort_by(|one, other| {
            let key = |user: &User| (user.created_at, user.id.as_str().to_owned());
            key(one).cmp(&key(other))
        });
        users
    }
}

/// Returns a member of a user as JSON. Dates are texts of equal length, which are ordered as the dates are.
fn member(user: &User, name: &str) -> Value {
    match name {
        "name" => user.name.as_str().into(),
        "email" => user.email.as_str().into(),
        "emailVerified" => user.email_verified.into(),
        "image" => user.image.clone().into(),
        "createdAt" => date(user.created_at),
        "updatedAt" => date(user.updated_at),
        "id" => user.id.as_str().into(),
        declared => user.additional.get(declared).clone(),
    }
}

fn date(date: DateTime<Utc>) -> Value {
    date.to_rfc3339_opts(SecondsFormat::Millis, true).into()
}

fn holds(condition: &Condition, user: &User) -> bool {
    let value = member(user, &condition.member);
    if value.is_null() {
        return false;
    }
    let wanted = match &condition.value {
        Comparand::Text(text) => text.as_str().into(),
        Comparand::Boolean(boolean) => (*boolean).into(),
        Comparand::Number(number) => (*number).into(),
        Comparand::Date(moment) => date(*moment),
    };
    let ordering = compared(&value, &wanted);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    let (value, wanted) = (text(&value), text(&wanted));
    match condition.operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
        Operator::Contains => value.contains(&wanted),
        Operator::StartsWith => value.starts_with(&wanted),
        Operator::EndsWith => value.ends_with(&wanted),
    }
}

/// Compares two values of one kind. As in PostgreSQL, `null` is the greatest value.
fn compared(one: &Value, other: &Value) -> Ordering {
    let key = |value: &Value| {
        (
            value.is_null(),
            value.as_bool(),
            value.as_i64(),
            value.as_str().map(str::to_owned),
        )
    };
    key(one).cmp(&key(other))
}

#[async_trait]
impl AdminRepository for MemoryUnitOfWork {
    async fn list_users(&mut self, query: &UserQuery) -> Result<Vec<User>, Failure> {
        let mut users = self.read(|rows| rows.selected(&query.conditions));
        if let Some(sorting) = &query.sorting {
            users.sort_by(|one, other| {
                let ordering = compared(&member(one, &sorting.member), &member(other, &sorting.member));
                match sorting.direction {
                    SortDirection::Ascending => ordering,
                    SortDirection::Descending => ordering.reverse(),
                }
            });
        }
        let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let limit = query.limit.map_or(usize::MAX, count);
        Ok(users.into_iter().skip(count(query.offset)).take(limit).collect())
    }

    async fn count_users(&mut self, conditions: &[Condition]) -> Result<u64, Failure> {
        let count = self.read(|rows| rows.selected(conditions)).len();
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    async fn has_administrator(&mut self, policy: &AdminPolicy) -> Result<bool, Failure> {
        Ok(self.read(|rows| rows.users.iter().any(|user| policy.is_administrator(user))))
    }

    async fn lock_administrators(&mut self, policy: &AdminPolicy) -> Result<Vec<User>, Failure> {
        let mut users = self.read(|rows| rows.selected(&[]));
        users.retain(|user| policy.is_administrator(user));
        Ok(users)
    }

    async fn list_sessions(&mut self, user: &UserId) -> Result<Vec<Session>, Failure> {
        let is_own = |session: &&Session| session.user_id == *user;
        let mut sessions: Vec<_> = self.read(|rows| rows.sessions.iter().filter(is_own).cloned().collect());
        sessions.sort_by(|one, other| {
            let key = |session: &Session| (session.created_at, session.id.as_str().to_owned());
            key(one).cmp(&key(other))
        });
        Ok(sessions)
    }

    async fn find_signed_in(
        &mut self,
        user: &UserId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, Failure> {
        let is_live = |session: &Session| {
            let is_own = session.user_id == *user && admin::impersonator(session).is_none();
            is_own && session.created_at <= since && session.expires_at > now
        };
        Ok(self.read(|rows| {
            let found = rows.users.iter().find(|found| found.id == *user)?;
            rows.sessions.iter().any(is_live).then(|| found.clone())
        }))
    }

    async fn delete_impersonations(&mut self, by: &UserId) -> Result<(), Failure> {
        let is_by = |session: &Session| admin::impersonator(session).as_ref() == Some(by);
        self.write(|rows| rows.sessions.retain(|session| !is_by(session)));
        Ok(())
    }
}
