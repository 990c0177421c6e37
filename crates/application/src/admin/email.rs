//! Changes of the addresses of users by administrators.

use portcullis_domain::{admin::Permission, verification::RevokingEvent};

use super::{AdminError, ChangeUser, authority::Locked};

/// Changes the address, and whether it is verified. One-time tokens that were sent to the old address are revoked.
pub(super) async fn set_email(locked: &mut Locked, command: &ChangeUser) -> Result<(), AdminError> {
    let (user, now) = (&locked.user, locked.now);
    let to = command.email.as_ref().unwrap_or(&user.email);
    let stays = *to == user.email;
    let is_verified = command.email_verified.unwrap_or(stays && user.email_verified);
    if stays && is_verified == user.email_verified {
        return Ok(());
    }
    locked.check_takeover(Permission::UpdateUsers)?;
    if !stays {
        let verifications = locked.unit.verifications();
        verifications.revoke(RevokingEvent::EmailChange, &user.id).await?;
        locked.unit.refused_sign_ups().delete(&user.id).await?;
    }
    let users = locked.unit.users();
    let changed = users
        .set_email(&user.id, &user.email, to, is_verified, now)
        .await?;
    changed.map(|_user| ()).ok_or(AdminError::UserNotFound)
}
