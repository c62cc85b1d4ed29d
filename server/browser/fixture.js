// What the tests share: a server for each worker, one of its own for a test that writes, and the rule that no page
// complains on the console, asks another host or breaks its own security policy.

import { test as base, expect } from "@playwright/test";
import { known } from "./pages.js";
import { serve, serveCopy } from "./server.js";

export { expect };

/** Complaints of a browser about its pages. `mayFail` holds addresses that answer with an error on purpose. */
function complaints(context, url) {
  const said = [];
  const mayFail = new Set();
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const from = message.location().url;
    if (message.text().startsWith("Failed to load resource") && mayFail.has(from)) return;
    said.push(`${message.type()} on the console of ${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => said.push(`error in a script: ${error.error().stack}`));
  context.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(`${url}/`) && !/^(data|blob|about):/.test(address)) said.push(`asked another host: ${address}`);
  });
  return { said, mayFail };
}

export const test = base.extend({
  server: [
    async ({}, use) => {
      const server = await serve();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  ids: [async ({ server }, use) => use(await known(server.url)), { scope: "worker" }],
  baseURL: async ({ server }, use) => use(server.url),
  quiet: [
    async ({ context, baseURL }, use) => {
      const told = complaints(context, baseURL);
      await use(told);
      expect(told.said, "complaints of the browser").toEqual([]);
    },
    { auto: true },
  ],
});

/** Tests that write: the server and the copy of the sample book are theirs alone. */
export const writing = test.extend({
  own: async ({}, use) => {
    const server = await serveCopy();
    await use(server);
    await server.stop();
  },
  baseURL: async ({ own }, use) => use(own.url),
});
