//! The application with fake ports: all features are enabled, no request is delayed, and no message is sent.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use portcullis_application::{
    account::{Accounts, FirstProof},
    change_email::{ChangeEmail, ChangeEmailOptions},
    delete_user::{DeleteUser, DeleteUserOptions},
    email_verification::{EmailVerification, EmailVerificationOptions},
    health::Health,
    message::{Links, MessageOptions},
    password::Passwords,
    password_reset::{PasswordReset, PasswordResetOptions},
    ports::{IdentityProviders, Ports},
    provider_token::AccountTokenService,
    rate_limit::RateLimit,
    seams::{UserDeletionGuards, UserInputs},
    service_client::ServiceClients,
    session::{SessionRegistry, SessionSeams, Sessions},
    sign_in::{PasswordSignIn, PasswordSignInOptions, SignIn, SignInOptions},
    sign_out::SignOut,
    sign_up::{SignUp, SignUpOptions},
    social::Social,
    testing::{
        ServiceOptions, Services,
        fixtures::{SESSION_POLICY, social_options},
    },
    user::UpdateUser,
};

use super::options;
use crate::{App, Features};

pub(crate) fn app(ports: &Ports) -> App {
    app_with(ports, ServiceOptions::default())
}

/// Returns the application with these options of the objects that use cases share.
pub(crate) fn app_with(ports: &Ports, options: ServiceOptions) -> App {
    let services = services(ports, options);
    let (completion, credentials) = services.share();
    App {
        account_tokens: AccountTokenService::new(
            ports,
            IdentityProviders::default(),
            social_options().tokens,
        ),
        accounts: Accounts::new(ports, false),
        change_email: ChangeEmail::new(ports, change_email_options()),
        delete_user: DeleteUser::new(
            ports,
            Arc::clone(&credentials),
            UserDeletionGuards::default(),
            delete_user_options(),
        ),
        email_verification: EmailVerification::new(
            ports,
            Arc::clone(&completion),
            email_verification_options(),
        ),
        features: Features::default(),
        health: Health::new(ports),
        password_reset: Arc::new(PasswordReset::new(
            ports,
            (Arc::clone(&credentials), FirstProof::default()),
            password_reset_options(),
        )),
        passwords: Passwords::new(
            ports,
            Arc::clone(&completion),
            Arc::clone(&credentials),
            messages(false),
        ),
        rate_limit: RateLimit::new(ports, None, []),
        session_cookie_cache: None,
        service_clients: ServiceClients::new(ports, &[]),
        session_registry: Arc::new(SessionRegistry::new(ports, Arc::default())),
        sessions: Arc::new(Sessions::new(ports, SESSION_POLICY, SessionSeams::default())),
        sign_in: sign_in(ports, &services),
        sign_out: SignOut::new(ports),
        social: social(ports, &services),
        sign_up: SignUp::new(ports, services.users, completion, credentials, sign_up_options()),
        update_user: UpdateUser::new(ports, SESSION_POLICY),
        user_inputs: Arc::new(UserInputs::new(ports, Arc::default())),
        clock: Arc::clone(&ports.clock),
        mac: Arc::clone(&ports.mac),
        random: Arc::clone(&ports.random),
    }
}

pub(crate) fn messages(is_sending: bool) -> MessageOptions {
    MessageOptions {
        links: Links::below(&options().base_url, "/api/auth"),
        is_sending,
        is_sending_to_phones: is_sending,
        verification_codes: None,
        has_notices: false,
        limits: None,
    }
}

/// The objects that use cases share; no response waits for a minimum time.
fn services(ports: &Ports, mut options: ServiceOptions) -> Services {
    options.credentials.refusal_floor = Duration::ZERO;
    Services::new(ports, options)
}

fn sign_in(ports: &Ports, services: &Services) -> SignIn {
    let (completion, credentials) = services.share();
    let passwords = PasswordSignIn::new(ports, completion, credentials, password_sign_in_options());
    SignIn::new(ports, Arc::new(passwords), SignInOptions { enabled: true })
}

/// Sign-in with providers, of which there are none.
fn social(ports: &Ports, services: &Services) -> Arc<Social> {
    let inputs = Arc::new(UserInputs::new(ports, Arc::default()));
    let social = Social::new(
        ports,
        IdentityProviders::default(),
        Arc::clone(&services.completion),
        (Arc::clone(&services.users), inputs),
        social_options(),
    );
    Arc::new(social)
}

pub(crate) fn sign_up_options() -> SignUpOptions {
    SignUpOptions {
        enabled: true,
        auto_sign_in: true,
        requires_verified_email: false,
        sends_verification_link: false,
        verification_code: None,
        messages: messages(false),
        link_expires_in: TimeDelta::hours(1),
    }
}

fn password_sign_in_options() -> PasswordSignInOptions {
    PasswordSignInOptions {
        requires_verified_email: false,
        sends_verification_link: false,
        messages: messages(false),
        link_expires_in: TimeDelta::hours(1),
    }
}

pub(crate) fn password_reset_options() -> PasswordResetOptions {
    PasswordResetOptions {
        messages: messages(false),
        expires_in: TimeDelta::hours(1),
        revokes_sessions: true,
    }
}

pub(crate) fn email_verification_options() -> EmailVerificationOptions {
    EmailVerificationOptions {
        messages: messages(false),
        expires_in: TimeDelta::hours(1),
        auto_sign_in: false,
        accepts_foreign_links: false,
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
        messages: messages(false),
    }
}
