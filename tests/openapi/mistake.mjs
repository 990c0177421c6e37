// A program that the types of the client must reject: the body has no password.
import createClient from "openapi-fetch";

/** @type {import("openapi-fetch").Client<import("./generated/schema.d.ts").paths>} */
const client = createClient({ baseUrl: "" });
await client.POST("/sign-up/email", { body: { name: "Ada", email: "ada@example.com" } });
