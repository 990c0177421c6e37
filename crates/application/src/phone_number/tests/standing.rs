use portcullis_domain::{destination::PhoneNumber, phone_number::proven, user::User};
use serde_json::json;

use crate::{
    phone_number::holder::Standing,
    testing::fixtures::{a_user, another_user, calling},
};

fn claiming(email_verified: bool) -> User {
    let mut user = User {
        email_verified,
        ..a_user()
    };
    user.additional.set("phoneNumber", json!("+12"));
    user
}

#[test]
fn a_claimed_number_gives_access_only_to_an_account_whose_address_is_not_proven() {
    let owner = calling(claiming(true));
    let stranger = calling(another_user());
    let verified = User {
        additional: proven(&PhoneNumber::new("+12")),
        ..claiming(true)
    };
    for (holder, by, standing) in [
        (&verified, None, Standing::Proven),
        (&verified, Some(&stranger), Standing::Proven),
        (&claiming(true), Some(&owner), Standing::InPerson),
        (&claiming(false), Some(&owner), Standing::InPerson),
        (&claiming(true), None, Standing::Claimed),
        (&claiming(true), Some(&stranger), Standing::Claimed),
        (&claiming(false), None, Standing::First),
        (&claiming(false), Some(&stranger), Standing::First),
    ] {
        assert_eq!(Standing::of(holder, by), standing);
    }
}
