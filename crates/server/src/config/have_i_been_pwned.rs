//! Passwords that attackers know.

use std::time::Duration;

use portcullis_application::{
    have_i_been_pwned::{HaveIBeenPwnedOptions, OnOutage},
    seams::PasswordSource,
};
use portcullis_outbound::{ClientOptions, DEFAULT_RANGE_URL};

use super::{
    declare::{SECONDS, boolean, choice, list, number, text},
    key::{Declaration, Key, Range},
    outbound,
    settings::Settings,
};

const SECTION: &str = "plugins.have_i_been_pwned";
const ALLOW: &str = "allow";
const REJECT: &str = "reject";
/// The routes that give a user a new password.
const PATHS_OF_SOURCES: [(&str, PasswordSource); 7] = [
    ("/sign-up/email", PasswordSource::SignUp),
    ("/change-password", PasswordSource::Change),
    ("/reset-password", PasswordSource::Reset),
    ("/email-otp/reset-password", PasswordSource::ResetByEmailCode),
    ("/phone-number/reset-password", PasswordSource::ResetByPhoneCode),
    ("/admin/create-user", PasswordSource::CreatedByAdministrator),
    ("/admin/set-user-password", PasswordSource::SetByAdministrator),
];

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.have_i_been_pwned.enabled",
    "Refuse new passwords that are in the list of Have I Been Pwned; see [compromised passwords](have-i-been-pwned.md).",
)
.otherwise("`true` if there is a section `[plugins.have_i_been_pwned]`, even an empty one");
const MESSAGE: Key<Option<String>> = text(
    "plugins.have_i_been_pwned.custom_password_compromised_message",
    "Message of the error `PASSWORD_COMPROMISED`.",
)
.otherwise("`The password you entered has been compromised. Please choose a different password.`");
const PATHS: Key<Vec<String>> = list(
    "plugins.have_i_been_pwned.paths",
    "Paths of the routes whose new passwords are checked. Also possible are `/admin/create-user` and `/admin/set-user-password`.",
)
.or("/sign-up/email,/change-password,/reset-password,/email-otp/reset-password,/phone-number/reset-password");
const ON_OUTAGE: Key<String> = choice(
    "plugins.have_i_been_pwned.on_outage",
    &[REJECT, ALLOW],
    "What happens to a new password if the list cannot be read: `reject` returns 500, `allow` accepts the password unchecked.",
)
.or(REJECT);
const TIMEOUT: Key<Duration> = number(
    "plugins.have_i_been_pwned.timeout",
    Range::new(1, 10, SECONDS),
    "How long the list may take to answer. A request whose password is checked may take this much longer than `limits.request_timeout`.",
)
.or("3");
const RANGE_URL: Key<Option<String>> = text(
    "plugins.have_i_been_pwned.range_url",
    "URL of the list or of a mirror. The first five hexadecimal digits of a password's hash are appended to it.",
)
.otherwise("`https://api.pwnedpasswords.com/range/`");
const ALLOWED_HOSTS: Key<Vec<String>> = list(
    "plugins.have_i_been_pwned.allowed_hosts",
    "Hosts that may have private addresses and may be reached by http, for `range_url`.",
)
.or("");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &MESSAGE.declaration,
    &PATHS.declaration,
    &ON_OUTAGE.declaration,
    &TIMEOUT.declaration,
    &RANGE_URL.declaration,
    &ALLOWED_HOSTS.declaration,
];

/// Options of the check of new passwords.
#[derive(Clone, Debug)]
pub struct HaveIBeenPwnedConfig {
    /// Which passwords are checked, and what happens to them.
    pub options: HaveIBeenPwnedOptions,
    /// The URL of the list, before the digits of a hash.
    pub range_url: String,
    /// The client of requests to the list.
    pub client: ClientOptions,
}

