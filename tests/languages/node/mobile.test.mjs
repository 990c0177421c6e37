// docs/guides/mobile.md: its commands print what the page shows.
import assert from "node:assert/strict";
import { test } from "node:test";

import { runConsole } from "../../support/examples.mjs";
import { openGuide } from "../support/guide.mjs";

test("the commands of the page print what it shows", async () => {
  const guide = await openGuide("mobile.md");
  try {
    let commands = 0;
    for (const { language, content } of guide.blocks)
      if (language === "console") commands += await runConsole(content, guide.folder);
    assert.ok(commands > 6);
  } finally {
    await guide.close();
  }
});
