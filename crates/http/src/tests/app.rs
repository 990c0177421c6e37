//! The application with fake ports: all features are enabled, no request is delayed, and no message is sent.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_application::{
    account::Accounts,
    change_email::{ChangeEmail, ChangeEmailOptions},
    delete_user::{DeleteUser, DeleteUserOptions},
    email_verification::{EmailVerification, EmailVerificationOptions},
    health::Health,
    message::{Links, MessageOptions},
    password::{PasswordOptions, Passwords},
    password_reset::{PasswordReset, PasswordResetOptions},
    ports::Ports,
    rate_limit::RateLimit,
    seams::UserInputs,
    session::{SessionOptions, SessionRegistry, Sessions},
    sign_in::{SignIn, SignInOptions},
    sign_out::SignOut,
    sign_up::{SignUp, SignUpOptions},
    testing::fixtures::{PASSWORD_POLICY, SESSION_POLICY},
    user::{UpdateUser, UserCreation},
};
use portcullis_domain::additional::FieldSchema;

use super::options;
use crate::{App, Features};

pub(crate) fn app(ports: &Ports) -> App {
    App {
        accounts: Accounts::new(ports, false),
        change_email: ChangeEmail::new(ports, change_email_options()),
        delete_user: DeleteUser::new(ports, delete_user_options()),
        email_verification: EmailVerification::new(ports, email_verification_options()),
        features: Features::default(),
        health: Health::new(ports),
        password_reset: PasswordReset::new(ports, password_reset_options()),
        passwords: Passwords::new(ports, password_options()),
        rate_limit: RateLimit::new(ports, None, []),
        session_cookie_cache: None,
        session_registry: SessionRegistry::new(ports, Arc::default()),
        sessions: Sessions::new(ports, SESSION_POLICY),
        sign_in: SignIn::new(ports, sign_in_options()),
        sign_out: SignOut::new(ports),
        sign_up: SignUp::new(
            ports,
            Arc::new(UserCreation::new(ports, Arc::default())),
            sign_up_options(),
        ),
        update_user: UpdateUser::new(ports, SESSION_POLICY),
        user_inputs: UserInputs::new(ports, Arc::default()),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    }
}

pub(crate) fn messages(is_sending: bool) -> MessageOptions {
    MessageOptions {
        links: Links::below(&options().base_url, "/api/auth"),
        is_sending,
        has_notices: false,
        limits: None,
    }
}

pub(crate) fn session_options() -> SessionOptions {
    SessionOptions {
        policy: SESSION_POLICY,
        max_per_user: None,
        fields: FieldSchema::default(),
    }
}

pub(crate) fn sign_up_options() -> SignUpOptions {
    SignUpOptions {
        enabled: true,
        password: PASSWORD_POLICY,
        session: session_options(),
        auto_sign_in: true,
        requires_verified_email: false,
        sends_verification_link: false,
        messages: messages(false),
        link_expires_in: TimeDelta::hours(1),
        floor: Duration::ZERO,
        failed_sign_ins: None,
    }
}

pub(crate) fn sign_in_options() -> SignInOptions {
    SignInOptions {
        enabled: true,
        password: PASSWORD_POLICY,
        session: session_options(),
        refusal_floor: Duration::ZERO,
        failed_sign_ins: None,
        requires_verified_email: false,
        sends_verification_link: false,
        messages: messages(false),
        link_expires_in: TimeDelta::hours(1),
    }
}

pub(crate) fn password_options() -> PasswordOptions {
    PasswordOptions {
        policy: PASSWORD_POLICY,
        session: session_options(),
        refusal_floor: Duration::ZERO,
        failed_sign_ins: None,
        messages: messages(false),
    }
}

pub(crate) fn password_reset_options() -> PasswordResetOptions {
    PasswordResetOptions {
        messages: messages(false),
        expires_in: TimeDelta::hours(1),
        password: PASSWORD_POLICY,
        revokes_sessions: true,
        floor: Duration::ZERO,
        failed_sign_ins: None,
    }
}

pub(crate) fn email_verification_options() -> EmailVerificationOptions {
    EmailVerificationOptions {
        messages: messages(false),
        expires_in: TimeDelta::hours(1),
        auto_sign_in: false,
        accepts_foreign_links: false,
        session: session_options(),
        floor: Duration::ZERO,
    }
}

pub(crate) fn change_email_options() -> ChangeEmailOptions {
    ChangeEmailOptions {
        enabled: true,
        requires_confirmation: true,
        changes_unverified_at_once: false,
        messages: messages(false),
        expires_in: TimeDelta::hours(1),
        session: SESSION_POLICY,
        floor: Duration::ZERO,
    }
}

pub(crate) fn delete_user_options() -> DeleteUserOptions {
    DeleteUserOptions {
        enabled: true,
        requires_confirmation: false,
        expires_in: TimeDelta::days(1),
        session: SESSION_POLICY,
        passwords: password_options(),
        messages: messages(false),
    }
}
