import { defineConfig } from "@playwright/test";
import { chromium } from "./chromium.js";

export default defineConfig({
  testDir: "tests",
  outputDir: "../../target/browser/results",
  fullyParallel: true,
  workers: 2,
  // A test of a long page takes some seconds, more where the machine is busy.
  timeout: 240_000,
  forbidOnly: !!process.env.CI,
  reporter: "list",
  use: {
    browserName: "chromium",
    // QUIC and background traffic are of no use to a page from this machine.
    launchOptions: { executablePath: chromium(), args: ["--disable-quic"] },
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    colorScheme: "light",
    serviceWorkers: "block",
  },
});
