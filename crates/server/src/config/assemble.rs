//! The reading of every section, in an order in which each follows those that it depends on.

use portcullis_application::message::MessageOptions;

use super::{
    Config, account, address, admin, anonymous, api_key, bearer, captcha, clients, credential, database,
    delivery, email_and_password, email_otp, email_verification, expo, feature_fields, fields, forward_auth,
    generic_oauth, have_i_been_pwned, http, inputs::Inputs, introspection, jwt, last_login_method, log,
    magic_link, mode, multi_session, one_tap, one_time_token, open_api, organization, passkey, password,
    phone_number, rate_limit, secret, session, settings::Settings, social_providers, tables, two_factor,
    user, username,
};

impl Config {
    /// Reads all sections. Problems are collected in `settings`.
    #[expect(clippy::too_many_lines, reason = "one line for each section")]
    pub(super) fn assemble(settings: &mut Settings, inputs: &Inputs) -> Self {
        let bind = address::bind(settings);
        let base_url = address::base_url(settings);
        let mode = mode::read(settings, base_url.as_ref(), &bind);
        let of_features = feature_fields::read(settings);
        let fields = fields::read(settings, of_features);
        let session = session::read(settings, fields.session.clone());
        let mut http = http::read(settings, mode, base_url, &bind, &fields);
        let captcha = captcha::read(settings);
        let have_i_been_pwned = have_i_been_pwned::read(settings);
        http.limits.checks =
            captcha::time(captcha.as_ref()) + have_i_been_pwned::time(have_i_been_pwned.as_ref());
        let last_login_method = last_login_method::read(settings, &mut http.cookies);
        let mut limits = rate_limit::read(settings, mode, &http.base_path);
        let own_limits = magic_link::rate_limits(settings);
        if let Some(requests) = &mut limits.requests {
            requests.custom.extend(own_limits);
        }
        let delivery = delivery::read(settings, mode);
        let credentials = credential::read(settings, mode, limits.failed_sign_ins);
        let messages = &MessageOptions {
            verification_codes: email_otp::instead_of_links(settings),
            ..delivery.messages(&http.base_url, &http.base_path, limits.failed_sign_ins)
        };
        let known_for = limits
            .failed_sign_ins
            .map(|limit| limit.known_for)
            .unwrap_or_default();
        let email_verification = email_verification::read(settings, messages, credentials.refusal_floor);
        let (policy, floor) = (session.policy, credentials.refusal_floor);
        let jwt = jwt::read(settings, &http.base_url, &fields.user);
        let jwks_path = jwt::jwks_path(settings, &http.base_path);
        let audiences = jwt::issued(settings, jwt.as_ref());
        let bearer = bearer::read(settings);
        let issued = (bearer::accepts_unsigned(bearer), jwt::issuer(jwt.as_ref()));
        let password_reset = email_and_password::password_reset(settings, messages);
        let revokes_sessions = password_reset.revokes_sessions;
        let introspection = introspection::read(settings, (&bind, &http.base_url), issued);
        let social = social_providers::read(settings, mode, &fields.user, generic_oauth::names);
        Self {
            mode,
            warnings: Vec::new(),
            bind,
            private_bind: introspection.private_bind,
            service_clients: clients::read(settings, mode),
            introspection: introspection.options,
            secrets: secret::read(settings, mode),
            forward_auth: forward_auth::read(settings, &fields.user, &audiences),
            table_names: tables::read(settings, &fields),
            organization: organization::read(settings, &fields.tables, (mode, &http.base_url)),
            database: database::read(settings, mode, fields),
            password: password::read(settings),
            anonymous: anonymous::read(settings, &http.user_fields),
            admin: admin::read(settings, &http.user_fields, policy.expires_in, revokes_sessions),
            api_key: api_key::read(settings, policy.expires_in),
            session,
            session_cookie_cache: session::cache(settings, policy),
            messages: messages.clone(),
            credentials,
            password_reset,
            rate_limit: limits.requests,
            housekeeping: limits.housekeeping,
            bearer,
            captcha,
            have_i_been_pwned,
            expo: expo::read(settings),
            jwt,
            one_time_token: one_time_token::read(settings, policy.expires_in),
            multi_session: multi_session::read(settings, policy.expires_in),
            last_login_method,
            open_api: open_api::read(settings, mode, &http.base_path, &jwks_path),
            jwks_path,
            passkey: passkey::read(settings, &http),
            phone_number: phone_number::read(settings, messages, revokes_sessions),
            magic_link: magic_link::read(settings),
            two_factor: two_factor::read(settings, messages.is_sending),
            username: username::read(settings),
            sign_up: email_and_password::sign_up(settings, messages, email_otp::on_sign_up(settings)),
            sign_in: email_and_password::sign_in(settings),
            password_sign_in: email_and_password::password_sign_in(settings, messages),
            email_otp: email_otp::read(settings, &email_verification, (known_for, floor)),
            email_verification,
            change_email: user::change_email(settings, policy, messages, floor),
            delete_user: user::delete_user(settings, policy, messages),
            may_unlink_all: account::may_unlink_all(settings),
            generic_oauth: generic_oauth::read(settings, &social.client.allowed_hosts, &http.user_fields),
            one_tap: one_tap::read(settings, &social.providers),
            social,
            delivery,
            log: log::read(settings, inputs.log_output),
            directory: inputs.directory.clone(),
            http,
        }
    }
}
