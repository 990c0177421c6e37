//! The repository of passkeys.

mod row;

use async_trait::async_trait;
use diesel::{prelude::*, sql_query, sql_types::BigInt};
use portcullis_application::ports::{Failure, PasskeyRepository, WriteError};
use portcullis_domain::{
    id::UserId,
    passkey::{Passkey, PasskeyId, PasskeyUse},
};

use self::row::Row;
use crate::{
    error::discarded_row,
    schema::passkeys,
    text::{contains_nul, reject_nul},
    unit_of_work::PgUnitOfWork,
};

/// Waits for other units of work that store a passkey with this credential id. Better Auth's table has no unique key
/// for it, and may contain duplicates. The lock is held until the transaction ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";

#[async_trait]
impl PasskeyRepository for PgUnitOfWork {
    async fn find_by_credential(&mut self, credential_id: &str) -> Result<Option<Passkey>, Failure> {
        if contains_nul(credential_id) {
            return Ok(None);
        }
        let credential_id = credential_id.to_owned();
        self.run("passkeys.find_by_credential", move |connection| {
            passkeys::table
                .filter(passkeys::credential_id.eq(&credential_id))
                .order((passkeys::created_at, passkeys::id))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(Passkey::from))
    }

    async fn find(&mut self, id: &PasskeyId) -> Result<Option<Passkey>, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(None);
        }
        let id = id.clone();
        self.run("passkeys.find", move |connection| {
            passkeys::table
                .filter(passkeys::id.eq(id.as_str()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })
        .await
        .map(|row| row.map(Passkey::from))
    }

    async fn list_by_user(&mut self, user: &UserId) -> Result<Vec<Passkey>, Failure> {
        if contains_nul(user.as_str()) {
            return Ok(Vec::new());
        }
        let user = user.clone();
        self.run("passkeys.list_by_user", move |connection| {
            let rows = passkeys::table
                .filter(passkeys::user_id.eq(user.as_str()))
                .order((passkeys::created_at, passkeys::id))
                .select(Row::as_select())
                .load(connection)?;
            Ok(rows.into_iter().map(Passkey::from).collect())
        })
        .await
    }

    async fn insert(&mut self, passkey: &Passkey) -> Result<Option<Passkey>, Failure> {
        let (key, credential_id) = (row::lock_key(passkey), passkey.credential_id.clone());
        let insertion = row::insertion(passkey)?.returning(Row::as_select());
        let inserted = self.run_write_once("passkeys.insert", move |connection| {
            sql_query(LOCK).bind::<BigInt, _>(key).execute(connection)?;
            let known = passkeys::table
                .filter(passkeys::credential_id.eq(&credential_id))
                .count()
                .get_result::<i64>(connection)?;
            if known > 0 {
                return Ok(None);
            }
            insertion.get_result::<Row>(connection).optional().map(Some)
        });
        let inserted = inserted.await.map_err(WriteError::into_failure)?;
        let row = inserted.map(|row| row.ok_or_else(discarded_row));
        Ok(row.transpose()?.map(Passkey::from))
    }

    async fn advance(&mut self, id: &PasskeyId, usage: &PasskeyUse) -> Result<bool, Failure> {
        let (id, usage) = (id.clone(), usage.clone());
        self.run_write_once("passkeys.advance", move |connection| {
            // The condition is that of `Passkey::check_counter`.
            let does_not_count = passkeys::counter.le(0);
            let is_newer = passkeys::counter.lt(usage.counter);
            let passkey = passkeys::table.filter(passkeys::id.eq(id.as_str()));
            diesel::update(
                passkey.filter(is_newer.or(does_not_count.and(passkeys::counter.ge(usage.counter)))),
            )
            .set((
                passkeys::counter.eq(usage.counter),
                passkeys::device_type.eq(usage.device_type),
                passkeys::backed_up.eq(usage.is_backed_up),
            ))
            .execute(connection)
        })
        .await
        .map(|advanced| advanced > 0)
        .map_err(WriteError::into_failure)
    }

    async fn rename(
        &mut self,
        id: &PasskeyId,
        owner: &UserId,
        name: &str,
    ) -> Result<Option<Passkey>, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(None);
        }
        let (id, owner, name) = (id.clone(), owner.clone(), name.to_owned());
        reject_nul([Some(&name)])?;
        self.run_write("passkeys.rename", move |connection| {
            let passkey = passkeys::table
                .filter(passkeys::id.eq(id.as_str()))
                .filter(passkeys::user_id.eq(owner.as_str()));
            diesel::update(passkey)
                .set(passkeys::name.eq(Some(&name)))
                .returning(Row::as_returning())
                .get_result(connection)
                .optional()
        })
        .await
        .map(|row| row.map(Passkey::from))
        .map_err(WriteError::into_failure)
    }

    async fn delete(&mut self, id: &PasskeyId, owner: &UserId) -> Result<bool, Failure> {
        if contains_nul(id.as_str()) {
            return Ok(false);
        }
        let (id, owner) = (id.clone(), owner.clone());
        self.run_deletion_once("passkeys.delete", move |connection| {
            let passkey = passkeys::table
                .filter(passkeys::id.eq(id.as_str()))
                .filter(passkeys::user_id.eq(owner.as_str()));
            diesel::delete(passkey).execute(connection)
        })
        .await
        .map(|deleted| deleted > 0)
    }

    async fn delete_by_user(&mut self, user: &UserId) -> Result<(), Failure> {
        let user = user.clone();
        self.run_deletion("passkeys.delete_by_user", move |connection| {
            let passkeys = passkeys::table.filter(passkeys::user_id.eq(user.as_str()));
            diesel::delete(passkeys).execute(connection)
        })
        .await
        .map(|_deleted| ())
    }
}
