//! Members of organizations.

use std::num::NonZeroU32;

use portcullis_domain::{
    access::RoleList,
    listing::SortDirection,
    organization::{
        Comparison, FilterValue, Member, MemberField, MemberFilter, MemberId, MemberQuery, MemberSort,
        MemberUser, MemberWithUser, OrganizationId,
    },
    user::User,
};

use super::{after, id, insert_members, insert_two_of_each, member, person};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, another_user},
};

fn with(user: &User, member: &Member) -> MemberWithUser {
    MemberWithUser {
        member: member.clone(),
        user: MemberUser::from(user),
    }
}

/// [`MemberRepository`](crate::ports::MemberRepository)
pub async fn members_are_found_in_their_organization_only(store: &dyn Store) {
    insert_two_of_each(store).await;
    let (ada, bob) = (a_user(), another_user());
    let adas = member("a", "acme", &ada, ("owner,member", 0));
    insert_members(store, &[adas.clone(), member("b", "other", &bob, ("owner", 0))]).await;
    let mut db = store.autocommit();
    let members = db.members();
    let (acme, other) = (id("acme"), id("other"));
    let found = Some(with(&ada, &adas));
    assert_eq!(members.find_of_user(&acme, &ada.id).await.unwrap(), found);
    assert_eq!(members.find_by_email(&acme, &ada.email).await.unwrap(), found);
    assert_eq!(members.find(&acme, &adas.id).await.unwrap(), found);
    assert_eq!(members.find_anywhere(&adas.id).await.unwrap(), Some(adas.clone()));
    is_no_member_of(store, &other, (&ada, &adas)).await;
    let unknown = MemberId::new("unknown");
    assert_eq!(members.find(&acme, &unknown).await.unwrap(), None);
    assert_eq!(members.find_anywhere(&unknown).await.unwrap(), None);
    assert!(!members.remove(&acme, &bob.id).await.unwrap());
    remove_the_only_member(store, &ada).await;
    assert_eq!(members.count(&other).await.unwrap(), 1);
}

async fn is_no_member_of(store: &dyn Store, other: &OrganizationId, (user, member): (&User, &Member)) {
    let mut db = store.autocommit();
    let members = db.members();
    assert_eq!(members.find_of_user(other, &user.id).await.unwrap(), None);
    assert_eq!(members.find_by_email(other, &user.email).await.unwrap(), None);
    assert_eq!(members.find(other, &member.id).await.unwrap(), None);
}

async fn remove_the_only_member(store: &dyn Store, user: &User) {
    let mut db = store.autocommit();
    let (members, acme) = (db.members(), id("acme"));
    assert!(members.remove(&acme, &user.id).await.unwrap());
    assert!(!members.remove(&acme, &user.id).await.unwrap());
    assert_eq!(members.count(&acme).await.unwrap(), 0);
}

/// [`MemberRepository::set_role`](crate::ports::MemberRepository::set_role) and
/// [`count_with_role`](crate::ports::MemberRepository::count_with_role)
pub async fn roles_of_members_are_changed_and_counted_as_whole_names(store: &dyn Store) {
    insert_two_of_each(store).await;
    let (ada, bob) = (a_user(), another_user());
    let adas = member("a", "acme", &ada, ("admin,owner", 0));
    let bobs = member("b", "acme", &bob, ("owners, owner", 1));
    insert_members(store, &[adas, bobs, member("c", "other", &bob, ("owner", 0))]).await;
    let mut db = store.autocommit();
    let (members, acme) = (db.members(), id("acme"));
    for (role, count) in [
        ("owner", 1),
        ("owners", 1),
        (" owner", 1),
        ("own", 0),
        ("", 0),
        ("%", 0),
    ] {
        let counted = members.count_with_role(&acme, role).await.unwrap();
        assert_eq!(counted, count, "{role:?}");
    }
    let role = RoleList::of_names(["owner", "member"]);
    let changed = members.set_role(&acme, &bob.id, &role).await.unwrap();
    assert_eq!(changed.unwrap().role, role);
    assert_eq!(members.count_with_role(&acme, "owner").await.unwrap(), 2);
    assert_eq!(members.count_with_role(&id("other"), "member").await.unwrap(), 0);
    let none = members.set_role(&id("other"), &ada.id, &role).await.unwrap();
    assert_eq!(none, None);
}

