//! Answers of providers.

use std::sync::Arc;

use portcullis_domain::{
    account::Account,
    secret::Secret,
    social::{AuthorizationState, Profile},
};
use serde_json::Value;

use super::{
    CallbackError, IdentityError, Social,
    identity::{Found, Identified},
    link::Linking,
    profile::{profile, report},
    state::PresentedState,
};
use crate::{
    client_token::ClientEffects,
    context::RequestContext,
    ports::{CodeExchange, IdentityProvider, IssuerCheck, ProviderTokens},
    sign_in::completion::Outcome,
};

/// The parameters with which a provider sends the user back. Empty texts are `None`.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The provider's id, from the path.
    pub provider: String,
    /// The path below the base path at which the answer arrived.
    pub path: String,
    /// `state`.
    pub state: Option<String>,
    /// `code`.
    pub code: Option<Secret<String>>,
    /// `error`.
    pub error: Option<String>,
    /// `error_description`.
    pub error_description: Option<String>,
    /// `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// `device_id`.
    pub device_id: Option<String>,
    /// `user`: JSON text.
    pub user: Option<String>,
    /// Whether the deployment describes the provider itself. Users of such a provider must have an address and a name, and
    /// may link their account without a proof of its address, as in Better Auth.
    pub is_generic: bool,
}

/// The result of a request to a provider.
#[derive(Debug)]
pub struct Finished {
    /// The URL to which the user returns.
    pub url: String,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
    /// The changes to the data that the browser stores if the client is the application to which the user returns: the
    /// browser then only passes `effects` on. `None`: the browser is the client.
    pub browser_effects: Option<ClientEffects>,
    /// Whether the user must take a second step to be signed in.
    pub is_challenged: bool,
    /// The account with which the user was signed in. `None`: an account was linked.
    pub account: Option<Box<Account>>,
}

/// A request to a provider that failed.
#[derive(Debug)]
pub struct CallbackFailure {
    /// The reason.
    pub error: CallbackError,
    /// The URL that the client chose for errors. `None`: it chose none, or the request is not known.
    pub error_url: Option<String>,
    /// The changes to the data that the client stores.
    pub effects: Option<ClientEffects>,
}

impl Social {
    /// Receives a provider's answer: signs the user in or links the account.
    ///
    /// # Errors
    ///
    /// [`CallbackFailure`] with the reason, and with the URL to which the user returns. The state is consumed unless it is
    /// unknown or belongs to another client.
    pub async fn finish(
        &self,
        answer: Answer,
        context: &RequestContext,
    ) -> Result<Finished, CallbackFailure> {
        let PresentedState {
            state,
            effects,
            is_for_application,
        } = match self.state(&answer, context).await {
            Ok(taken) => taken,
            Err(error) => {
                return Err(CallbackFailure {
                    error,
                    error_url: None,
                    effects: None,
                });
            }
        };
        let application = is_for_application.then(|| context.of_application());
        let context = application.as_ref().unwrap_or(context);
        match self.complete(&answer, &state, context).await {
            Ok(mut finished) => {
                finished.browser_effects = is_for_application.then(|| effects.clone());
                finished.effects.tokens.splice(0..0, effects.tokens);
                Ok(finished)
            }
            Err(error) => Err(CallbackFailure {
                error,
                error_url: state.error_url,
                effects: Some(effects),
            }),
        }
    }

    async fn state(
        &self,
        answer: &Answer,
        context: &RequestContext,
    ) -> Result<PresentedState, CallbackError> {
        let value = answer.state.as_deref().ok_or(CallbackError::NoState)?;
        self.states.take(value, context, self.clock.now()).await
    }

