//! Lists of members that clients sort, filter and page.

use diesel::prelude::*;
use portcullis_application::ports::Failure;
use portcullis_domain::organization::{FilterValue, MemberPage, MemberQuery, OrganizationId};

use super::{
    condition::Condition,
    count,
    listing::Listing,
    may_be_stored,
    members::{Row, UserRow, WithUser, with_user},
    order::Order,
    table,
};
use crate::{schema::members, text::reject_nul_in_json, unit_of_work::PgUnitOfWork};

impl PgUnitOfWork {
    /// Returns a part of the organization's members, and how many there are in the whole list.
    pub(super) async fn list_members(
        &mut self,
        organization: &OrganizationId,
        query: &MemberQuery,
    ) -> Result<MemberPage, Failure> {
        if !may_be_stored([organization.as_str()]) || holds_nul(query) {
            return Ok(MemberPage {
                members: Vec::new(),
                total: 0,
            });
        }
        let condition = Condition::new(query.filter.as_ref());
        let total = self.count_listed(organization, &condition).await?;
        let columns = self.fields().of_table(table::MEMBER);
        let listing = Listing {
            selection: (Row::as_select(), columns.clone(), UserRow::as_select()),
            organization: organization.as_str().to_owned(),
            condition,
            order: Order(query.sort.clone()),
            limit: query.limit.map_or(i64::MAX, |limit| u32::from(limit).into()),
            offset: query.offset.into(),
        };
        let members = self.run("members.list", move |connection| {
            let rows = listing.load::<WithUser>(connection)?;
            Ok(rows.into_iter().map(|row| with_user(row, &columns)).collect())
        });
        Ok(MemberPage {
            members: members.await?,
            total,
        })
    }

    async fn count_listed(
        &mut self,
        organization: &OrganizationId,
        condition: &Condition,
    ) -> Result<u64, Failure> {
        let (organization, condition) = (organization.clone(), condition.clone());
        self.run("members.count_listed", move |connection| {
            members::table
                .filter(members::organization_id.eq(organization.as_str()))
                .filter(&condition)
                .count()
                .get_result(connection)
        })
        .await
        .map(count)
    }
}

/// Returns whether the value of the filter contains NUL, so that no row fits.
fn holds_nul(query: &MemberQuery) -> bool {
    query.filter.as_ref().is_some_and(|filter| match &filter.value {
        FilterValue::Text(text) => !may_be_stored([text]),
        FilterValue::Time(_) => false,
        FilterValue::Additional(value) => reject_nul_in_json(value).is_err(),
    })
}