/// A Node server on the same database may insert the same member twice.
pub async fn several_rows_of_a_member_are_one_member(store: &dyn Store) {
    insert_two_of_each(store).await;
    let ada = a_user();
    let rows = [("c", 1), ("a", 1), ("b", 0)];
    let rows = rows.map(|(row, seconds)| member(row, "acme", &ada, ("owner", seconds)));
    insert_members(store, &rows).await;
    let mut db = store.autocommit();
    let (members, acme) = (db.members(), id("acme"));
    let found = members.find_of_user(&acme, &ada.id).await.unwrap().unwrap();
    assert_eq!(found.member.id.as_str(), "b");
    let all = members.list_of_user(&acme, &ada.id).await.unwrap();
    let all: Vec<_> = all.iter().map(|row| row.member.id.as_str()).collect();
    assert_eq!(all, ["b", "a", "c"]);
    let elsewhere = members.list_of_user(&id("other"), &ada.id).await.unwrap();
    assert!(elsewhere.is_empty());
    assert_eq!(members.count(&acme).await.unwrap(), 1);
    assert_eq!(members.count_with_role(&acme, "owner").await.unwrap(), 1);
    let role = RoleList::of_stored("member");
    let changed = members.set_role(&acme, &ada.id, &role).await.unwrap();
    assert_eq!(changed.unwrap().id.as_str(), "b");
    assert_eq!(members.count_with_role(&acme, "owner").await.unwrap(), 0);
    assert!(members.remove(&acme, &ada.id).await.unwrap());
    assert_eq!(members.find_of_user(&acme, &ada.id).await.unwrap(), None);
}

/// Stores five members of `acme`, and one of `other`.
async fn insert_five(store: &dyn Store) {
    insert_two_of_each(store).await;
    let people = ["p", "q", "r", "s", "t"].map(person);
    let mut db = store.autocommit();
    for person in &people {
        db.users().insert(person).await.unwrap();
    }
    let roles = [
        ("Owner", 3),
        ("admin_1", 1),
        ("admin1", 1),
        ("member", 2),
        ("50%", 1),
    ];
    let rows = ["e", "d", "c", "b", "a"].into_iter().zip(&people).zip(roles);
    let mut members: Vec<_> = rows
        .map(|((row, person), role)| member(row, "acme", person, role))
        .collect();
    members.push(member("z", "other", &people[0], ("member", 0)));
    insert_members(store, &members).await;
}

/// Returns the ids of the listed members, and the total.
async fn listed(store: &dyn Store, query: &MemberQuery) -> (String, u64) {
    let mut db = store.autocommit();
    let page = db.members().list(&id("acme"), query).await.unwrap();
    let ids = page.members.iter().map(|row| {
        assert_eq!(row.user.id, row.member.user_id);
        row.member.id.as_str()
    });
    (ids.collect(), page.total)
}

/// [`MemberRepository::list`](crate::ports::MemberRepository::list)
pub async fn members_are_listed_from_the_oldest_in_pages_that_do_not_overlap(store: &dyn Store) {
    insert_five(store).await;
    let page = |limit: u32, offset| MemberQuery {
        limit: NonZeroU32::new(limit),
        offset,
        ..MemberQuery::default()
    };
    for (query, ids) in [
        (page(0, 0), "acdbe"),
        (page(2, 0), "ac"),
        (page(2, 2), "db"),
        (page(2, 4), "e"),
        (page(0, 3), "be"),
        (page(2, 5), ""),
    ] {
        assert_eq!(listed(store, &query).await, (ids.to_owned(), 5));
    }
}

