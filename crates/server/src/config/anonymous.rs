//! Guests.

use portcullis_application::anonymous::AnonymousOptions;
use portcullis_domain::{
    additional::{FieldDefinition, FieldSchema},
    anonymous::{self, AnonymousDomain},
};

use super::{
    declare::{boolean, text},
    key::{Declaration, Key},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.anonymous";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.anonymous.enabled",
    "Let users sign in as guests, without an address and a password.",
)
.otherwise("`true` if there is a section `[plugins.anonymous]`, even an empty one, but not if it only contains `schema`");
const DOMAIN: Key<Option<String>> = text(
    "plugins.anonymous.email_domain_name",
    "Domain of the e-mail addresses of guests, which are `temp-ID@DOMAIN`. Use one that belongs to you and receives no mail.",
)
.otherwise("a random domain for each guest: `temp@ID.com`, as in Better Auth");
const NAME: Key<String> = text(
    "plugins.anonymous.name",
    "Name of every guest. Better Auth has a function instead, `generateName`.",
)
.or("Anonymous");
const DISABLE_DELETION: Key<bool> = boolean(
    "plugins.anonymous.disable_delete_anonymous_user",
    "Keep guests when they sign in as another user, and reject `/delete-anonymous-user`.",
)
.or("false");
pub(super) const SCHEMA: Schema = Schema::new("plugins.anonymous.schema", &[], anonymous::user_fields);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &DOMAIN.declaration,
    &NAME.declaration,
    &DISABLE_DELETION.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the field that the plugin adds to users, if it is enabled.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        anonymous::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the options of guests, or `None` if there are none. `fields` are those of users.
pub(super) fn read(settings: &mut Settings, fields: &FieldSchema) -> Option<AnonymousOptions> {
    let options = AnonymousOptions {
        name: settings.get(&NAME),
        domain: domain(settings),
        are_deleted: !settings.get(&DISABLE_DELETION),
        fields: fields.clone(),
    };
    is_on(settings).then_some(options)
}

fn domain(settings: &mut Settings) -> Option<AnonymousDomain> {
    let text = settings.get(&DOMAIN)?;
    let domain = AnonymousDomain::parse(&text).ok();
    if domain.is_none() {
        settings.refuse(
            &DOMAIN,
            format!("`{DOMAIN}` is \"{text}\", with which e-mail addresses are not valid: use a domain such as `guests.example.com`"),
        );
    }
    domain
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    #[test]
    fn guests_are_off_without_a_section_and_are_deleted_by_default() {
        assert_eq!(load("", &[]).anonymous, None);
        let options = load("[plugins.anonymous]\n", &[]).anonymous.unwrap();
        assert_eq!((options.name.as_str(), options.domain), ("Anonymous", None));
        assert!(options.are_deleted);
    }

    #[test]
    fn a_domain_without_valid_addresses_is_rejected() {
        let problem = "portcullis.toml:1: `plugins.anonymous.email_domain_name` is \"localhost\", with which e-mail addresses are not valid: use a domain such as `guests.example.com`";
        let file = "plugins.anonymous.email_domain_name = \"localhost\"\n";
        assert_eq!(refused(file, &[]), [problem]);
    }
}
