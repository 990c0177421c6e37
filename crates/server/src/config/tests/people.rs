//! Sign-up, sign-in, e-mail verification, address changes and deletion of users.

use super::*;

#[test]
fn options_have_the_defaults_of_better_auth() {
    let config = load("", &[]);
    assert!(
        config.sign_up.auto_sign_in
            && !config.sign_up.requires_verified_email
            && !config.sign_up.sends_verification_link
    );
    assert!(
        !config.password_sign_in.requires_verified_email && !config.password_sign_in.sends_verification_link
    );
    assert_eq!(config.password_reset.expires_in, TimeDelta::hours(1));
    assert!(config.password_reset.revokes_sessions, "this default is our own");
    assert_eq!(config.email_verification.expires_in, TimeDelta::hours(1));
    assert!(!config.email_verification.auto_sign_in && !config.email_verification.accepts_foreign_links);
    assert!(!config.change_email.enabled && config.change_email.requires_confirmation);
    assert!(!config.change_email.changes_unverified_at_once);
    assert!(!config.delete_user.enabled && !config.delete_user.requires_confirmation);
    assert_eq!(config.delete_user.expires_in, TimeDelta::days(1));
    assert!(!config.may_unlink_all);
    assert_eq!(config.session.policy.fresh_age, TimeDelta::days(1));
    assert_eq!(config.session_cookie_cache, None);
    assert_eq!(config.housekeeping.messages, TimeDelta::days(7));
}

#[test]
fn options_are_read() {
    let file = r"
[email_and_password]
auto_sign_in = false
require_email_verification = true
reset_password_token_expires_in = 60
[email_verification]
send_on_sign_in = true
auto_sign_in_after_verification = true
expires_in = 120
[user.change_email]
enabled = true
confirmation = false
update_email_without_verification = true
[user.delete_user]
enabled = true
verification = true
delete_token_expires_in = 180
[session]
fresh_age = 0
[account.account_linking]
allow_unlinking_all = true
[delivery]
notices = true
";
    let config = load(file, &[]);
    assert!(!config.sign_up.auto_sign_in && config.sign_up.requires_verified_email);
    assert!(
        config.password_sign_in.requires_verified_email && config.password_sign_in.sends_verification_link
    );
    assert_eq!(config.password_reset.expires_in, TimeDelta::seconds(60));
    for expires_in in [
        config.email_verification.expires_in,
        config.sign_up.link_expires_in,
        config.password_sign_in.link_expires_in,
        config.change_email.expires_in,
    ] {
        assert_eq!(expires_in, TimeDelta::seconds(120));
    }
    assert!(config.email_verification.auto_sign_in);
    assert!(
        config.change_email.enabled
            && !config.change_email.requires_confirmation
            && config.change_email.changes_unverified_at_once
    );
    assert!(config.delete_user.enabled && config.delete_user.requires_confirmation);
    assert_eq!(config.delete_user.expires_in, TimeDelta::seconds(180));
    assert!(config.delete_user.session.fresh_age.is_zero());
    assert!(config.may_unlink_all);
    assert!(config.messages.has_notices);
}

#[test]
fn send_on_sign_up_defaults_to_require_email_verification() {
    for (requires, sends, expected, expected_with_provider) in [
        ("false", "", false, false),
        ("true", "", true, false),
        ("true", "false", false, false),
        ("false", "true", true, true),
    ] {
        let environment = [
            (
                "PORTCULLIS_EMAIL_AND_PASSWORD__REQUIRE_EMAIL_VERIFICATION",
                requires,
            ),
            ("PORTCULLIS_EMAIL_VERIFICATION__SEND_ON_SIGN_UP", sends),
        ];
        let config = load("", &environment);
        assert_eq!(
            (
                config.sign_up.sends_verification_link,
                config.social.accounts.sends_verification_link
            ),
            (expected, expected_with_provider),
            "{requires} {sends}"
        );
    }
}

#[test]
fn options_of_the_session_cookie_cache_are_read() {
    let cache = |file| load(file, &[]).session_cookie_cache.unwrap();
    let standard = cache("session.cookie_cache.enabled = true");
    assert_eq!(
        (standard.max_age, standard.version.as_str()),
        (TimeDelta::minutes(5), "1")
    );
    let own = cache(
        "session.cookie_cache = { enabled = true, max_age = 604800, version = \"2\", refresh_cache = false }",
    );
    assert_eq!((own.max_age, own.version.as_str()), (TimeDelta::days(7), "2"));
}