/// [`MemberRepository::list`](crate::ports::MemberRepository::list)
pub async fn members_are_sorted_by_a_field_and_then_by_id(store: &dyn Store) {
    insert_five(store).await;
    let (ascending, descending) = (SortDirection::Ascending, SortDirection::Descending);
    for (field, direction, ids) in [
        (MemberField::CreatedAt, ascending, "acdbe"),
        (MemberField::CreatedAt, descending, "ebacd"),
        (MemberField::Id, descending, "edcba"),
        (MemberField::UserId, ascending, "edcba"),
        (MemberField::OrganizationId, descending, "abcde"),
    ] {
        let query = MemberQuery {
            sort: Some(MemberSort {
                field: field.clone(),
                direction,
            }),
            ..MemberQuery::default()
        };
        let expected = (ids.to_owned(), 5);
        assert_eq!(listed(store, &query).await, expected, "{field:?} {direction:?}");
    }
}

fn filtered(field: MemberField, comparison: Comparison, value: FilterValue) -> MemberQuery {
    MemberQuery {
        limit: NonZeroU32::new(2),
        filter: Some(MemberFilter {
            field,
            comparison,
            value,
        }),
        ..MemberQuery::default()
    }
}

/// [`MemberRepository::list`](crate::ports::MemberRepository::list). The total is that of all pages.
pub async fn members_are_filtered_by_a_field(store: &dyn Store) {
    insert_five(store).await;
    let text = |text: &str| FilterValue::Text(text.to_owned());
    let time = || FilterValue::Time(after(1));
    let (id, role, created_at) = (MemberField::Id, MemberField::Role, MemberField::CreatedAt);
    for (field, comparison, value, (ids, total)) in [
        (role.clone(), Comparison::Equal, text("member"), ("b", 1)),
        (role.clone(), Comparison::Equal, text("owner"), ("", 0)),
        (role, Comparison::NotEqual, text("member"), ("ac", 4)),
        (id.clone(), Comparison::Equal, text("c"), ("c", 1)),
        (id.clone(), Comparison::Greater, text("c"), ("de", 2)),
        (id.clone(), Comparison::GreaterOrEqual, text("c"), ("cd", 3)),
        (id.clone(), Comparison::Less, text("c"), ("ab", 2)),
        (id.clone(), Comparison::LessOrEqual, text("a"), ("a", 1)),
        (id, Comparison::Equal, text("a\0"), ("", 0)),
        (MemberField::UserId, Comparison::Equal, text("t"), ("a", 1)),
        (created_at.clone(), Comparison::Equal, time(), ("ac", 3)),
        (created_at.clone(), Comparison::Greater, time(), ("be", 2)),
        (created_at.clone(), Comparison::Less, time(), ("", 0)),
        (created_at, Comparison::Equal, text("c"), ("", 0)),
    ] {
        let context = format!("{field:?} {comparison:?} {value:?}");
        let query = filtered(field, comparison, value);
        assert_eq!(listed(store, &query).await, (ids.to_owned(), total), "{context}");
    }
}

/// [`MemberRepository::list`](crate::ports::MemberRepository::list)
pub async fn a_search_is_case_insensitive_and_takes_every_character_as_it_is(store: &dyn Store) {
    insert_five(store).await;
    for (part, ids) in [
        ("OWNER", "e"),
        ("admin", "cd"),
        ("n_1", "d"),
        ("0%", "a"),
        ("%", "a"),
        ("\\", ""),
        ("' OR 1=1", ""),
    ] {
        let value = FilterValue::Text(part.to_owned());
        let query = filtered(MemberField::Role, Comparison::Contains, value);
        let total = u64::try_from(ids.len()).unwrap();
        assert_eq!(listed(store, &query).await, (ids.to_owned(), total), "{part}");
    }
}