/// Returns the options, or `None` if new passwords are not checked.
pub(super) fn read(settings: &mut Settings) -> Option<HaveIBeenPwnedConfig> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let client = ClientOptions {
        timeout: settings.get(&TIMEOUT),
        allowed_hosts: outbound::allowed_hosts(settings, &ALLOWED_HOSTS),
    };
    outbound::check_url(settings, &RANGE_URL, &client);
    let options = HaveIBeenPwnedOptions {
        sources: sources(settings),
        message: settings.get(&MESSAGE),
        on_outage: match settings.get(&ON_OUTAGE).as_str() {
            ALLOW => OnOutage::Allow,
            _ => OnOutage::Reject,
        },
    };
    let range_url = settings.get(&RANGE_URL);
    let range_url = range_url.unwrap_or_else(|| DEFAULT_RANGE_URL.to_owned());
    is_on.then_some(HaveIBeenPwnedConfig {
        options,
        range_url: format!("{}/", range_url.trim_end_matches('/')),
        client,
    })
}

/// Returns how long a request may wait for the list.
pub(super) fn time(pwned: Option<&HaveIBeenPwnedConfig>) -> Duration {
    pwned.map_or(Duration::ZERO, |pwned| pwned.client.timeout)
}

fn sources(settings: &mut Settings) -> Vec<PasswordSource> {
    let mut sources = Vec::new();
    for path in settings.get(&PATHS) {
        let mut known = PATHS_OF_SOURCES.iter();
        match known.find(|(known, _)| *known == path) {
            Some((_, source)) => sources.push(*source),
            None => settings.refuse(&PATHS, unknown(&path)),
        }
    }
    sources
}

fn unknown(path: &str) -> String {
    let known = PATHS_OF_SOURCES.map(|(known, _)| format!("\"{known}\""));
    let known = known.join(", ");
    format!("`{PATHS}`: no route with the path \"{path}\" sets a password; choose from {known}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    const SECTION: &str = "[plugins.have_i_been_pwned]\n";

    #[test]
    fn every_password_that_a_user_chooses_is_checked() {
        assert!(load("", &[]).have_i_been_pwned.is_none());
        let config = load(SECTION, &[]).have_i_been_pwned.unwrap();
        let of_users = PATHS_OF_SOURCES
            .iter()
            .filter(|(path, _)| !path.starts_with("/admin/"));
        let of_users: Vec<_> = of_users.map(|(_, source)| *source).collect();
        assert_eq!(config.options.sources, of_users);
        assert_eq!(config.options.on_outage, OnOutage::Reject);
        assert_eq!(config.range_url, DEFAULT_RANGE_URL);
    }

    #[test]
    fn a_path_that_sets_no_password_is_refused() {
        let problems = refused(&format!("{SECTION}paths = [\"/sign-in/email\"]"), &[]);
        assert!(
            problems[0].starts_with("portcullis.toml:2: `plugins.have_i_been_pwned.paths`: no route with the path \"/sign-in/email\" sets a password; choose from \"/sign-up/email\", "),
            "{problems:?}"
        );
    }

    #[test]
    fn the_digits_follow_the_url_of_a_mirror() {
        let url = |url: &str| {
            let file = format!("{SECTION}range_url = \"{url}\"");
            load(&file, &[]).have_i_been_pwned.unwrap().range_url
        };
        assert_eq!(
            url("https://mirror.example/range"),
            "https://mirror.example/range/"
        );
        assert_eq!(
            url("https://mirror.example/range/"),
            "https://mirror.example/range/"
        );
        let problems = refused(&format!("{SECTION}range_url = \"http://10.0.0.1/range/\""), &[]);
        assert!(problems[0].contains("starts with http://"), "{problems:?}");
        let problems = refused(
            &format!("{SECTION}range_url = \"https://u:hidden@mirror.example/\""),
            &[],
        );
        assert!(
            problems[0].contains("a user name or password") && !problems[0].contains("hidden"),
            "{problems:?}"
        );
    }
}
