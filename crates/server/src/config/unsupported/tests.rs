//! The options that are refused by name.

use super::*;
use crate::config::keys::{find, find_named, keys};

#[test]
fn an_option_includes_everything_below_it() {
    let is_unbuilt = |name| Unsupported::find(name).is_some();
    assert!(is_unbuilt("plugins.sso"));
    assert!(is_unbuilt("plugins.sso.advanced.enabled"));
    assert!(!is_unbuilt("plugins.ssos"));
    assert!(is_unbuilt("social_providers.github.verify_id_token"));
    assert!(!is_unbuilt("social_providers.github.client_id"));
    assert!(!is_unbuilt("social_providers.verify_id_token"));
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
        (
            "account.skip_state_cookie_check",
            "is not supported: it would let an attacker sign visitors",
        ),
        (
            "social_providers.google.get_user_info",
            "is not supported: a function cannot be configured: `map_profile_to_user`",
        ),
        (
            "plugins.generic_oauth.config",
            "is not supported: providers are tables here",
        ),
        (
            "plugins.oauth_proxy.max_age",
            "is not supported: it is for previews",
        ),
    ] {
        let reason = Unsupported::find(name).unwrap().reason();
        assert!(reason.starts_with(words), "{name} {reason}");
    }
}

#[test]
fn a_section_that_contains_only_refused_options_is_recognized() {
    assert!(Unsupported::has_part_in("verification"));
    assert!(Unsupported::has_part_in("social_providers.github"));
    assert!(!Unsupported::has_part_in("social_provider.github"));
    assert!(!Unsupported::has_part_in("verificatio"));
}

