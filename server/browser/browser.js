// A browser and a server for the scripts that are no tests.

import { chromium as launcher } from "@playwright/test";
import { chromium } from "./chromium.js";
import { serve } from "./server.js";

/**
 * Calls `work` with a browser and the server of a book, and ends both whatever happens. What `before` does with the
 * server alone is done before there is a browser.
 */
export async function withBrowser(book, work, before = async () => {}) {
  const server = await serve(book);
  try {
    await before(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const browser = await launcher.launch({ executablePath: chromium(), args: ["--disable-quic"] });
  try {
    return await work(browser, server);
  } finally {
    await browser.close();
    await server.stop();
  }
}
