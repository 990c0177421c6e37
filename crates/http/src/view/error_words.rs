//! What common error codes mean for a user.

const UNKNOWN: &str = "We could not finish what you asked for. Please go back and try again.";

/// Returns a sentence that says what happened and what the user can do.
pub(crate) fn describe(code: &str) -> &'static str {
    match code {
        "INVALID_TOKEN" | "invalid_token" => {
            "This link does not work. It may have been used already, or a newer one may have replaced it. Please \
             request a new link."
        }
        "TOKEN_EXPIRED" | "token_expired" => "This link has expired. Please request a new one.",
        "USER_NOT_FOUND" | "user_not_found" => "The account that this link belongs to no longer exists.",
        "UNAUTHORIZED" | "unauthorized" => {
            "This link belongs to another account than the one that is signed in. Please sign out and follow the link \
             again."
        }
        "access_denied" => "The sign-in was cancelled. You can go back and try again.",
        "state_mismatch" | "state_not_found" | "please_restart_the_process" => {
            "The sign-in was interrupted or took too long. Please start again."
        }
        "oauth_provider_not_found" => {
            "This way to sign in is not available. Please go back and choose another one."
        }
        "no_code"
        | "oAuth_code_missing"
        | "invalid_code"
        | "oauth_code_verification_failed"
        | "issuer_mismatch"
        | "issuer_missing"
        | "unable_to_get_user_info"
        | "user_info_is_missing"
        | "name_is_missing" => {
            "The other service did not confirm who you are. Please try again, or sign in in another way."
        }
        "email_not_found" | "email_is_missing" => {
            "The other service did not share an e-mail address of yours. Please start again and allow it, or sign in in \
             another way."
        }
        "account_not_linked" => {
            "There is already an account with your e-mail address. Please sign in as you did before."
        }
        "signup_disabled" => {
            "You do not have an account here yet, and this sign-in does not create one. Please go back and sign up first."
        }
        "unable_to_create_user" => {
            "Your account could not be created. Please go back and sign up in another way."
        }
        "unable_to_link_account" => "The account could not be connected. Please sign in and try again.",
        "email_doesn't_match" => {
            "The account that you chose has another e-mail address than you have here. Please choose another account."
        }
        "account_already_linked_to_different_user" => {
            "The account that you chose belongs to another user here. Please sign in with it, or choose another account."
        }
        "internal_server_error" => "The service could not finish this. Please try again in a few minutes.",
        _ => UNKNOWN,
    }
}

/// Whether the code is an error of a link in a message.
pub(crate) fn is_of_link(code: &str) -> bool {
    matches!(
        code.to_ascii_lowercase().as_str(),
        "invalid_token" | "token_expired" | "user_not_found" | "unauthorized"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_a_link_is_described_in_both_spellings() {
        for code in ["invalid_token", "token_expired", "user_not_found", "unauthorized"] {
            for code in [code.to_owned(), code.to_uppercase()] {
                assert!(is_of_link(&code), "{code}");
                assert_ne!(describe(&code), UNKNOWN, "{code}");
            }
        }
        assert!(!is_of_link("access_denied"));
        assert_eq!(describe("something_else"), UNKNOWN);
    }
    #[test]
    fn every_error_of_a_sign_in_with_a_provider_is_described() {
        for code in [
            "access_denied",
            "state_not_found",
            "please_restart_the_process",
            "state_mismatch",
            "no_code",
            "oAuth_code_missing",
            "oauth_provider_not_found",
            "issuer_mismatch",
            "issuer_missing",
            "invalid_code",
            "oauth_code_verification_failed",
            "unable_to_get_user_info",
            "user_info_is_missing",
            "email_not_found",
            "email_is_missing",
            "name_is_missing",
            "account_not_linked",
            "signup_disabled",
            "unable_to_create_user",
            "unable_to_link_account",
            "email_doesn't_match",
            "account_already_linked_to_different_user",
        ] {
            assert_ne!(describe(code), UNKNOWN, "{code}");
            assert!(!is_of_link(code), "{code}");
        }
    }
}
