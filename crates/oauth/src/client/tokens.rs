//! Requests for tokens.

use std::iter;

use portcullis_application::ports::{ProviderError, ProviderTokens};
use portcullis_domain::additional::is_truthy;
use serde_json::Value;

use super::{Client, error::rejection};
use crate::flow::TokenRequest;

const JSON: &str = "application/json";

impl Client {
    /// Sends a token request and reads its answer by `request.answer`. An answer with a member `error` is a rejection,
    /// also if its status is 200, as that of GitHub.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`].
    pub async fn tokens(&self, request: &TokenRequest) -> Result<ProviderTokens, ProviderError> {
        let form = request.form.iter();
        let form: Vec<_> = form
            .map(|(name, value)| (*name, value.expose().as_str()))
            .collect();
        let headers = request.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, value)| (*name, value.expose().as_str()))
            .collect();
        let answer = self.post_token_form(&request.endpoint, &form, &headers).await?;
        if answer.get("error").is_some_and(is_truthy) {
            return Err(rejection(200, "OK".to_owned(), &answer));
        }
        Ok(request.answer.read(answer, self.now()))
    }

    /// Posts a form to a token endpoint and returns the answer. It is asked for JSON: some providers answer with a form
    /// otherwise.
    ///
    /// # Errors
    ///
    /// As [`Self::get_json`], and if the answer is `null`.
    pub(crate) async fn post_token_form(
        &self,
        url: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Result<Value, ProviderError> {
        let headers: Vec<_> = iter::once(&("accept", JSON)).chain(headers).copied().collect();
        let answer = self.post_form(url, form, &headers).await?;
        if answer.is_null() {
            return Err(ProviderError::Unusable("it is empty"));
        }
        Ok(answer)
    }
}
