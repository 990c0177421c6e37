//! Discord: <https://discord.com/developers/docs/topics/oauth2>.

use portcullis_application::ports::{AuthorizationRequest, CodeExchange};
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use super::query::{encoded, encoded_scopes, with_encoded};
use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::{AuthorizationParameters, TokenRequest},
    options::ProviderOptions,
    profile::{member, text, truthy, user_info},
};

const SCOPES: &[&str] = &["identify", "email"];
const PERMISSIONS: &str = "permissions";
const IMAGES: &str = "https://cdn.discordapp.com";

pub(super) struct Discord;

impl Definition for Discord {
    fn id(&self) -> &'static str {
        "discord"
    }

    fn name(&self) -> &'static str {
        "Discord"
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://discord.com/api/oauth2/authorize".to_owned(),
            token: "https://discord.com/api/oauth2/token".to_owned(),
            user_info: "https://discord.com/api/users/@me".to_owned(),
            ..Endpoints::default()
        }
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: PERMISSIONS,
            kind: ExtraKind::Text,
            is_required: false,
            doc: "Request these permissions for the bot, as Discord's number, if the scope `bot` is requested.",
        }]
    }

    /// The client's scopes precede those of the options.
    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let options = context.options;
        let defaults = SCOPES.iter().filter(|_| !options.disable_default_scope);
        let scopes = defaults
            .map(|scope| (*scope).to_owned())
            .chain(request.scopes.unwrap_or_default().iter().cloned())
            .chain(options.scopes.iter().cloned());
        let prompt = options.prompt.as_deref().filter(|prompt| !prompt.is_empty());
        AuthorizationParameters {
            prompt: Some(prompt.unwrap_or("none").to_owned()),
            ..AuthorizationParameters::new(context, request, Some(scopes.collect()))
        }
    }

    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        let parameters = self.authorization(context, request);
        let scopes = parameters.scopes.unwrap_or_default();
        let permissions = context.options.extra(PERMISSIONS);
        let permissions = permissions.filter(|_| scopes.iter().any(|scope| scope == "bot"));
        let mut query = vec![
            ("scope", encoded_scopes(&scopes, "+")),
            ("response_type", parameters.response_type.to_owned()),
            ("client_id", encoded(&parameters.client_id)),
            ("redirect_uri", encoded(&parameters.redirect_uri)),
            ("state", encoded(&parameters.state)),
            ("prompt", encoded(&parameters.prompt.unwrap_or_default())),
        ];
        query.extend(permissions.map(|number| (PERMISSIONS, encoded(number))));
        with_encoded(&parameters.endpoint, &query)
    }

    fn token_request(&self, context: Context<'_>, exchange: &CodeExchange<'_>) -> TokenRequest {
        TokenRequest::exchange(context, exchange).without("code_verifier")
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

fn user(mut profile: Value) -> UserInfo {
    let image = json!(image(&profile));
    if let Some(members) = profile.as_object_mut() {
        members.insert("image_url".to_owned(), image);
    }
    let name = truthy(&profile, "global_name").or_else(|| truthy(&profile, "username"));
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", name.or_else(|| Some(json!("")))),
            ("email", member(&profile, "email")),
            ("emailVerified", member(&profile, "verified")),
            ("image", member(&profile, "image_url")),
        ],
        profile,
    )
}

/// Returns the URL of the user's picture, or of the one that Discord shows for users without a picture.
fn image(profile: &Value) -> String {
    let id = text(profile, "id").unwrap_or_default();
    if let Some(avatar) = text(profile, "avatar") {
        let format = if avatar.starts_with("a_") { "gif" } else { "png" };
        return format!("{IMAGES}/avatars/{id}/{avatar}.{format}");
    }
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    let default = match text(profile, "discriminator").as_deref() {
        Some("0") | None => (number(&id) >> 22) % 6,
        Some(discriminator) => number(discriminator) % 5,
    };
    format!("{IMAGES}/embed/avatars/{default}.png")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Value {
        json!({
            "id": "80351110224678912",
            "username": "nelly",
            "discriminator": "1337",
            "avatar": "8342729096ea3675442027381ff50dfe",
            "verified": true,
            "email": "nelly@example.com",
            "flags": 64,
            "premium_type": 1,
            "global_name": null,
        })
    }

    #[test]
    fn the_picture_is_computed_and_is_part_of_the_profile() {
        let info = user(profile());
        let image =
            "https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png";
        let expected = json!({
            "id": "80351110224678912",
            "name": "nelly",
            "email": "nelly@example.com",
            "emailVerified": true,
            "image": image,
        });
        assert_eq!(Value::from(info.user), expected);
        let mut data = profile();
        data["image_url"] = json!(image);
        assert_eq!(info.data, data);
    }

    #[test]
    fn a_user_without_a_picture_has_a_default_one() {
        for (avatar, discriminator, path) in [
            (json!("a_83"), "0", "avatars/80351110224678912/a_83.gif"),
            (json!(null), "1337", "embed/avatars/2.png"),
            (json!(null), "0", "embed/avatars/5.png"),
        ] {
            let mut profile = profile();
            profile["avatar"] = avatar;
            profile["discriminator"] = json!(discriminator);
            assert_eq!(image(&profile), format!("{IMAGES}/{path}"));
        }
    }
}
