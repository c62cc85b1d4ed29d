// Starts the real server on a book, and ends it.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** The sample book. */
export const SAMPLE = join(ROOT, "minutes");

const BINARY = process.env.MINUTEBOOK ?? join(ROOT, "target/release/minutebook");

/** A folder that goes when `remove` is called. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), "minutebook-browser-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Serves a book on a free port, with an index of its own.
 * @returns {Promise<{url: string, book: string, stop: () => Promise<void>}>}
 */
export async function serve(book = SAMPLE) {
  const data = folder();
  const child = spawn(BINARY, ["serve", book, "--addr", "127.0.0.1:0", "--data", data.path], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MINUTEBOOK_USER: "priya-n", NO_COLOR: "1" },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const said = [];
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the server ended: ${said.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      const address = line.match(/http:\/\/\S+/);
      if (address) resolve(address[0]);
    });
  });
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    data.remove();
  };
  return { url, book, stop };
}

/** Serves a copy of the sample book, which may be written to. */
export async function serveCopy() {
  const copy = folder();
  cpSync(SAMPLE, join(copy.path, "minutes"), { recursive: true });
  const server = await serve(join(copy.path, "minutes"));
  const stop = async () => {
    await server.stop();
    copy.remove();
  };
  return { ...server, stop };
}
