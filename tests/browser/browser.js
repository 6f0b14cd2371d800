// The browser: KARAT_CHROMIUM, or the system's.
import puppeteer from "puppeteer-core";

export function launch() {
  return puppeteer.launch({
    executablePath: process.env.KARAT_CHROMIUM ?? "/usr/bin/chromium",
    // Its profile is a new folder, which puppeteer makes and deletes.
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
    ],
  });
}
