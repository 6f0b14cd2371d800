#!/usr/bin/env node
// Takes the pictures of the README: the demo's site, as readers see it at a desk, on a phone and in the dark.
//
//     npm ci --prefix tests/browser
//     reports/screenshots/take.mjs KARAT [FOLDER]
//
// KARAT is a binary, FOLDER where all pictures go; without it, only those of the README are written, beside this script.
// Chromium is KARAT_CHROMIUM, or the system's. Where the font Inter is installed (fonts-inter), it stands for the system's.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../../tests/browser/browser.js";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const MOST_BYTES = 150_000;

const SCREENS = {
  desk: { width: 1400, height: 900, deviceScaleFactor: 1.5 },
  phone: { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  dark: { width: 1400, height: 900, deviceScaleFactor: 1.5 },
};

/** The pictures that the README shows. */
const README = ["start-desk", "dataset-desk", "run-dark", "suite-phone"];

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <test name="family"><string>system-ui</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
  </match>
  <match target="pattern">
    <test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
  </match>
</fontconfig>
`;

const [karat, folder] = process.argv.slice(2);
if (!karat) {
  console.error("usage: take.mjs KARAT [FOLDER]");
  process.exit(2);
}
const scratch = mkdtempSync(path.join(tmpdir(), "karat-pictures-"));
try {
  const pages = demo(path.resolve(karat));
  writeFileSync(path.join(scratch, "fonts.conf"), FONTS);
  process.env.FONTCONFIG_FILE = path.join(scratch, "fonts.conf");
  const target = folder ?? HERE;
  mkdirSync(target, { recursive: true });
  const browser = await launch();
  for (const [name, page] of Object.entries(pages)) {
    for (const screen of Object.keys(SCREENS)) {
      if (!folder && !README.includes(`${name}-${screen}`)) continue;
      const file = path.join(target, `${name}-${screen}.webp`);
      const bytes = await picture(browser, page, screen, file);
      console.log(`${file}  ${Math.round(bytes / 1000)} kB`);
    }
  }
  await browser.close();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Makes the demo and its site. Returns the pages: name → URL. */
function demo(binary) {
  const run = (...given) => execFileSync(binary, given, { cwd: scratch, stdio: ["ignore", "ignore", "inherit"] });
  run("demo", "karat-demo");
  run("docs", "build", "--history", "karat-demo/history", "--output", "site");
  const site = path.join(scratch, "site");
  const last = readdirSync(path.join(site, "r")).filter(name => name.endsWith(".html")).sort().at(-1);
  const url = name => pathToFileURL(path.join(site, name)).href;
  return { start: url("index.html"), dataset: url("d/silver.orders.html"), run: url(`r/${last}`), suite: url("s/silver.orders.html") };
}

/** Takes a picture that is small enough, of the best quality that is. Returns its bytes. */
async function picture(browser, url, screen, file) {
  const page = await browser.newPage();
  await page.setViewport(SCREENS[screen]);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: screen === "dark" ? "dark" : "light" }]);
  await page.goto(url, { waitUntil: "networkidle0" });
  let bytes;
  for (const quality of [90, 80, 70, 60, 50, 40]) {
    bytes = (await page.screenshot({ path: file, type: "webp", quality })).length;
    if (bytes < MOST_BYTES) break;
  }
  await page.close();
  if (bytes >= MOST_BYTES) throw new Error(`${file} has ${bytes} bytes`);
  return bytes;
}
