//! Zoom: <https://developers.zoom.us/docs/integrations/oauth/>.

use portcullis_application::ports::AuthorizationRequest;
use portcullis_domain::social::UserInfo;
use serde_json::{Value, json};

use super::query::ordered;
use crate::{
    definition::{Context, Definition, Endpoints, Extra, ExtraKind},
    flow::AuthorizationParameters,
    options::ProviderOptions,
    profile::{member, user_info},
};

/// The order of the parameters in Better Auth.
const ORDER: &[&str] = &["response_type", "redirect_uri", "client_id", "state"];

pub(super) struct Zoom;

impl Definition for Zoom {
    fn id(&self) -> &'static str {
        "zoom"
    }

    fn name(&self) -> &'static str {
        "Zoom"
    }

    fn extras(&self) -> &'static [Extra] {
        &[Extra {
            name: "pkce",
            kind: ExtraKind::Boolean,
            is_required: false,
            doc: "`false`: do not use PKCE. Not set: use it.",
        }]
    }

    fn endpoints(&self, _options: &ProviderOptions) -> Endpoints {
        Endpoints {
            authorization: "https://zoom.us/oauth/authorize".to_owned(),
            token: "https://zoom.us/oauth/token".to_owned(),
            user_info: "https://api.zoom.us/v2/users/me".to_owned(),
            ..Endpoints::default()
        }
    }

    fn authorization(
        &self,
        context: Context<'_>,
        request: &AuthorizationRequest<'_>,
    ) -> AuthorizationParameters {
        let parameters = AuthorizationParameters::new(context, request, None);
        if context.options.flag("pkce", true) {
            parameters.with_pkce(request)
        } else {
            parameters
        }
    }

    fn authorization_url(&self, context: Context<'_>, request: &AuthorizationRequest<'_>) -> String {
        ordered(self.authorization(context, request).url(), ORDER)
    }

    fn user(&self, profile: Value) -> Option<UserInfo> {
        Some(user(profile))
    }
}

/// Returns the user of a profile. Zoom documents `verified` as the number 1 for a verified address.
fn user(profile: Value) -> UserInfo {
    let verified = member(&profile, "verified");
    let is_verified = verified.is_some_and(|value| value == json!(1) || value == json!(true));
    user_info(
        [
            ("id", member(&profile, "id")),
            ("name", member(&profile, "display_name")),
            ("image", member(&profile, "pic_url")),
            ("email", member(&profile, "email")),
            ("emailVerified", Some(json!(is_verified))),
        ],
        profile,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_profile() {
        let profile = json!({
            "id": "zJKyaiAyTNC-MWjiWC18KQ",
            "display_name": "Jill Chill",
            "email": "jchill@example.com",
            "verified": 1,
            "pic_url": "https://example.com/photo.jpg",
        });
        let info = user(profile.clone());
        assert_eq!(info.data, profile);
        assert_eq!(
            Value::from(info.user).to_string(),
            r#"{"id":"zJKyaiAyTNC-MWjiWC18KQ","name":"Jill Chill","image":"https://example.com/photo.jpg","email":"jchill@example.com","emailVerified":true}"#
        );
    }

    #[test]
    fn a_text_does_not_verify_an_address() {
        for verified in [json!(0), json!("1"), json!("true"), json!("false"), json!(null)] {
            let info = user(json!({ "id": "z", "verified": verified }));
            assert_eq!(
                Value::from(info.user),
                json!({ "id": "z", "emailVerified": false })
            );
        }
    }
}
