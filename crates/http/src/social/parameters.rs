//! The parameters of a provider's answer.

use actix_web::HttpResponse;
use portcullis_application::social::Answer;
use portcullis_domain::secret::Secret;
use url::form_urlencoded::Serializer;

use crate::{
    answer,
    call::Call,
    error::ApiError,
    extract::body::{Text, Token, body},
};

body! {
    Parameters {
        code: Option<Token> = "code",
        error: Option<Text> = "error",
        device_id: Option<Text> = "device_id",
        error_description: Option<Text> = "error_description",
        state: Option<Text> = "state",
        user: Option<Text> = "user",
        // Better Auth checks the issuer of the answer (RFC 9207) only for generic providers.
        issuer: Option<Text> = "iss",
    }
}

impl From<Parameters> for Answer {
    fn from(sent: Parameters) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            state: given(sent.state),
            code: sent.code.filter(|code| !code.expose().is_empty()),
            error: given(sent.error),
            error_description: given(sent.error_description),
            issuer: given(sent.issuer),
            device_id: given(sent.device_id),
            user: given(sent.user),
            ..Self::default()
        }
    }
}

/// Redirects a browser that sends the answer as a form to the path, with the form's parameters in the query: the
/// browser sends its cookies with that request. Parameters that are already in the query take precedence.
pub(crate) fn redirect<F>(
    call: &Call<'_, F>,
    path: &str,
    form: Option<Parameters>,
    query: Parameters,
) -> Result<HttpResponse, ApiError> {
    let mut form = form.map(Parameters::texts).into_iter().flatten();
    let mut parameters = Serializer::new(String::new());
    for (name, in_query) in query.texts() {
        let sent = form.next().and_then(|(_name, value)| value);
        if let Some(value) = in_query.or(sent) {
            parameters.append_pair(name, value.expose());
        }
    }
    let base = call.options.routes_url();
    answer::redirect(&format!("{base}{path}?{}", parameters.finish()))
}

impl Parameters {
    /// Returns the parameters by their names, in the order in which Better Auth sends them.
    fn texts(self) -> [(&'static str, Option<Secret<String>>); 7] {
        [
            ("code", self.code),
            ("error", self.error.map(Secret::new)),
            ("device_id", self.device_id.map(Secret::new)),
            ("error_description", self.error_description.map(Secret::new)),
            ("state", self.state.map(Secret::new)),
            ("user", self.user.map(Secret::new)),
            ("iss", self.issuer.map(Secret::new)),
        ]
    }
}
