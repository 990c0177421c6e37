//! Options of Better Auth that have no key here yet: they are refused by their own name, not as unknown.

/// The options, in our spelling. One that ends a path stands for everything below it.
pub(super) static UNBUILT: &[&str] = &[
    "account",
    "advanced.background_tasks",
    "advanced.cookie_prefix",
    "advanced.cookies",
    "advanced.cross_sub_domain_cookies",
    "advanced.database",
    "advanced.default_cookie_attributes",
    "advanced.disable_csrf_check",
    "advanced.disable_origin_check",
    "advanced.ip_address",
    "advanced.skip_trailing_slashes",
    "advanced.trusted_proxy_headers",
    "app_name",
    "database_hooks",
    "delivery.smtp",
    "delivery.webhook",
    "email_and_password.auto_sign_in",
    "email_and_password.on_password_reset",
    "email_and_password.password",
    "email_and_password.require_email_verification",
    "email_and_password.reset_password_token_expires_in",
    "email_and_password.send_reset_password",
    "email_verification",
    "experimental",
    "hooks",
    "logger",
    "on_api_error",
    "plugins",
    "rate_limit.custom_storage",
    "rate_limit.fields",
    "rate_limit.model_name",
    "secondary_storage",
    "session.additional_fields",
    "session.cookie_cache",
    "session.disable_session_refresh",
    "session.fields",
    "session.fresh_age",
    "session.model_name",
    "session.preserve_session_in_database",
    "session.store_session_in_database",
    "social_providers",
    "telemetry",
    "user",
    "verification",
];

/// Whether this name is one of the options, or below one.
pub(super) fn is_unbuilt(name: &str) -> bool {
    UNBUILT.iter().any(|option| {
        name.strip_prefix(option)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::KEYS;

    #[test]
    fn an_option_is_recognised_with_everything_below_it() {
        assert!(is_unbuilt("session.cookie_cache"));
        assert!(is_unbuilt("session.cookie_cache.enabled"));
        assert!(!is_unbuilt("session.cookie_cached"));
        assert!(!is_unbuilt("session"));
    }

    #[test]
    fn no_key_is_built_and_unbuilt_at_once() {
        for key in KEYS {
            assert!(!is_unbuilt(key.name), "{}", key.name);
        }
    }
}
