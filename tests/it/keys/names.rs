//! Every option of Better Auth 1.4.22 is a key, or is rejected by name with a reason.

use portcullis_server::config_keys;
use portcullis_testkit::TestServer;

/// The options in our spelling. A group of keys stands for the options below it.
const OPTIONS: &str = "
    app_name base_url base_path secret trusted_origins disabled_paths telemetry.enabled telemetry.debug
    experimental.joins logger.level logger.disabled logger.disable_colors logger.log
    email_and_password.enabled email_and_password.disable_sign_up email_and_password.require_email_verification
    email_and_password.min_password_length email_and_password.max_password_length
    email_and_password.auto_sign_in email_and_password.send_reset_password
    email_and_password.reset_password_token_expires_in email_and_password.on_password_reset
    email_and_password.revoke_sessions_on_password_reset email_and_password.password.hash
    email_and_password.password.verify
    email_verification.send_verification_email email_verification.send_on_sign_up
    email_verification.send_on_sign_in email_verification.auto_sign_in_after_verification
    email_verification.expires_in email_verification.before_email_verification
    email_verification.after_email_verification email_verification.on_email_verification
    user.model_name user.fields user.additional_fields user.change_email.enabled
    user.change_email.send_change_email_confirmation user.change_email.send_change_email_verification
    user.change_email.update_email_without_verification user.delete_user.enabled
    user.delete_user.send_delete_account_verification user.delete_user.before_delete
    user.delete_user.after_delete user.delete_user.delete_token_expires_in
    session.expires_in session.update_age session.fresh_age session.disable_session_refresh
    session.store_session_in_database session.preserve_session_in_database session.cookie_cache.enabled
    session.cookie_cache.max_age session.cookie_cache.strategy session.cookie_cache.refresh_cache
    session.cookie_cache.version session.model_name session.fields session.additional_fields
    account.model_name account.fields account.additional_fields account.update_account_on_sign_in
    account.encrypt_oauth_tokens account.skip_state_cookie_check account.store_state_strategy
    account.store_account_cookie account.account_linking.enabled
    account.account_linking.disable_implicit_linking account.account_linking.trusted_providers
    account.account_linking.allow_different_emails account.account_linking.allow_unlinking_all
    account.account_linking.update_user_info_on_link
    verification.model_name verification.fields verification.additional_fields verification.disable_cleanup
    rate_limit.enabled rate_limit.window rate_limit.max rate_limit.storage rate_limit.model_name
    rate_limit.fields rate_limit.custom_rules rate_limit.custom_storage
    advanced.use_secure_cookies advanced.cookie_prefix advanced.cookies.session_token.name
    advanced.cookies.session_token.attributes advanced.cookies.session_data.name
    advanced.cookies.session_data.attributes advanced.cookies.dont_remember.name
    advanced.cookies.dont_remember.attributes advanced.cookies.account_data advanced.cookies.state
    advanced.cookies.oauth_state advanced.default_cookie_attributes
    advanced.cross_sub_domain_cookies.enabled advanced.cross_sub_domain_cookies.domain
    advanced.cross_sub_domain_cookies.additional_cookies advanced.disable_csrf_check
    advanced.disable_origin_check advanced.trusted_proxy_headers advanced.skip_trailing_slashes
    advanced.ip_address.ip_address_headers advanced.ip_address.disable_ip_tracking
    advanced.ip_address.ipv6_subnet advanced.database.generate_id advanced.database.default_find_many_limit
    advanced.background_tasks.handler
    social_providers.github.client_id social_providers.github.client_secret social_providers.github.scope
    social_providers.github.disable_default_scope social_providers.github.redirect_uri
    social_providers.github.authorization_endpoint social_providers.github.client_key
    social_providers.github.disable_id_token_sign_in social_providers.github.verify_id_token
    social_providers.github.get_user_info social_providers.github.refresh_access_token
    social_providers.github.map_profile_to_user social_providers.github.disable_implicit_sign_up
    social_providers.github.disable_sign_up social_providers.github.prompt
    social_providers.github.response_mode social_providers.github.override_user_info_on_sign_in
    social_providers.github.enabled social_providers.apple.app_bundle_identifier
    social_providers.apple.audience social_providers.cognito.domain social_providers.cognito.region
    social_providers.cognito.user_pool_id social_providers.cognito.require_client_secret
    social_providers.discord.permissions social_providers.dropbox.access_type
    social_providers.facebook.config_id social_providers.facebook.fields social_providers.gitlab.issuer
    social_providers.google.access_type social_providers.google.display social_providers.google.hd
    social_providers.microsoft.authority social_providers.microsoft.disable_profile_photo
    social_providers.microsoft.profile_photo_size social_providers.microsoft.tenant_id
    social_providers.paybin.issuer social_providers.paypal.environment
    social_providers.paypal.request_shipping_address social_providers.reddit.duration
    social_providers.salesforce.environment social_providers.salesforce.login_url
    social_providers.tiktok.client_key social_providers.twitch.claims social_providers.vk.scheme
    social_providers.zoom.pkce
    plugins.generic_oauth.config plugins.generic_oauth.providers.own.provider_id
    plugins.generic_oauth.providers.own.discovery_url plugins.generic_oauth.providers.own.issuer
    plugins.generic_oauth.providers.own.require_issuer_validation
    plugins.generic_oauth.providers.own.authorization_url plugins.generic_oauth.providers.own.token_url
    plugins.generic_oauth.providers.own.user_info_url plugins.generic_oauth.providers.own.client_id
    plugins.generic_oauth.providers.own.client_secret plugins.generic_oauth.providers.own.scopes
    plugins.generic_oauth.providers.own.redirect_uri plugins.generic_oauth.providers.own.response_type
    plugins.generic_oauth.providers.own.response_mode plugins.generic_oauth.providers.own.prompt
    plugins.generic_oauth.providers.own.pkce plugins.generic_oauth.providers.own.access_type
    plugins.generic_oauth.providers.own.get_token plugins.generic_oauth.providers.own.get_user_info
    plugins.generic_oauth.providers.own.map_profile_to_user
    plugins.generic_oauth.providers.own.authorization_url_params
    plugins.generic_oauth.providers.own.token_url_params
    plugins.generic_oauth.providers.own.disable_implicit_sign_up
    plugins.generic_oauth.providers.own.disable_sign_up
    plugins.generic_oauth.providers.own.authentication
    plugins.generic_oauth.providers.own.discovery_headers
    plugins.generic_oauth.providers.own.authorization_headers
    plugins.generic_oauth.providers.own.override_user_info
    plugins.one_tap.disable_signup plugins.one_tap.client_id
    on_api_error.throw on_api_error.on_error on_api_error.error_url
    on_api_error.customize_default_error_page secondary_storage.get hooks.before hooks.after
    database_hooks.user.create.before
