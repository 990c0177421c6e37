DROP TABLE IF EXISTS "organizationRole";
