// A browser and a server for the scripts that are no tests.

import { chromium as launcher } from "@playwright/test";
import { chromium } from "./chromium.js";
import { serve } from "./server.js";

/** Calls `work` with a browser and the server of a book, and ends both whatever happens. */
export async function withBrowser(book, work) {
  const server = await serve(book);
  const browser = await launcher.launch({ executablePath: chromium(), args: ["--disable-quic"] });
  try {
    return await work(browser, server);
  } finally {
    await browser.close();
    await server.stop();
  }
}