#[test]
fn no_key_is_both_supported_and_refused() {
    for key in keys() {
        assert!(Unsupported::find(key.name).is_none(), "{}", key.name);
    }
    for unbuilt in UNSUPPORTED {
        let key = find(unbuilt.name).or_else(|| Some(find_named(unbuilt.name)?.0));
        assert!(key.is_none(), "{}", unbuilt.name);
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
    advanced.cookies.dont_remember.attributes advanced.cookies.account_data.name
    advanced.cookies.account_data.attributes advanced.cookies.state.name advanced.cookies.state.attributes
    advanced.cookies.oauth_state.name advanced.cookies.oauth_state.attributes advanced.defaultCookieAttributes.domain
    advanced.defaultCookieAttributes.expires advanced.defaultCookieAttributes.httpOnly
    advanced.defaultCookieAttributes.maxAge advanced.defaultCookieAttributes.path
    advanced.defaultCookieAttributes.secure advanced.defaultCookieAttributes.sameSite
    advanced.defaultCookieAttributes.partitioned advanced.crossSubDomainCookies.enabled
    advanced.crossSubDomainCookies.domain advanced.crossSubDomainCookies.additionalCookies
    advanced.disableCSRFCheck advanced.disableOriginCheck advanced.trustedProxyHeaders
    advanced.skipTrailingSlashes advanced.ipAddress.ipAddressHeaders advanced.ipAddress.disableIpTracking
    advanced.ipAddress.ipv6Subnet advanced.database.generateId advanced.database.defaultFindManyLimit
    advanced.generateId advanced.backgroundTasks.handler
    socialProviders.github.clientId socialProviders.github.clientSecret socialProviders.github.scope
    socialProviders.github.disableDefaultScope socialProviders.github.redirectURI
    socialProviders.github.authorizationEndpoint socialProviders.tiktok.clientKey
    socialProviders.github.disableIdTokenSignIn socialProviders.github.verifyIdToken
    socialProviders.github.getUserInfo socialProviders.github.refreshAccessToken
    socialProviders.github.mapProfileToUser socialProviders.github.disableImplicitSignUp
    socialProviders.github.disableSignUp socialProviders.github.prompt socialProviders.github.responseMode
    socialProviders.github.overrideUserInfoOnSignIn socialProviders.github.enabled
    socialProviders.apple.appBundleIdentifier socialProviders.apple.audience
    socialProviders.cognito.domain socialProviders.cognito.region socialProviders.cognito.userPoolId
    socialProviders.cognito.requireClientSecret socialProviders.discord.permissions
    socialProviders.dropbox.accessType socialProviders.facebook.fields socialProviders.facebook.configId
    socialProviders.gitlab.issuer socialProviders.google.accessType socialProviders.google.display
    socialProviders.google.hd socialProviders.microsoft.tenantId socialProviders.microsoft.authority
    socialProviders.microsoft.profilePhotoSize socialProviders.microsoft.disableProfilePhoto
    socialProviders.paybin.issuer socialProviders.paypal.environment
    socialProviders.paypal.requestShippingAddress socialProviders.reddit.duration
    socialProviders.salesforce.environment socialProviders.salesforce.loginUrl socialProviders.twitch.claims
    socialProviders.vk.scheme socialProviders.zoom.pkce
    onAPIError.throw onAPIError.onError onAPIError.errorURL
    onAPIError.customizeDefaultErrorPage secondaryStorage hooks databaseHooks
    plugins.bearer.requireSignature plugins.jwt.disableSettingJwtHeader plugins.jwt.adapter
    plugins.jwt.schema plugins.jwt.jwks.remoteUrl plugins.jwt.jwks.keyPairConfig.alg
    plugins.jwt.jwks.keyPairConfig.crv plugins.jwt.jwks.keyPairConfig.modulusLength
    plugins.jwt.jwks.disablePrivateKeyEncryption plugins.jwt.jwks.rotationInterval
    plugins.jwt.jwks.gracePeriod plugins.jwt.jwks.jwksPath plugins.jwt.jwt.issuer plugins.jwt.jwt.audience
    plugins.jwt.jwt.expirationTime plugins.jwt.jwt.definePayload plugins.jwt.jwt.getSubject
    plugins.jwt.jwt.sign
    plugins.access plugins.additionalFields plugins.admin plugins.anonymous plugins.anonymous.emailDomainName
    plugins.anonymous.onLinkAccount plugins.anonymous.disableDeleteAnonymousUser plugins.anonymous.generateName
    plugins.anonymous.generateRandomEmail plugins.captcha
    plugins.apiKey.apiKeyHeaders plugins.apiKey.disableKeyHashing plugins.apiKey.customAPIKeyGetter
    plugins.apiKey.customAPIKeyValidator plugins.apiKey.customKeyGenerator plugins.apiKey.defaultKeyLength
    plugins.apiKey.defaultPrefix plugins.apiKey.maximumPrefixLength plugins.apiKey.minimumPrefixLength
    plugins.apiKey.requireName plugins.apiKey.maximumNameLength plugins.apiKey.minimumNameLength
    plugins.apiKey.enableMetadata plugins.apiKey.startingCharactersConfig.shouldStore
    plugins.apiKey.startingCharactersConfig.charactersLength plugins.apiKey.keyExpiration.defaultExpiresIn
    plugins.apiKey.keyExpiration.disableCustomExpiresTime plugins.apiKey.keyExpiration.minExpiresIn
    plugins.apiKey.keyExpiration.maxExpiresIn plugins.apiKey.rateLimit.enabled plugins.apiKey.rateLimit.timeWindow
    plugins.apiKey.rateLimit.maxRequests plugins.apiKey.enableSessionForAPIKeys
    plugins.apiKey.permissions.defaultPermissions plugins.apiKey.storage plugins.apiKey.fallbackToDatabase
    plugins.apiKey.customStorage plugins.apiKey.deferUpdates plugins.apiKey.schema
    plugins.customSession plugins.deviceAuthorization plugins.emailOTP.sendVerificationOTP plugins.emailOTP.otpLength plugins.emailOTP.expiresIn
    plugins.emailOTP.generateOTP plugins.emailOTP.disableSignUp plugins.emailOTP.allowedAttempts plugins.emailOTP.storeOTP
    plugins.emailOTP.sendVerificationOnSignUp plugins.emailOTP.overrideDefaultEmailVerification plugins.expo.disableOriginOverride
    plugins.genericOAuth.config plugins.genericOAuth.providers.okta.providerId
    plugins.genericOAuth.providers.okta.discoveryUrl plugins.genericOAuth.providers.okta.issuer
    plugins.genericOAuth.providers.okta.requireIssuerValidation
    plugins.genericOAuth.providers.okta.authorizationUrl plugins.genericOAuth.providers.okta.tokenUrl
    plugins.genericOAuth.providers.okta.userInfoUrl plugins.genericOAuth.providers.okta.clientId
    plugins.genericOAuth.providers.okta.clientSecret plugins.genericOAuth.providers.okta.scopes
    plugins.genericOAuth.providers.okta.redirectURI plugins.genericOAuth.providers.okta.responseType
    plugins.genericOAuth.providers.okta.responseMode plugins.genericOAuth.providers.okta.prompt
    plugins.genericOAuth.providers.okta.pkce plugins.genericOAuth.providers.okta.accessType
    plugins.genericOAuth.providers.okta.getToken plugins.genericOAuth.providers.okta.getUserInfo
    plugins.genericOAuth.providers.okta.mapProfileToUser
    plugins.genericOAuth.providers.okta.authorizationUrlParams
    plugins.genericOAuth.providers.okta.tokenUrlParams plugins.genericOAuth.providers.okta.disableImplicitSignUp
    plugins.genericOAuth.providers.okta.disableSignUp plugins.genericOAuth.providers.okta.authentication
    plugins.genericOAuth.providers.okta.discoveryHeaders
    plugins.genericOAuth.providers.okta.authorizationHeaders
    plugins.genericOAuth.providers.okta.overrideUserInfo plugins.genericOAuth.providers.auth0.domain
    plugins.genericOAuth.providers.entra.tenantId
    plugins.haveIBeenPwned plugins.lastLoginMethod.customResolveMethod plugins.magicLink.sendMagicLink plugins.magicLink.expiresIn
    plugins.magicLink.disableSignUp plugins.magicLink.rateLimit.window plugins.magicLink.rateLimit.max plugins.magicLink.generateToken
    plugins.magicLink.storeToken plugins.mcp plugins.multiSession
    plugins.oauthProxy plugins.oidcProvider plugins.oneTap.disableSignup plugins.oneTap.clientId plugins.oneTimeToken plugins.openAPI.path
    plugins.openAPI.disableDefaultReference plugins.openAPI.theme plugins.openAPI.nonce
    plugins.organization.allowUserToCreateOrganization plugins.organization.organizationLimit
    plugins.organization.creatorRole plugins.organization.membershipLimit plugins.organization.ac
    plugins.organization.roles plugins.organization.dynamicAccessControl.enabled
    plugins.organization.dynamicAccessControl.maximumRolesPerOrganization plugins.organization.teams.enabled
    plugins.organization.teams.defaultTeam.enabled plugins.organization.teams.defaultTeam.customCreateDefaultTeam
    plugins.organization.teams.maximumTeams plugins.organization.teams.maximumMembersPerTeam
    plugins.organization.teams.allowRemovingAllTeams plugins.organization.invitationExpiresIn
    plugins.organization.invitationLimit plugins.organization.cancelPendingInvitationsOnReInvite
    plugins.organization.requireEmailVerificationOnInvitation plugins.organization.sendInvitationEmail
    plugins.organization.schema plugins.organization.disableOrganizationDeletion
    plugins.organization.organizationDeletion plugins.organization.organizationCreation
    plugins.organization.organizationHooks
    plugins.passkey.rpID plugins.passkey.rpName plugins.passkey.origin plugins.passkey.schema
    plugins.passkey.authenticatorSelection.authenticatorAttachment plugins.passkey.authenticatorSelection.residentKey
    plugins.passkey.authenticatorSelection.requireResidentKey
    plugins.passkey.authenticatorSelection.userVerification plugins.passkey.advanced.webAuthnChallengeCookie
    plugins.phoneNumber.sendOTP plugins.phoneNumber.verifyOTP
    plugins.phoneNumber.sendPasswordResetOTP plugins.phoneNumber.otpLength plugins.phoneNumber.expiresIn
    plugins.phoneNumber.phoneNumberValidator plugins.phoneNumber.requireVerification
    plugins.phoneNumber.callbackOnVerification plugins.phoneNumber.signUpOnVerification.getTempEmail
    plugins.phoneNumber.signUpOnVerification.getTempName plugins.phoneNumber.schema plugins.phoneNumber.allowedAttempts
    plugins.scim plugins.siwe plugins.sso plugins.stripe
    plugins.twoFactor.issuer plugins.twoFactor.skipVerificationOnEnable plugins.twoFactor.twoFactorCookieMaxAge
    plugins.twoFactor.trustDeviceMaxAge plugins.twoFactor.twoFactorTable plugins.twoFactor.schema
    plugins.twoFactor.totpOptions.digits plugins.twoFactor.totpOptions.period plugins.twoFactor.totpOptions.disable
    plugins.twoFactor.otpOptions.sendOTP plugins.twoFactor.otpOptions.period plugins.twoFactor.otpOptions.digits
    plugins.twoFactor.otpOptions.allowedAttempts plugins.twoFactor.otpOptions.storeOTP
    plugins.twoFactor.backupCodeOptions.amount plugins.twoFactor.backupCodeOptions.length
    plugins.twoFactor.backupCodeOptions.customBackupCodesGenerate
    plugins.twoFactor.backupCodeOptions.storeBackupCodes
    plugins.multiSession.maximumSessions
    plugins.oneTimeToken.expiresIn plugins.oneTimeToken.disableClientRequest
    plugins.oneTimeToken.generateToken plugins.oneTimeToken.disableSetSessionCookie
    plugins.oneTimeToken.storeToken plugins.oneTimeToken.setOttHeaderOnNewSession
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
            is_known || find_named(&name).is_some() || Unsupported::find(&name).is_some(),
            "{option}, here {name}"
        );
    }
}