";

fn is_key(name: &str) -> bool {
    let section = format!("{name}.");
    config_keys().any(|key| key.name == name || key.name.starts_with(&section) || is_of_entry(key.name, name))
}

/// Whether `name` is a key of one of several entries, such as a provider.
fn is_of_entry(key: &str, name: &str) -> bool {
    key.split_once(".NAME.").is_some_and(|(section, own)| {
        let entry = name.strip_prefix(section).and_then(|rest| rest.strip_prefix('.'));
        let given = entry.and_then(|entry| entry.split_once('.'));
        given.is_some_and(|(_, given)| given == own)
    })
}

/// The startup error with a file that sets only this option.
fn refusal(name: &str) -> Option<String> {
    let (section, key) = name.rsplit_once('.').unwrap();
    let file = format!("[{section}]\n{key} = \"anything\"\n");
    TestServer::with().file(&file).refusal()
}

#[test]
fn every_option_of_better_auth_is_a_key_or_is_rejected_by_name_with_a_reason() {
    for name in OPTIONS.split_whitespace().filter(|name| !is_key(name)) {
        let message = refusal(name).unwrap_or_else(|| panic!("{name} is accepted and has no effect"));
        let has_reason = message.contains("is not supported yet") || message.contains("is not supported: ");
        let is_named = message.contains(&format!("`{name}` is "));
        assert!(has_reason && is_named, "{name}: {message}");
    }
}

#[test]
fn an_unknown_option_is_rejected_as_unknown() {
    let message = refusal("session.expires_inn").unwrap();
    assert!(message.contains("unknown key `session.expires_inn`"), "{message}");
}
