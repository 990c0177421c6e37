import { relations } from "drizzle-orm";
import {
  pgTable,
  text,
  bigint,
  timestamp,
  boolean,
  integer,
  index,
} from "drizzle-orm/pg-core";

export const person = pgTable("person", {
  id: text("id").primaryKey(),
  full_name: text("full_name").notNull(),
  email_address: text("email_address").notNull().unique(),
  isVerified: boolean("is_verified").default(false).notNull(),
  avatar: text("avatar"),
  joinedAt: timestamp("joined_at").defaultNow().notNull(),
  updatedAt: timestamp("updated_at")
    .defaultNow()
    .$onUpdate(() => /* @__PURE__ */ new Date())
    .notNull(),
  handle: text("handle").unique(),
  shown_handle: text("shown_handle"),
  hasSecondFactor: boolean("has_second_factor").default(false),
});

export const personSession = pgTable(
  "person_session",
  {
    id: text("id").primaryKey(),
    valid_until: timestamp("valid_until").notNull(),
    session_token: text("session_token").notNull().unique(),
    createdAt: timestamp("created_at").defaultNow().notNull(),
    updatedAt: timestamp("updated_at")
      .$onUpdate(() => /* @__PURE__ */ new Date())
      .notNull(),
    client_ip: text("client_ip"),
    userAgent: text("user_agent"),
    personId: text("person_id")
      .notNull()
      .references(() => person.id, { onDelete: "cascade" }),
  },
  (table) => [index("personSession_personId_idx").on(table.personId)],
);

export const credentials = pgTable(
  "credentials",
  {
    id: text("id").primaryKey(),
    subject: text("subject").notNull(),
    provider: text("provider").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: timestamp("access_token_expires_at"),
    refreshTokenExpiresAt: timestamp("refresh_token_expires_at"),
    scope: text("scope"),
    passwordHash: text("password_hash"),
    createdAt: timestamp("created_at").defaultNow().notNull(),
    updatedAt: timestamp("updated_at")
      .$onUpdate(() => /* @__PURE__ */ new Date())
      .notNull(),
  },
  (table) => [index("credentials_personId_idx").on(table.personId)],
);

export const one_time_token = pgTable(
  "one_time_token",
  {
    id: text("id").primaryKey(),
    purpose: text("purpose").notNull(),
    content: text("content").notNull(),
    expiresAt: timestamp("expires_at").notNull(),
    createdAt: timestamp("created_at").defaultNow().notNull(),
    updatedAt: timestamp("updated_at")
      .defaultNow()
      .$onUpdate(() => /* @__PURE__ */ new Date())
      .notNull(),
  },
  (table) => [index("one_time_token_purpose_idx").on(table.purpose)],
);

export const second_factor = pgTable(
  "second_factor",
  {
    id: text("id").primaryKey(),
    secret: text("secret").notNull(),
    recovery_codes: text("recovery_codes").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id, { onDelete: "cascade" }),
  },
  (table) => [
    index("second_factor_secret_idx").on(table.secret),
    index("second_factor_personId_idx").on(table.personId),
  ],
);

export const signing_key = pgTable("signing_key", {
  id: text("id").primaryKey(),
  public_jwk: text("public_jwk").notNull(),
  private_jwk: text("private_jwk").notNull(),
  createdAt: timestamp("created_at").notNull(),
  expiresAt: timestamp("expires_at"),
});

export const request_count = pgTable("request_count", {
  id: text("id").primaryKey(),
  bucket: text("bucket").notNull().unique(),
  hits: integer("hits").notNull(),
  last_hit: bigint("last_hit", { mode: "number" }).notNull(),
});

export const personRelations = relations(person, ({ many }) => ({
  personSessions: many(personSession),
  credentialss: many(credentials),
  second_factors: many(second_factor),
}));

export const personSessionRelations = relations(personSession, ({ one }) => ({
  person: one(person, {
    fields: [personSession.personId],
    references: [person.id],
  }),
}));

export const credentialsRelations = relations(credentials, ({ one }) => ({
  person: one(person, {
    fields: [credentials.personId],
    references: [person.id],
  }),
}));

export const second_factorRelations = relations(second_factor, ({ one }) => ({
  person: one(person, {
    fields: [second_factor.personId],
    references: [person.id],
  }),
}));
