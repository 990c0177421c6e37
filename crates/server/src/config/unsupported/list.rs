//! The options that have no key.

use super::{Unsupported, Why};

const fn unbuilt(name: &'static str) -> Unsupported {
    Unsupported {
        name,
        why: Why::NotYet,
    }
}

const fn planned(name: &'static str, words: &'static str) -> Unsupported {
    Unsupported {
        name,
        why: Why::Planned(words),
    }
}

const fn instead(name: &'static str, instead: &'static str) -> Unsupported {
    Unsupported {
        name,
        why: Why::Instead(instead),
    }
}

const NO_CHECK: &str =
    "it would let any site act for its visitors; list the sites that may in `trusted_origins`";
const NO_CODE: &str = "`delivery` configures how messages are sent";
const ONE_STORE: &str = "sessions are always stored in PostgreSQL, and read with one statement";
const RANDOM_CODES: &str = "a function cannot be configured: codes are random digits";
const EVENTS: &str = "signed events, and one webhook that can reject an action, are planned instead";
const GUEST_DATA: &str = "with `plugins.anonymous.disable_delete_anonymous_user = true`, guests stay until the application has moved their data and an administrator deletes them; signed events are planned";
const KEY_FUNCTION: &str = "a function cannot be configured: `plugins.api_key.api_key_headers` names the headers of keys, keys are random, and the database decides whether one is valid";
const KEY_STORE: &str =
    "keys are always stored in PostgreSQL, and each use is stored before the response is sent";
const CACHE_AGE: &str = "`session.cookie_cache.max_age` sets the lifetime of the cookie";
const STATE_AGE: &str = "the lifetime of the cookie is the time that a user may take at the provider";
const NO_EFFECT: &str = "it has no effect in Better Auth either";
const NO_EXCHANGE: &str = "a function cannot be configured: `token_url`, `authentication`, `token_url_params` and `authorization_headers` describe how a code is exchanged";
const NO_PROFILE: &str = "a function cannot be configured: `map_profile_to_user` sets which parts of the profile become fields of the user";
const MAX_AGE: &str = "`max_age` sets the lifetime of a cookie";

