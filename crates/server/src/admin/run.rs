//! Runs a command of `portcullis users`.

use portcullis_application::{
    admin::BanUser,
    ports::{Failure, Ports},
};
use portcullis_domain::{password::Password, user::User};

use super::{
    Report, UsersCommand, UsersError,
    arguments::{Create, One},
    report::Invitation,
    tools::Tools,
};
use crate::config::Config;

/// Runs a command. `password` is that of a user to create; `None`: the user gets a link.
pub(crate) async fn execute(
    (ports, config): (&Ports, &Config),
    command: &UsersCommand,
    password: Option<Password>,
) -> Result<Report, UsersError> {
    let tools = Tools::new(ports, config).map_err(|failure: Failure| UsersError::Failure(failure))?;
    let fields = tools.fields().clone();
    let report = match command {
        UsersCommand::List(list) => {
            let (users, total) = tools.list(list).await?;
            Report::page(&fields, &users, total)
        }
        UsersCommand::Show(One { user, .. }) => Report::state(&fields, &tools.state(user).await?),
        UsersCommand::Create(new) => create(&tools, new, password).await?,
        UsersCommand::SetRole { user, roles } => {
            let changed = tools.set_roles(&user.user, roles).await?;
            Report::user(&fields, &changed, "set the roles of")
        }
        UsersCommand::Ban { user, reason, length } => {
            let (reason, seconds) = (reason.clone(), *length);
            let banned = tools.ban(&user.user, BanUser { reason, seconds }).await?;
            Report::user(&fields, &banned, "banned")
        }
        UsersCommand::Unban(One { user, .. }) => {
            Report::user(&fields, &tools.unban(user).await?, "lifted the ban of")
        }
        UsersCommand::ResetPassword { user, mail } => {
            let user = tools.find(&user.user).await?;
            let report = Report::user(&fields, &user, "created a link for");
            report.with(invite(&tools, &user, *mail).await?)
        }
        UsersCommand::RevokeSessions(One { user, .. }) => {
            let user = tools.revoke_sessions(user).await?;
            Report::user(&fields, &user, "ended all sessions of")
        }
        UsersCommand::Delete { yes: false, .. } => return Err(UsersError::NotConfirmed),
        UsersCommand::Delete { user, yes: true } => {
            Report::user(&fields, &tools.delete(&user.user).await?, "deleted")
        }
    };
    Ok(report)
}

async fn create(tools: &Tools, new: &Create, password: Option<Password>) -> Result<Report, UsersError> {
    let has_password = password.is_some();
    let user = tools.create(new, password).await?;
    let report = Report::user(tools.fields(), &user, "created");
    if has_password {
        return Ok(report);
    }
    Ok(report.with(invite(tools, &user, new.mail).await?))
}

/// Lets the user set a password by a link.
async fn invite(tools: &Tools, user: &User, by_mail: bool) -> Result<Invitation, UsersError> {
    if by_mail {
        tools.mail(user).await?;
        return Ok(Invitation::Mailed);
    }
    tools.link(user).await.map(Invitation::Printed)
}
