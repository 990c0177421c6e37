import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { TABLE, table } from "../origin-matrix.mjs";

test("the recorded table of patterns is what Better Auth matches", async () => {
  assert.equal(await readFile(TABLE, "utf8"), table());
});
