//! What clients may set of phone numbers.

use async_trait::async_trait;
use portcullis_domain::{destination::PhoneNumber, phone_number::PHONE_NUMBER};
use serde_json::{Map, Value};

use super::NumberFormat;
use crate::{
    ports::{Failure, Repositories},
    seams::{Decision, UserInput, UserOperation},
};

/// The names of the refusals, which are those of error codes.
mod refusal_names {
    /// The text is not a phone number in the accepted format.
    pub(super) const INVALID: &str = "INVALID_PHONE_NUMBER";
    /// The number is changed only by a code.
    pub(super) const NOT_UPDATED: &str = "PHONE_NUMBER_CANNOT_BE_UPDATED";
}

/// Refuses phone numbers that clients must prove first.
pub struct PhoneNumberInput {
    /// Which numbers are accepted.
    pub format: NumberFormat,
    /// Whether clients may claim a number, without proof, when they sign up.
    pub accepts_at_sign_up: bool,
}

#[async_trait]
impl UserInput for PhoneNumberInput {
    /// An update with a number is refused, whatever its value. A new user may claim a number. An empty text is that of a form
    /// in which no number was entered.
    async fn prepare(
        &self,
        _db: &mut dyn Repositories,
        input: &mut Map<String, Value>,
        operation: UserOperation,
    ) -> Result<Decision, Failure> {
        let is_left_out = |number: &Value| operation == UserOperation::Create && number == "";
        if input.get(PHONE_NUMBER).is_some_and(is_left_out) {
            input.remove(PHONE_NUMBER);
        }
        let Some(number) = input.get(PHONE_NUMBER) else {
            return Ok(Decision::Allowed);
        };
        if operation == UserOperation::Update || !self.accepts_at_sign_up && !number.is_null() {
            return Ok(Decision::Refused(refusal_names::NOT_UPDATED.into()));
        }
        let is_invalid = |text| !self.format.accepts(&PhoneNumber::new(text));
        if number.as_str().is_some_and(is_invalid) {
            return Ok(Decision::Refused(refusal_names::INVALID.into()));
        }
        Ok(Decision::Allowed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::FakeUnitOfWork;

    async fn refusal(input: PhoneNumberInput, body: Value, operation: UserOperation) -> Option<&'static str> {
        let Value::Object(mut body) = body else {
            panic!("a body is an object");
        };
        let mut unit = FakeUnitOfWork::default();
        match input.prepare(&mut unit, &mut body, operation).await.unwrap() {
            Decision::Allowed => None,
            Decision::Refused(refusal) => Some(refusal.name),
        }
    }

    const fn any() -> PhoneNumberInput {
        PhoneNumberInput {
            format: NumberFormat::Any,
            accepts_at_sign_up: true,
        }
    }

    #[tokio::test]
    async fn a_client_never_changes_the_number_without_a_code() {
        for number in [json!("+12"), json!(null), json!(1)] {
            let body = json!({ "name": "Ada", "phoneNumber": number });
            let refused = refusal(any(), body, UserOperation::Update).await;
            assert_eq!(refused, Some("PHONE_NUMBER_CANNOT_BE_UPDATED"), "{number}");
        }
        let without = json!({ "name": "Ada" });
        assert_eq!(refusal(any(), without, UserOperation::Update).await, None);
    }

    #[tokio::test]
    async fn a_new_user_claims_a_number_in_the_accepted_format() {
        let e164 = || PhoneNumberInput {
            format: NumberFormat::E164,
            ..any()
        };
        let body = |number| json!({ "phoneNumber": number });
        let create = UserOperation::Create;
        assert_eq!(refusal(any(), body("1"), create).await, None);
        assert_eq!(refusal(e164(), body("+12"), create).await, None);
        assert_eq!(
            refusal(e164(), body("1"), create).await,
            Some("INVALID_PHONE_NUMBER")
        );
    }

    #[tokio::test]
    async fn a_field_that_was_left_empty_is_no_number() {
        for accepts_at_sign_up in [true, false] {
            let input = PhoneNumberInput {
                accepts_at_sign_up,
                ..any()
            };
            let Value::Object(mut body) = json!({ "name": "Ada", "phoneNumber": "" }) else {
                panic!("a body is an object");
            };
            let mut unit = FakeUnitOfWork::default();
            let prepared = input.prepare(&mut unit, &mut body, UserOperation::Create).await;
            assert!(matches!(prepared, Ok(Decision::Allowed)));
            assert_eq!(Value::Object(body), json!({ "name": "Ada" }));
        }
        let update = json!({ "phoneNumber": "" });
        let refused = refusal(any(), update, UserOperation::Update).await;
        assert_eq!(refused, Some("PHONE_NUMBER_CANNOT_BE_UPDATED"));
    }

    #[tokio::test]
    async fn a_deployment_may_refuse_claims() {
        let none = || PhoneNumberInput {
            accepts_at_sign_up: false,
            ..any()
        };
        let create = UserOperation::Create;
        let refused = refusal(none(), json!({ "phoneNumber": "+12" }), create).await;
        assert_eq!(refused, Some("PHONE_NUMBER_CANNOT_BE_UPDATED"));
        assert_eq!(
            refusal(none(), json!({ "phoneNumber": null }), create).await,
            None
        );
    }
}
