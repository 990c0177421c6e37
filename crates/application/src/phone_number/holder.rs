//! The user who has a phone number, and what the proof of the number means for that user.
//!
//! A number that a client sets at sign-up is only a claim. An attacker may claim the number of another person, and a user may
//! mistype it. So the proof of a number by a code does not by itself give access to an account whose user has claimed it.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    destination::PhoneNumber,
    id::UserId,
    phone_number::{has_number, is_verified, without_number},
    user::{User, UserPatch},
};

use super::VerifyPhoneNumberError;
use crate::{
    code::CodeError,
    ports::{Failure, Repositories, WriteError},
    session::StrictCaller,
};

/// How the user who proves a number relates to the user who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The number was proven before.
    Proven,
    /// The user who has the number proves it: the client has a session of that user, or has just sent the right
    /// password.
    InPerson,
    /// The number is only a claim, and another person may have created the account: its password, and also its e-mail
    /// address, may be that person's.
    Claimed,
}

impl Standing {
    /// `knows_password`: the client has just sent the password of `holder`.
    pub(super) fn of(holder: &User, by: Option<&StrictCaller>, knows_password: bool) -> Self {
        if is_verified(holder) {
            Self::Proven
        } else if knows_password || by.is_some_and(|by| by.user().id == holder.id) {
            Self::InPerson
        } else {
            Self::Claimed
        }
    }
}

/// Locks the user who had the number when it was looked up. The user must still have it, and relate to it in the same way;
/// otherwise the code counts as wrong, and the user tries again.
pub(super) async fn lock(
    db: &mut dyn Repositories,
    holder: &User,
    number: &PhoneNumber,
) -> Result<User, VerifyPhoneNumberError> {
    let locked = db.users().lock(&holder.id).await?;
    let is_unchanged = |user: &User| has_number(user, number) && is_verified(user) == is_verified(holder);
    Ok(locked.filter(is_unchanged).ok_or(CodeError::Wrong)?)
}

/// Locks two users, in the order of their ids, so that two requests never wait for each other.
pub(super) async fn lock_both(
    db: &mut dyn Repositories,
    holder: &User,
    caller: &UserId,
    number: &PhoneNumber,
) -> Result<(), VerifyPhoneNumberError> {
    if caller.as_str() < holder.id.as_str() {
        lock_caller(db, caller).await?;
    }
    lock(db, holder, number).await?;
    lock_caller(db, caller).await
}

/// Locks the caller.
pub(super) async fn lock_caller(
    db: &mut dyn Repositories,
    caller: &UserId,
) -> Result<(), VerifyPhoneNumberError> {
    let found = db.users().lock(caller).await?;
    found.map(|_user| ()).ok_or(VerifyPhoneNumberError::SessionEnded)
}

/// Removes the number of a user who has not proven to be its owner. The user must be locked.
pub(super) async fn remove_number(
    db: &mut dyn Repositories,
    holder: &User,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let patch = UserPatch {
        additional: without_number(),
        ..UserPatch::default()
    };
    let taken = db.users().update(&holder.id, &patch, now).await;
    taken.map(|_user| ()).map_err(WriteError::into_failure)
}
