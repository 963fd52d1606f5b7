// The page can be installed as an app.
import { expect, test } from "vitest";
import { brandName, light } from "../../web/brand.ts";
import { openPage, useBrowser } from "./support/browser.ts";

useBrowser();

test("the manifest names the page, and its icons are pictures", async () => {
  const ada = await openPage("Ada");
  const devtools = await ada.context().newCDPSession(ada);
  const { data, errors } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? "{}");
  expect(manifest).toMatchObject({ name: brandName, display: "standalone", theme_color: light.surface });
  const sizes = await ada.evaluate(async (icons: { src: string }[]) => {
    const pictures = icons.map(async ({ src }) => {
      const picture = new Image();
      picture.src = src;
      await picture.decode();
      return picture.naturalWidth;
    });
    return Promise.all(pictures);
  }, manifest.icons);
  expect(sizes).toHaveLength(2);
  for (const width of sizes) expect(width).toBeGreaterThan(0);
});
