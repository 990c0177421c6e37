CREATE TABLE "credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"provider" text NOT NULL,
	"person_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp,
	"refresh_token_expires_at" timestamp,
	"scope" text,
	"password_hash" text,
	"created_at" timestamp DEFAULT now() NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_token" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"content" text NOT NULL,
	"expires_at" timestamp NOT NULL,
	"created_at" timestamp DEFAULT now() NOT NULL,
	"updated_at" timestamp DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"full_name" text NOT NULL,
	"email_address" text NOT NULL,
	"is_verified" boolean DEFAULT false NOT NULL,
	"avatar" text,
	"joined_at" timestamp DEFAULT now() NOT NULL,
	"updated_at" timestamp DEFAULT now() NOT NULL,
	"handle" text,
	"shown_handle" text,
	"has_second_factor" boolean DEFAULT false,
	CONSTRAINT "person_email_address_unique" UNIQUE("email_address"),
	CONSTRAINT "person_handle_unique" UNIQUE("handle")
);
--> statement-breakpoint
CREATE TABLE "person_session" (
	"id" text PRIMARY KEY NOT NULL,
	"valid_until" timestamp NOT NULL,
	"session_token" text NOT NULL,
	"created_at" timestamp DEFAULT now() NOT NULL,
	"updated_at" timestamp NOT NULL,
	"client_ip" text,
	"user_agent" text,
	"person_id" text NOT NULL,
	CONSTRAINT "person_session_session_token_unique" UNIQUE("session_token")
);
--> statement-breakpoint
CREATE TABLE "request_count" (
	"id" text PRIMARY KEY NOT NULL,
	"bucket" text NOT NULL,
	"hits" integer NOT NULL,
	"last_hit" bigint NOT NULL,
	CONSTRAINT "request_count_bucket_unique" UNIQUE("bucket")
);
--> statement-breakpoint
CREATE TABLE "second_factor" (
	"id" text PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"recovery_codes" text NOT NULL,
	"person_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_key" (
	"id" text PRIMARY KEY NOT NULL,
	"public_jwk" text NOT NULL,
	"private_jwk" text NOT NULL,
	"created_at" timestamp NOT NULL,
	"expires_at" timestamp
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_session" ADD CONSTRAINT "person_session_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credentials_personId_idx" ON "credentials" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "one_time_token_purpose_idx" ON "one_time_token" USING btree ("purpose");--> statement-breakpoint
CREATE INDEX "personSession_personId_idx" ON "person_session" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "second_factor_secret_idx" ON "second_factor" USING btree ("secret");--> statement-breakpoint
CREATE INDEX "second_factor_personId_idx" ON "second_factor" USING btree ("person_id");
