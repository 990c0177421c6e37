//! Members of organizations.

use std::collections::HashSet;

use async_trait::async_trait;
use portcullis_domain::{
    access::RoleList,
    email::EmailAddress,
    id::UserId,
    organization::{Member, MemberId, MemberPage, MemberQuery, MemberUser, MemberWithUser, OrganizationId},
};

use super::{
    super::{MemoryUnitOfWork, Rows},
    member_query, number, sort_by_age,
};
use crate::ports::{Failure, MemberRepository, WriteError};

impl Rows {
    fn members_of(&self, organization: &OrganizationId) -> impl Iterator<Item = &Member> {
        let members = self.members.iter();
        members.filter(move |member| member.organization_id == *organization)
    }

    fn with_its_user(&self, member: &Member) -> Option<MemberWithUser> {
        let user = self.users.iter().find(|user| user.id == member.user_id)?;
        Some(MemberWithUser {
            member: member.clone(),
            user: MemberUser::from(user),
        })
    }

    fn memberships(&self, organization: &OrganizationId, user: &UserId) -> Vec<MemberWithUser> {
        let members = self.members_of(organization);
        let mut members: Vec<_> = members.filter(|member| member.user_id == *user).collect();
        sort_by_age(&mut members, |member| (member.created_at, &member.id));
        members
            .into_iter()
            .filter_map(|member| self.with_its_user(member))
            .collect()
    }

    fn membership(&self, organization: &OrganizationId, user: &UserId) -> Option<MemberWithUser> {
        self.memberships(organization, user).into_iter().next()
    }

    /// Returns the number of different users among members that `is_counted` selects.
    fn count_members(&self, organization: &OrganizationId, is_counted: impl Fn(&Member) -> bool) -> u64 {
        let counted = self.members_of(organization).filter(|member| is_counted(member));
        let users: HashSet<_> = counted.map(|member| member.user_id.as_str()).collect();
        number(users.len())
    }
}

#[async_trait]
impl MemberRepository for MemoryUnitOfWork {
    async fn find_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Option<MemberWithUser>, Failure> {
        Ok(self.read(|rows| rows.membership(organization, user)))
    }

    async fn list_of_user(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Vec<MemberWithUser>, Failure> {
        Ok(self.read(|rows| rows.memberships(organization, user)))
    }

    async fn find_by_email(
        &mut self,
        organization: &OrganizationId,
        email: &EmailAddress,
    ) -> Result<Option<MemberWithUser>, Failure> {
        Ok(self.read(|rows| {
            let user = rows.users.iter().find(|user| user.email == *email)?;
            rows.membership(organization, &user.id)
        }))
    }

    async fn find(
        &mut self,
        organization: &OrganizationId,
        member: &MemberId,
    ) -> Result<Option<MemberWithUser>, Failure> {
        Ok(self.read(|rows| {
            let found = rows.members_of(organization).find(|row| row.id == *member)?;
            rows.with_its_user(found)
        }))
    }

    async fn find_anywhere(&mut self, member: &MemberId) -> Result<Option<Member>, Failure> {
        Ok(self.read(|rows| rows.members.iter().find(|row| row.id == *member).cloned()))
    }

    async fn insert(&mut self, member: &Member) -> Result<Member, WriteError> {
        self.write(|rows| rows.members.push(member.clone()));
        Ok(member.clone())
    }

    async fn set_role(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
        role: &RoleList,
    ) -> Result<Option<Member>, Failure> {
        Ok(self.write(|rows| {
            let is_affected =
                |row: &&mut Member| row.organization_id == *organization && row.user_id == *user;
            for row in rows.members.iter_mut().filter(is_affected) {
                row.role = role.clone();
            }
            Some(rows.membership(organization, user)?.member)
        }))
    }

    async fn remove(&mut self, organization: &OrganizationId, user: &UserId) -> Result<bool, Failure> {
        Ok(self.write(|rows| {
            let before = rows.members.len();
            rows.members
                .retain(|row| row.organization_id != *organization || row.user_id != *user);
            rows.members.len() < before
        }))
    }

    async fn count(&mut self, organization: &OrganizationId) -> Result<u64, Failure> {
        Ok(self.read(|rows| rows.count_members(organization, |_| true)))
    }

    async fn count_with_role(&mut self, organization: &OrganizationId, role: &str) -> Result<u64, Failure> {
        Ok(self.read(|rows| rows.count_members(organization, |member| member.role.contains(role))))
    }

    async fn list(
        &mut self,
        organization: &OrganizationId,
        query: &MemberQuery,
    ) -> Result<MemberPage, Failure> {
        Ok(self.read(|rows| {
            let members = rows.members_of(organization);
            let members = members.filter_map(|member| rows.with_its_user(member));
            member_query::page(members.collect(), query)
        }))
    }
}
