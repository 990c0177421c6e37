//! Options of Better Auth that have no key here. They are refused with a reason instead of as unknown.

/// An option that has no key.
pub(super) struct Unsupported {
    /// The option in our spelling. It includes everything below it.
    pub(super) name: &'static str,
    pub(super) why: Why,
}

/// Why an option has no key.
#[derive(Clone, Copy)]
pub(super) enum Why {
    /// It is not supported yet.
    NotYet,
    /// It is not supported yet, and this is planned instead.
    Planned(&'static str),
    /// It is never supported, for this reason or because this replaces it.
    Instead(&'static str),
}

impl Why {
    /// Returns the reason, as the documentation shows it.
    pub(super) fn reason(self) -> String {
        match self {
            Self::NotYet => "not supported yet".to_owned(),
            Self::Planned(words) => format!("not supported yet: {words}"),
            Self::Instead(words) => words.to_owned(),
        }
    }
}

impl Unsupported {
    /// Returns the option with this name, or the one that contains it.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        UNSUPPORTED.iter().find(|option| {
            name.strip_prefix(option.name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether this is the name of an option, or of a section that contains one.
    pub(super) fn has_part_in(name: &str) -> bool {
        let is_below = |option: &Self| {
            let rest = option.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        Self::find(name).is_some() || UNSUPPORTED.iter().any(is_below)
    }

    /// Returns why it is refused, as it follows the name in a sentence.
    pub(super) fn reason(&self) -> String {
        let reason = self.why.reason();
        match self.why {
            Why::NotYet | Why::Planned(_) => format!("is {reason}"),
            Why::Instead(_) => format!("is not supported: {reason}"),
        }
    }
}

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

const COLUMNS: &str = "tables and columns always have Better Auth's default names";
const NO_CHECK: &str =
    "it would let any site act for its visitors; list the sites that may in `trusted_origins`";
const NO_HEADER: &str = "`trusted_proxies` lists the proxies whose `X-Forwarded-For` is trusted";
const NO_CODE: &str = "`delivery` configures how messages are sent";
const ONE_STORE: &str = "sessions are always stored in PostgreSQL, and read with one statement";
const EVENTS: &str = "signed events, and one webhook that can reject an action, are planned instead";
const MAX_AGE: &str = "`max_age` sets the lifetime of a cookie";

/// The options.
pub(super) static UNSUPPORTED: &[Unsupported] = &[
    unbuilt("account.account_linking.allow_different_emails"),
    unbuilt("account.account_linking.disable_implicit_linking"),
    unbuilt("account.account_linking.enabled"),
    unbuilt("account.account_linking.trusted_providers"),
    unbuilt("account.account_linking.update_user_info_on_link"),
    unbuilt("account.additional_fields"),
    unbuilt("account.encrypt_oauth_tokens"),
    instead("account.fields", COLUMNS),
    instead("account.model_name", COLUMNS),
    unbuilt("account.skip_state_cookie_check"),
    unbuilt("account.store_account_cookie"),
    unbuilt("account.store_state_strategy"),
    unbuilt("account.update_account_on_sign_in"),
    instead(
        "advanced.background_tasks",
        "messages are always sent in the background, from a queue in the database",
    ),
    unbuilt("advanced.cookies.account_data"),
    instead("advanced.cookies.dont_remember.attributes.expires", MAX_AGE),
    unbuilt("advanced.cookies.oauth_state"),
    instead(
        "advanced.cookies.session_data.attributes.expires",
        "`session.cookie_cache.max_age` sets the lifetime of the cookie",
    ),
    instead(
        "advanced.cookies.session_data.attributes.max_age",
        "`session.cookie_cache.max_age` sets the lifetime of the cookie",
    ),
    instead(
        "advanced.cookies.session_token.attributes.expires",
        "`session.expires_in` sets the lifetime of the cookie",
    ),
    instead(
        "advanced.cookies.session_token.attributes.max_age",
        "`session.expires_in` sets the lifetime of the cookie",
    ),
    unbuilt("advanced.cookies.state"),
    instead(
        "advanced.cross_sub_domain_cookies.additional_cookies",
        "it has no effect in Better Auth either",
    ),
    instead(
        "advanced.database",
        "ids always consist of 32 letters and digits, and lists are always complete",
    ),
    instead("advanced.default_cookie_attributes.expires", MAX_AGE),
    instead("advanced.disable_csrf_check", NO_CHECK),
    instead("advanced.disable_origin_check", NO_CHECK),
    instead(
        "advanced.generate_id",
        "ids always consist of 32 letters and digits",
    ),
    unbuilt("advanced.ip_address.disable_ip_tracking"),
    instead("advanced.ip_address.ip_address_headers", NO_HEADER),
    instead(
        "advanced.ip_address.ipv6_subnet",
        "IPv6 clients are always distinguished by their /64 network",
    ),
    unbuilt("advanced.skip_trailing_slashes"),
    instead("advanced.trusted_proxy_headers", NO_HEADER),
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
    unbuilt("on_api_error"),
    unbuilt("plugins.access"),
    instead(
        "plugins.additional_fields",
        "declare fields in `user.additional_fields` and `session.additional_fields`",
    ),
    unbuilt("plugins.admin"),
    unbuilt("plugins.anonymous"),
    unbuilt("plugins.api_key"),
    unbuilt("plugins.captcha"),
    unbuilt("plugins.custom_session"),
    unbuilt("plugins.device_authorization"),
    unbuilt("plugins.email_otp"),
    unbuilt("plugins.expo"),
    unbuilt("plugins.generic_oauth"),
    unbuilt("plugins.have_i_been_pwned"),
    unbuilt("plugins.haveibeenpwned"),
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
    instead("plugins.jwt.schema", COLUMNS),
    unbuilt("plugins.last_login_method"),
    unbuilt("plugins.magic_link"),
    unbuilt("plugins.mcp"),
    unbuilt("plugins.multi_session"),
    unbuilt("plugins.oauth_proxy"),
    unbuilt("plugins.oidc_provider"),
    unbuilt("plugins.one_tap"),
    unbuilt("plugins.one_time_token"),
    unbuilt("plugins.open_api"),
    unbuilt("plugins.organization"),
    unbuilt("plugins.passkey"),
    unbuilt("plugins.phone_number"),
    unbuilt("plugins.scim"),
    unbuilt("plugins.siwe"),
    unbuilt("plugins.sso"),
    unbuilt("plugins.stripe"),
    instead(
        "plugins.two_factor.backup_code_options.custom_backup_codes_generate",
        "backup codes are always random",
    ),
    instead("plugins.two_factor.otp_options.send_otp", NO_CODE),
    instead("plugins.two_factor.schema", COLUMNS),
    instead("plugins.two_factor.two_factor_table", COLUMNS),
    instead(
        "plugins.username.display_username_normalization",
        "display names are stored as users write them",
    ),
    instead(
        "plugins.username.display_username_validator",
        "a display name may be any text; your application can check it",
    ),
    instead("plugins.username.schema", COLUMNS),
    instead(
        "plugins.username.username_validator",
        "a user name consists of letters and digits of ASCII, `_` and `.`",
    ),
    instead(
        "plugins.username.validation_order",
        "both orders accept the same names",
    ),
    instead(
        "rate_limit.custom_storage",
        "`rate_limit.storage` sets where requests are counted",
    ),
    instead("rate_limit.fields", COLUMNS),
    instead("rate_limit.model_name", COLUMNS),
    instead("secondary_storage", "sessions are always stored in PostgreSQL"),
    instead(
        "session.disable_session_refresh",
        "it has no effect in Better Auth either",
    ),
    instead("session.fields", COLUMNS),
    instead("session.model_name", COLUMNS),
    instead("session.preserve_session_in_database", ONE_STORE),
    instead("session.store_session_in_database", ONE_STORE),
    unbuilt("social_providers"),
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
    instead("user.fields", COLUMNS),
    instead("user.model_name", COLUMNS),
    unbuilt("verification.additional_fields"),
    instead("verification.disable_cleanup", "expired rows are always deleted"),
    instead("verification.fields", COLUMNS),
    instead("verification.model_name", COLUMNS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::{find, keys};

    #[test]
    fn an_option_includes_everything_below_it() {
        let is_unbuilt = |name| Unsupported::find(name).is_some();
        assert!(is_unbuilt("social_providers"));
        assert!(is_unbuilt("social_providers.github.client_id"));
        assert!(!is_unbuilt("social_provider"));
        assert!(!is_unbuilt("session"));
    }

    #[test]
    fn a_refused_option_is_refused_with_its_alternative() {
        for (name, words) in [
            (
                "hooks.before",
                "is not supported yet: signed events, and one webhook",
            ),
            (
                "database_hooks.user.create",
                "is not supported yet: signed events, and one webhook",
            ),
            (
                "user.delete_user.before_delete",
                "is not supported yet: signed events, and one webhook",
            ),
            (
                "plugins.jwt.jwt.sign",
                "is not supported: a function cannot be configured",
            ),
            ("plugins.sso", "is not supported yet"),
            ("plugins.expo", "is not supported yet"),
        ] {
            let reason = Unsupported::find(name).unwrap().reason();
            assert!(reason.starts_with(words), "{name} {reason}");
        }
    }

    #[test]
    fn a_section_that_contains_only_refused_options_is_recognized() {
        assert!(Unsupported::has_part_in("verification"));
        assert!(Unsupported::has_part_in("social_providers.github"));
        assert!(!Unsupported::has_part_in("verificatio"));
    }

    #[test]
    fn no_key_is_both_supported_and_refused() {
        for key in keys() {
            assert!(Unsupported::find(key.name).is_none(), "{}", key.name);
        }
        for unbuilt in UNSUPPORTED {
            assert!(find(unbuilt.name).is_none(), "{}", unbuilt.name);
        }
    }

    #[test]
    fn the_options_are_sorted_and_unique() {
        assert!(UNSUPPORTED.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    /// Every option of Better Auth 1.4.22, in its spelling. Options of plugins are below `plugins`.
    const OPTIONS: &str = "
        appName baseURL basePath secret trustedOrigins disabledPaths telemetry.enabled telemetry.debug
        experimental.joins logger.level logger.disabled logger.disableColors logger.log
        emailAndPassword.enabled emailAndPassword.disableSignUp emailAndPassword.requireEmailVerification
        emailAndPassword.minPasswordLength emailAndPassword.maxPasswordLength emailAndPassword.autoSignIn
        emailAndPassword.sendResetPassword emailAndPassword.resetPasswordTokenExpiresIn
        emailAndPassword.onPasswordReset emailAndPassword.revokeSessionsOnPasswordReset
        emailAndPassword.password.hash emailAndPassword.password.verify
        emailVerification.sendVerificationEmail emailVerification.sendOnSignUp emailVerification.sendOnSignIn
        emailVerification.autoSignInAfterVerification emailVerification.expiresIn
        emailVerification.beforeEmailVerification emailVerification.afterEmailVerification
        emailVerification.onEmailVerification
        user.modelName user.fields user.additionalFields user.changeEmail.enabled
        user.changeEmail.sendChangeEmailConfirmation user.changeEmail.sendChangeEmailVerification
        user.changeEmail.updateEmailWithoutVerification user.deleteUser.enabled
        user.deleteUser.sendDeleteAccountVerification user.deleteUser.beforeDelete user.deleteUser.afterDelete
        user.deleteUser.deleteTokenExpiresIn
        session.expiresIn session.updateAge session.freshAge session.disableSessionRefresh
        session.storeSessionInDatabase session.preserveSessionInDatabase session.cookieCache.enabled
        session.cookieCache.maxAge session.cookieCache.strategy session.cookieCache.refreshCache
        session.cookieCache.version session.modelName session.fields session.additionalFields
        account.modelName account.fields account.additionalFields account.updateAccountOnSignIn
        account.encryptOAuthTokens account.skipStateCookieCheck account.storeStateStrategy
        account.storeAccountCookie account.accountLinking.enabled
        account.accountLinking.disableImplicitLinking account.accountLinking.trustedProviders
        account.accountLinking.allowDifferentEmails account.accountLinking.allowUnlinkingAll
        account.accountLinking.updateUserInfoOnLink
        verification.modelName verification.fields verification.additionalFields verification.disableCleanup
        rateLimit.enabled rateLimit.window rateLimit.max rateLimit.storage rateLimit.modelName rateLimit.fields
        rateLimit.customRules rateLimit.customStorage
        advanced.useSecureCookies advanced.cookiePrefix advanced.cookies.session_token.name
        advanced.cookies.session_token.attributes advanced.cookies.session_data.name
        advanced.cookies.session_data.attributes advanced.cookies.dont_remember.name
        advanced.cookies.dont_remember.attributes advanced.cookies.account_data advanced.cookies.state
        advanced.cookies.oauth_state advanced.defaultCookieAttributes.domain
        advanced.defaultCookieAttributes.expires advanced.defaultCookieAttributes.httpOnly
        advanced.defaultCookieAttributes.maxAge advanced.defaultCookieAttributes.path
        advanced.defaultCookieAttributes.secure advanced.defaultCookieAttributes.sameSite
        advanced.defaultCookieAttributes.partitioned advanced.crossSubDomainCookies.enabled
        advanced.crossSubDomainCookies.domain advanced.crossSubDomainCookies.additionalCookies
        advanced.disableCSRFCheck advanced.disableOriginCheck advanced.trustedProxyHeaders
        advanced.skipTrailingSlashes advanced.ipAddress.ipAddressHeaders advanced.ipAddress.disableIpTracking
        advanced.ipAddress.ipv6Subnet advanced.database.generateId advanced.database.defaultFindManyLimit
        advanced.generateId advanced.backgroundTasks.handler
        socialProviders.github onAPIError.throw onAPIError.onError onAPIError.errorURL
        onAPIError.customizeDefaultErrorPage secondaryStorage hooks databaseHooks
        plugins.bearer.requireSignature plugins.jwt.disableSettingJwtHeader plugins.jwt.adapter
        plugins.jwt.schema plugins.jwt.jwks.remoteUrl plugins.jwt.jwks.keyPairConfig.alg
        plugins.jwt.jwks.keyPairConfig.crv plugins.jwt.jwks.keyPairConfig.modulusLength
        plugins.jwt.jwks.disablePrivateKeyEncryption plugins.jwt.jwks.rotationInterval
        plugins.jwt.jwks.gracePeriod plugins.jwt.jwks.jwksPath plugins.jwt.jwt.issuer plugins.jwt.jwt.audience
        plugins.jwt.jwt.expirationTime plugins.jwt.jwt.definePayload plugins.jwt.jwt.getSubject
        plugins.jwt.jwt.sign
        plugins.access plugins.additionalFields plugins.admin plugins.anonymous plugins.apiKey plugins.captcha
        plugins.customSession plugins.deviceAuthorization plugins.emailOTP plugins.expo plugins.genericOAuth
        plugins.haveIBeenPwned plugins.lastLoginMethod plugins.magicLink plugins.mcp plugins.multiSession
        plugins.oauthProxy plugins.oidcProvider plugins.oneTap plugins.oneTimeToken plugins.openAPI
        plugins.organization plugins.passkey plugins.phoneNumber plugins.scim plugins.siwe plugins.sso plugins.stripe
        plugins.twoFactor.issuer plugins.twoFactor.skipVerificationOnEnable plugins.twoFactor.twoFactorCookieMaxAge
        plugins.twoFactor.trustDeviceMaxAge plugins.twoFactor.twoFactorTable plugins.twoFactor.schema
        plugins.twoFactor.totpOptions.digits plugins.twoFactor.totpOptions.period plugins.twoFactor.totpOptions.disable
        plugins.twoFactor.otpOptions.sendOTP plugins.twoFactor.otpOptions.period plugins.twoFactor.otpOptions.digits
        plugins.twoFactor.otpOptions.allowedAttempts plugins.twoFactor.otpOptions.storeOTP
        plugins.twoFactor.backupCodeOptions.amount plugins.twoFactor.backupCodeOptions.length
        plugins.twoFactor.backupCodeOptions.customBackupCodesGenerate
        plugins.twoFactor.backupCodeOptions.storeBackupCodes
        plugins.username.minUsernameLength plugins.username.maxUsernameLength plugins.username.usernameValidator
        plugins.username.displayUsernameValidator plugins.username.usernameNormalization
        plugins.username.displayUsernameNormalization plugins.username.validationOrder plugins.username.schema
    ";

    #[test]
    fn every_option_of_better_auth_is_a_key_or_refused_by_name() {
        use crate::config::names::snake_case;
        for option in OPTIONS.split_whitespace() {
            let name = snake_case(option);
            let section = format!("{name}.");
            let is_known = keys().any(|key| key.name == name || key.name.starts_with(&section));
            assert!(
                is_known || Unsupported::find(&name).is_some(),
                "{option}, here {name}"
            );
        }
    }
}
