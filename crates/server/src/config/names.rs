//! Unknown names: why they are refused, and which key was probably meant.

use super::{
    keys::{keys, variable},
    unsupported::{UNSUPPORTED, Unsupported},
};

/// Minimum similarity at which a known name is suggested.
const LIKENESS: f64 = 0.6;

/// How a name was written. A suggestion is written in the same way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `section.key`
    File,
    /// `PORTCULLIS_SECTION__KEY`
    Variable,
}

impl Spelling {
    fn write(self, name: &str) -> String {
        match self {
            Self::File => name.to_owned(),
            Self::Variable => variable(name),
        }
    }
}

/// Returns why `name`, which is not a key, is refused. `shown` is its original spelling.
pub(super) fn refusal(name: &str, shown: &str, spelling: Spelling) -> String {
    let ours = snake_case(name);
    if let Some(unbuilt) = Unsupported::find(&ours) {
        return format!("`{shown}` {}", unbuilt.reason());
    }
    if ours != name && is_key_or_section(&ours) {
        return format!(
            "unknown key `{shown}`: it is spelled `{}` here",
            spelling.write(&ours)
        );
    }
    match nearest(&ours) {
        Some(near) => format!("unknown key `{shown}`: did you mean `{}`?", spelling.write(near)),
        None => format!("unknown key `{shown}`"),
    }
}

fn is_key_or_section(name: &str) -> bool {
    keys().any(|key| {
        key.name
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Returns the most similar known name, if one is similar enough. A key with the same last word in another section
/// counts as nearly as similar as one with a wrong letter. A refused option is not suggested because of its last word
/// only.
fn nearest(name: &str) -> Option<&'static str> {
    let likeness = strsim::normalized_damerau_levenshtein;
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let to_key = |key: &str| likeness(name, key).max(0.95 * likeness(&last(name), &last(key)));
    let to_keys = keys().map(|key| (to_key(key.name), key.name));
    let to_refused = UNSUPPORTED
        .iter()
        .map(|option| (likeness(name, option.name), option.name));
    to_keys
        .chain(to_refused)
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}

/// Converts Better Auth's spelling to ours: `emailAndPassword.disableCSRFCheck` is
/// `email_and_password.disable_csrf_check`.
pub(super) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.replace("OAuth", "Oauth").chars().collect();
    let mut snake = String::with_capacity(name.len() + 8);
    let mut before = '.';
    for (place, letter) in letters.iter().enumerate() {
        let ends_acronym =
            before.is_ascii_uppercase() && letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        let begins_word = before.is_ascii_lowercase() || before.is_ascii_digit() || ends_acronym;
        if letter.is_ascii_uppercase() && begins_word {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = *letter;
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_of_better_auth_is_converted() {
        for (theirs, ours) in [
            (
                "emailAndPassword.minPasswordLength",
                "email_and_password.min_password_length",
            ),
            ("baseURL", "base_url"),
            ("advanced.disableCSRFCheck", "advanced.disable_csrf_check"),
            ("onAPIError.errorURL", "on_api_error.error_url"),
            ("account.encryptOAuthTokens", "account.encrypt_oauth_tokens"),
            ("session.expires_in", "session.expires_in"),
        ] {
            assert_eq!(snake_case(theirs), ours);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_a_suggestion() {
        for (name, expected) in [
            (
                "emailAndPassword",
                "unknown key `emailAndPassword`: it is spelled `email_and_password` here",
            ),
            (
                "session.expiresIn",
                "unknown key `session.expiresIn`: it is spelled `session.expires_in` here",
            ),
            (
                "session.expire_in",
                "unknown key `session.expire_in`: did you mean `session.expires_in`?",
            ),
            (
                "min_password_length",
                "unknown key `min_password_length`: did you mean `email_and_password.min_password_length`?",
            ),
            (
                "socialProviders.github.clientId",
                "`socialProviders.github.clientId` is not supported yet",
            ),
            (
                "logger.level",
                "`logger.level` is not supported: use `log.level` and `log.format`",
            ),
            ("wibble.wobble", "unknown key `wibble.wobble`"),
        ] {
            assert_eq!(refusal(name, name, Spelling::File), expected);
        }
    }

    #[test]
    fn the_suggestion_for_a_variable_is_a_variable() {
        for written in ["PORTCULLIS_DATABASE__POOL_SISE", "PORTCULLIS_database__pool_sise"] {
            assert_eq!(
                refusal("database.pool_sise", written, Spelling::Variable),
                format!("unknown key `{written}`: did you mean `PORTCULLIS_DATABASE__POOL_SIZE`?")
            );
        }
    }
}