/// The options.
pub(crate) static UNSUPPORTED: &[Unsupported] = &[
    unbuilt("account.additional_fields"),
    instead(
        "account.skip_state_cookie_check",
        "it would let an attacker sign visitors of a page in to the attacker's account",
    ),
    instead(
        "advanced.background_tasks",
        "messages are always sent in the background, from a queue in the database",
    ),
    instead("advanced.cookies.account_data.attributes.expires", CACHE_AGE),
    instead("advanced.cookies.account_data.attributes.max_age", CACHE_AGE),
    instead("advanced.cookies.dont_remember.attributes.expires", MAX_AGE),
    instead("advanced.cookies.oauth_state.attributes.expires", STATE_AGE),
    instead("advanced.cookies.oauth_state.attributes.max_age", STATE_AGE),
    instead("advanced.cookies.session_data.attributes.expires", CACHE_AGE),
    instead("advanced.cookies.session_data.attributes.max_age", CACHE_AGE),
    instead(
        "advanced.cookies.session_token.attributes.expires",
        "`session.expires_in` sets the lifetime of the cookie",
    ),
    instead(
        "advanced.cookies.session_token.attributes.max_age",
        "`session.expires_in` sets the lifetime of the cookie",
    ),
    instead("advanced.cookies.state.attributes.expires", STATE_AGE),
    instead("advanced.cookies.state.attributes.max_age", STATE_AGE),
    instead("advanced.cross_sub_domain_cookies.additional_cookies", NO_EFFECT),
    instead(
        "advanced.database",
        "ids always consist of 32 letters and digits, and no list is cut off at a default limit",
    ),
    instead("advanced.default_cookie_attributes.expires", MAX_AGE),
    instead("advanced.disable_csrf_check", NO_CHECK),
    instead("advanced.disable_origin_check", NO_CHECK),
    instead(
        "advanced.generate_id",
        "ids always consist of 32 letters and digits",
    ),
    unbuilt("advanced.ip_address.disable_ip_tracking"),
    instead(
        "advanced.ip_address.ipv6_subnet",
        "IPv6 clients are always distinguished by their /64 network",
    ),
    unbuilt("advanced.skip_trailing_slashes"),
    instead(
        "advanced.trusted_proxy_headers",
        "`base_url` is the URL of the server, whatever a proxy forwards",
    ),
    planned("database_hooks", EVENTS),
    planned("email_and_password.on_password_reset", EVENTS),
    instead(
        "email_and_password.password",
        "`password` configures how passwords are hashed",
    ),
    instead("email_and_password.send_reset_password", NO_CODE),
    planned("email_verification.after_email_verification", EVENTS),
    planned("email_verification.before_email_verification", EVENTS),
    planned("email_verification.on_email_verification", EVENTS),
    instead("email_verification.send_verification_email", NO_CODE),
    instead("experimental", "a session is always read together with its user"),
    planned("hooks", EVENTS),
    instead("logger", "use `log.level` and `log.format`"),
    unbuilt("on_api_error.customize_default_error_page"),
    unbuilt("on_api_error.on_error"),
    unbuilt("on_api_error.throw"),
    unbuilt("plugins.access"),
    instead(
        "plugins.additional_fields",
        "declare fields in `user.additional_fields` and `session.additional_fields`",
    ),
    instead(
        "plugins.anonymous.generate_name",
        "a function cannot be configured: `plugins.anonymous.name` sets the name of every guest",
    ),
    instead(
        "plugins.anonymous.generate_random_email",
        "a function cannot be configured: `plugins.anonymous.email_domain_name` sets the domain of the addresses",
    ),
    planned("plugins.anonymous.on_link_account", GUEST_DATA),
    instead("plugins.api_key.custom_api_key_getter", KEY_FUNCTION),
    instead("plugins.api_key.custom_api_key_validator", KEY_FUNCTION),
    instead("plugins.api_key.custom_key_generator", KEY_FUNCTION),
    instead("plugins.api_key.custom_storage", KEY_STORE),
    instead("plugins.api_key.defer_updates", KEY_STORE),
    instead("plugins.api_key.fallback_to_database", KEY_STORE),
    instead("plugins.api_key.storage", KEY_STORE),
    unbuilt("plugins.custom_session"),
    unbuilt("plugins.device_authorization"),
    instead("plugins.email_otp.generate_otp", RANDOM_CODES),
    instead("plugins.email_otp.send_verification_otp", NO_CODE),
    instead(
        "plugins.generic_oauth.config",
        "providers are tables here: configure one in `[plugins.generic_oauth.providers.ID]`",
    ),
    instead("plugins.generic_oauth.providers.NAME.get_token", NO_EXCHANGE),
    instead("plugins.generic_oauth.providers.NAME.get_user_info", NO_PROFILE),
    instead(
        "plugins.generic_oauth.providers.NAME.provider_id",
        "the name of the table is the id of the provider",
    ),
    instead(
        "plugins.haveibeenpwned",
        "it is spelled `plugins.have_i_been_pwned`",
    ),
    instead("plugins.jwt.adapter", "keys are always stored in PostgreSQL"),
    unbuilt("plugins.jwt.jwks.remote_url"),
    instead(
        "plugins.jwt.jwt.define_payload",
        "`plugins.jwt.jwt.payload` lists the fields of the user in a JWT",
    ),
    instead(
        "plugins.jwt.jwt.get_subject",
        "`plugins.jwt.jwt.subject` selects the field of the user that becomes `sub`",
    ),
    instead(
        "plugins.jwt.jwt.sign",
        "a function cannot be configured: JWTs are signed with the keys in `jwks`; `plugins.jwt.jwks.key_pair_config.alg` sets their algorithm",
    ),
    instead(
        "plugins.last_login_method.custom_resolve_method",
        "a function cannot be configured: the methods that Better Auth remembers by default are remembered",
    ),
    instead(
        "plugins.magic_link.generate_token",
        "a function cannot be configured: tokens are random",
    ),
    instead("plugins.magic_link.send_magic_link", NO_CODE),
    unbuilt("plugins.mcp"),
    instead(
        "plugins.oauth_proxy",
        "it is for previews of applications that contain Better Auth; this server has one `base_url`, which is registered with the providers: list the origins of previews in `trusted_origins`",
    ),
    unbuilt("plugins.oidc_provider"),
    instead(
        "plugins.one_time_token.generate_token",
        "a function cannot be configured: tokens are always random",
    ),
    instead(
        "plugins.open_api.theme",
        "themes belong to Scalar, which the page does not use; the page is light or dark as the browser prefers",
    ),
    planned("plugins.organization.organization_creation", EVENTS),
    instead(
        "plugins.organization.organization_deletion",
        "`plugins.organization.disable_organization_deletion` disables it",
    ),
    planned("plugins.organization.organization_hooks", EVENTS),
    instead("plugins.organization.send_invitation_email", NO_CODE),
    instead(
        "plugins.organization.teams.default_team.custom_create_default_team",
        "a function cannot be configured: the default team has the organization's name",
    ),
    instead(
        "plugins.passkey.authenticator_selection.require_resident_key",
        "use `resident_key = \"required\"`, which has precedence in Better Auth",
    ),
    planned("plugins.phone_number.callback_on_verification", EVENTS),
    instead(
        "plugins.phone_number.phone_number_validator",
        "`plugins.phone_number.format` sets which numbers are accepted",
    ),
    instead("plugins.phone_number.send_otp", NO_CODE),
    instead("plugins.phone_number.send_password_reset_otp", NO_CODE),
    instead(
        "plugins.phone_number.sign_up_on_verification.get_temp_email",
        "`plugins.phone_number.sign_up_on_verification.temp_email` is a template",
    ),
    instead(
        "plugins.phone_number.sign_up_on_verification.get_temp_name",
        "`plugins.phone_number.sign_up_on_verification.temp_name` is a template",
    ),
    instead(
        "plugins.phone_number.verify_otp",
        "a function cannot be configured: codes are made and checked by this server, and sent by the webhook",
    ),
    unbuilt("plugins.scim"),
    unbuilt("plugins.siwe"),
    unbuilt("plugins.sso"),
    unbuilt("plugins.stripe"),
    instead(
        "plugins.two_factor.backup_code_options.custom_backup_codes_generate",
        "backup codes are always random",
    ),
    instead("plugins.two_factor.otp_options.send_otp", NO_CODE),
    instead(
        "plugins.two_factor.two_factor_table",
        "`plugins.two_factor.schema` names the table",
    ),
    instead(
        "plugins.username.display_username_normalization",
        "display names are stored as users write them",
    ),
    instead(
        "plugins.username.display_username_validator",
        "a display name may be any text; your application can check it",
    ),
    instead(
        "plugins.username.username_validator",
        "a user name consists of ASCII letters and digits, `_` and `.`",
    ),
    instead(
        "plugins.username.validation_order",
        "both orders accept the same names",
    ),
    instead(
        "rate_limit.custom_storage",
        "`rate_limit.storage` sets where requests are counted",
    ),
    instead("secondary_storage", "sessions are always stored in PostgreSQL"),
    instead("session.disable_session_refresh", NO_EFFECT),
    instead("session.preserve_session_in_database", ONE_STORE),
    instead("session.store_session_in_database", ONE_STORE),
    instead("social_providers.NAME.get_user_info", NO_PROFILE),
    instead(
        "social_providers.NAME.refresh_access_token",
        "a function cannot be configured: tokens are refreshed at the endpoint that issues them, which `endpoints.token` can replace",
    ),
    instead("social_providers.NAME.request_shipping_address", NO_EFFECT),
    instead(
        "social_providers.NAME.require_client_secret",
        "`client_secret` is always required; `\"\"` means that the client has none",
    ),
    instead("social_providers.NAME.response_mode", NO_EFFECT),
    instead(
        "social_providers.NAME.verify_id_token",
        "a function cannot be configured: id tokens are verified with the provider's keys, which `endpoints.jwks` can replace",
    ),
    instead("telemetry", "no telemetry is sent"),
    instead(
        "user.change_email.send_change_email_confirmation",
        "`user.change_email.confirmation` sets whether it is sent",
    ),
    instead("user.change_email.send_change_email_verification", NO_CODE),
    planned("user.delete_user.after_delete", EVENTS),
    planned("user.delete_user.before_delete", EVENTS),
    instead(
        "user.delete_user.send_delete_account_verification",
        "`user.delete_user.verification` sets whether it is sent",
    ),
    unbuilt("verification.additional_fields"),
    instead("verification.disable_cleanup", "expired rows are always deleted"),
];
