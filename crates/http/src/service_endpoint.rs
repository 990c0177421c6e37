//! Endpoints for services of the deployment, which authenticate themselves.

use std::sync::Arc;

use crate::{
    call::Call,
    client_authentication::{self, AdministratorService, FormCredentials, ServiceCaller},
    endpoint::{Access, Answering, Endpoint, Entry, accepted, input_of},
    error::ApiError,
    extract::body::{Input, Schema},
    features::{Core, Features},
};

/// An endpoint for services of the deployment, which send forms. The handler receives the service.
pub(crate) struct ForServices<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, ServiceCaller, I) -> Answering<'a>,
);

/// An endpoint for services of the deployment, which send JSON. The handler receives the service.
pub(crate) struct ForServicesInJson<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, ServiceCaller, I) -> Answering<'a>,
);

/// An endpoint for services of the deployment that are administrators, and send JSON. The handler receives the service.
/// Such services authenticate themselves at private listeners too.
pub(crate) struct ForAdministrators<I, F = Core>(
    pub(crate) for<'a> fn(Call<'a, F>, AdministratorService, I) -> Answering<'a>,
);

/// Implements [`Endpoint`] for handlers that receive a service: the type, who is accepted, and how the service is
/// found. A service is authenticated before its input is validated, so that others learn nothing from issues. Only a
/// body that cannot be read, is too large, or repeats a member is rejected earlier.
macro_rules! for_services {
    ($($name:ident, $access:expr, $find:path;)+) => {$(
        impl<I: Input, F: Send + Sync + 'static> Endpoint for $name<I, F> {
            fn access(&self) -> Access {
                $access
            }

            fn looks_up_caller(&self) -> bool {
                false
            }

            input_of!(I);

            fn mount(&self, features: &Features) -> Option<Entry> {
                let (handler, feature) = (self.0, features.get::<F>()?);
                Some(Box::new(move |raw, limits| {
                    let credentials = FormCredentials::of(raw.body.as_ref());
                    let (input, feature) = (I::read(raw, limits), Arc::clone(&feature));
                    Ok(accepted(move |call| {
                        Box::pin(async move {
                            let by = $find(&call, credentials)?;
                            let answering = async { handler(call.of(feature), by, input?).await };
                            answering.await.map_err(ApiError::of_authenticated_service)
                        })
                    }))
                }))
            }
        }
    )+};
}

for_services! {
    ForServices, Access::Service, client_authentication::require;
    ForServicesInJson, Access::Service, client_authentication::require_by_header;
    ForAdministrators, Access::Administrator, client_authentication::require_administrator;
}
