//! The enabled features of a deployment.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

/// The enabled features, each found by the type of what its routes call. The routes of a feature are mounted only if it
/// is enabled, so a handler never lacks its feature.
pub struct Features(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

/// The feature of the routes that every deployment has. They call only the services of the application.
pub(crate) struct Core;

impl Default for Features {
    /// No feature is enabled.
    fn default() -> Self {
        Self(HashMap::new()).with(Some(Core))
    }
}

impl Features {
    /// Adds a feature. `None`: the deployment has not enabled it.
    #[must_use]
    pub fn with<F: Send + Sync + 'static>(mut self, feature: Option<F>) -> Self {
        if let Some(feature) = feature {
            self.0.insert(TypeId::of::<F>(), Arc::new(feature));
        }
        self
    }

    /// Returns a feature, or `None` if it is disabled.
    #[must_use]
    pub fn get<F: Send + Sync + 'static>(&self) -> Option<Arc<F>> {
        let feature = self.0.get(&TypeId::of::<F>())?;
        Arc::clone(feature).downcast().ok()
    }
}