    async fn complete(
        &self,
        answer: &Answer,
        state: &AuthorizationState,
        context: &RequestContext,
    ) -> Result<Finished, CallbackError> {
        // Mix-up: the answer of one provider must not be taken for that of another one (RFC 9700, 4.4).
        match &state.provider {
            Some(provider) if *provider == answer.provider => {}
            None if self.options.accepts_foreign_states => {}
            _ => return Err(CallbackError::StateMismatch),
        }
        if let Some(error) = &answer.error {
            return Err(CallbackError::Provider {
                error: error.clone(),
                description: answer.error_description.clone(),
            });
        }
        let code = answer.code.as_ref().ok_or(CallbackError::NoCode)?;
        let provider = self.provider(&answer.provider);
        let provider = provider.filter(|provider| provider.policy().callback_path == answer.path);
        let provider = provider.ok_or(CallbackError::UnknownProvider)?;
        let check = provider.issuer_check().await.map_err(|error| {
            report(
                provider.as_ref(),
                &error,
                "could not read the metadata of a provider",
            );
            CallbackError::InvalidCode
        })?;
        check_issuer(&check, answer.issuer.as_deref())?;
        let tokens = self.exchange(provider, answer, code, state).await?;
        let profile = profile(provider, &tokens)
            .await
            .ok_or(CallbackError::NoUserInfo)?;
        if answer.is_generic {
            check_whole(&profile)?;
        }
        match &state.link {
            Some(target) => {
                let linking = Linking {
                    provider: provider.id(),
                    profile: &profile,
                    tokens: self.tokens.write(&tokens),
                    target,
                    needs_proof: !answer.is_generic,
                };
                self.link(&linking).await?;
                Ok(Finished::linked(state))
            }
            None => {
                self.signed_in((provider, state), (&profile, &tokens), context)
                    .await
            }
        }
    }

    async fn exchange(
        &self,
        provider: &Arc<dyn IdentityProvider>,
        answer: &Answer,
        code: &Secret<String>,
        state: &AuthorizationState,
    ) -> Result<ProviderTokens, CallbackError> {
        let user: Option<Value> = answer
            .user
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        let exchange = CodeExchange {
            code,
            code_verifier: &state.code_verifier,
            redirect_uri: &self.redirect_uri(provider.as_ref()),
            device_id: answer.device_id.as_deref(),
            user: user.as_ref(),
        };
        let tokens = provider.exchange(&exchange).await;
        tokens.map_err(|error| {
            report(
                provider.as_ref(),
                &error,
                "could not exchange the code of a provider",
            );
            CallbackError::InvalidCode
        })
    }

    async fn signed_in(
        &self,
        (provider, state): (&Arc<dyn IdentityProvider>, &AuthorizationState),
        (profile, tokens): (&Profile, &ProviderTokens),
        context: &RequestContext,
    ) -> Result<Finished, CallbackError> {
        let email = profile.email.as_ref().ok_or(CallbackError::NoEmail)?;
        let policy = provider.policy();
        let is_requested = state.request_sign_up.unwrap_or(false);
        let who = Identified {
            provider: provider.id(),
            is_redirect: true,
            profile,
            email,
            tokens: self.tokens.write(tokens),
            link_tokens: None,
            may_sign_up: !policy.disable_sign_up && (!policy.disable_implicit_sign_up || is_requested),
            overrides_user: policy.override_user_info,
            callback: Some(&state.callback_url),
        };
        let mut signed_in = self.sign_in(&who, context).await?;
        self.store_account(&mut signed_in);
        let new_user_url = state
            .new_user_url
            .as_ref()
            .filter(|url| signed_in.found == Found::Created && !url.is_empty());
        let url = new_user_url.unwrap_or(&state.callback_url).clone();
        let (effects, is_challenged) = match signed_in.outcome {
            Outcome::Completed(completed) => (completed.effects, false),
            Outcome::Challenged(challenge) => (challenge.effects, true),
            Outcome::Refused(refusal) => return Err(IdentityError::Refused(refusal).into()),
        };
        Ok(Finished {
            url,
            effects,
            browser_effects: None,
            is_challenged,
            account: Some(Box::new(signed_in.account)),
        })
    }
}

impl Finished {
    fn linked(state: &AuthorizationState) -> Self {
        Self {
            url: state.callback_url.clone(),
            effects: crate::client_token::SessionEffect::Unchanged.into(),
            browser_effects: None,
            is_challenged: false,
            account: None,
        }
    }
}

/// Checks that the user has an address and a name.
fn check_whole(profile: &Profile) -> Result<(), CallbackError> {
    profile.email.as_ref().ok_or(CallbackError::NoEmail)?;
    profile.name.as_ref().ok_or(CallbackError::NoName)?;
    Ok(())
}

/// Checks the issuer of the answer (RFC 9207, 2.4).
fn check_issuer(check: &IssuerCheck, issuer: Option<&str>) -> Result<(), CallbackError> {
    match (check, issuer) {
        (IssuerCheck::IfPresent(expected) | IssuerCheck::Required(expected), Some(issuer))
            if issuer != expected =>
        {
            Err(CallbackError::IssuerMismatch)
        }
        (IssuerCheck::Required(_), None) => Err(CallbackError::IssuerMissing),
        _ => Ok(()),
    }
}
