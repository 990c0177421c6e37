//! Google One Tap.

use super::{
    declare::{boolean, list},
    key::{Declaration, Key},
    settings::Settings,
    social_providers::SocialProvider,
};

const SECTION: &str = "plugins.one_tap";
const GOOGLE: &str = "google";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.one_tap.enabled",
    "Let users sign in with the prompt that Google shows on pages of an application.",
)
.otherwise("`true` if there is a section `[plugins.one_tap]`, even an empty one");
const CLIENT_ID: Key<Option<Vec<String>>> = list(
    "plugins.one_tap.client_id",
    "Client id for which Google issues the id tokens. There may be several.",
)
.otherwise("`social_providers.google.client_id`");
const DISABLE_SIGN_UP: Key<bool> = boolean(
    "plugins.one_tap.disable_signup",
    "Reject sign-ins of users who have no account.",
)
.or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &CLIENT_ID.declaration,
    &DISABLE_SIGN_UP.declaration,
];

/// Options of Google One Tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTapOptions {
    /// The client ids for which id tokens may be issued.
    pub client_ids: Vec<String>,
    /// No sign-in creates a user.
    pub disable_sign_up: bool,
}

/// Returns the options, or `None` if Google One Tap is disabled.
pub(super) fn read(settings: &mut Settings, providers: &[SocialProvider]) -> Option<OneTapOptions> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let google = providers
        .iter()
        .find(|provider| provider.definition.id() == GOOGLE);
    let of_google = || google.map(|google| google.options.client_ids.clone());
    let own = settings.get(&CLIENT_ID);
    let client_ids = own.or_else(of_google).unwrap_or_default();
    let disable_sign_up = settings.get(&DISABLE_SIGN_UP);
    if is_on && client_ids.is_empty() && google.is_none() && !settings.is_unreadable(&CLIENT_ID) {
        let key = settings.first_given(&CLIENT_ID, &[&ENABLED]);
        settings.refuse(
            key,
            format!("`{CLIENT_ID}` is required: set it, or `social_providers.google.client_id`, to the client id that Google issued"),
        );
    }
    is_on.then_some(OneTapOptions {
        client_ids,
        disable_sign_up,
    })
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    const GOOGLE_SECTION: &str =
        "[social_providers.google]\nclient_id = [\"a\", \"b\"]\nclient_secret = \"s\"\n";

    #[test]
    fn one_tap_has_its_own_client_id_or_those_of_google() {
        assert_eq!(load(GOOGLE_SECTION, &[]).one_tap, None);
        let one_tap = |file: &str| load(file, &[]).one_tap.unwrap();
        let of_google = one_tap(&format!("{GOOGLE_SECTION}[plugins.one_tap]\n"));
        assert_eq!(of_google.client_ids, ["a", "b"]);
        assert!(!of_google.disable_sign_up);
        let own = one_tap("[plugins.one_tap]\nclient_id = \"own\"\ndisable_signup = true\n");
        assert_eq!(
            (own.client_ids, own.disable_sign_up),
            (vec!["own".to_owned()], true)
        );
    }

    #[test]
    fn one_tap_needs_a_client_id() {
        let problem = "`plugins.one_tap.client_id` is required: set it, or `social_providers.google.client_id`, to the client id that Google issued";
        assert_eq!(refused("[plugins.one_tap]\n", &[]), [problem]);
        assert_eq!(
            refused("plugins.one_tap.client_id = []\n", &[]),
            [format!("portcullis.toml:1: {problem}")]
        );
        assert_eq!(
            refused("plugins.one_tap.client_id = 5\n", &[]),
            ["portcullis.toml:1: `plugins.one_tap.client_id` must be a list of texts, but is an integer"]
        );
    }
}
