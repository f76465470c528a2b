import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds an exchange: its own pages are not used then. */
const exchange = process.env["OPENOUTCRY_URL"] ?? "http://127.0.0.1:8000";

/** The exchange's policy lets pages in that it serves; this makes requests look as if they came from such a page. */
const proxied = { target: exchange, changeOrigin: true, rewriteWsOrigin: true, ws: true };

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: process.env["OPENOUTCRY_SCREENS"] ?? "../src/openoutcry/web",
    emptyOutDir: true,
    target: "es2022",
    // The content security policy allows no data: script, and no code in a page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the licences of the bundled packages ask for goes with them.
    license: { fileName: "assets/licences.md" },
    rolldownOptions: { input: ["index.html", "organiser.html", "replay.html"] },
  },
  // Views are tested as a browser runs them.
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
  ...(process.env["VITEST"] ? { resolve: { conditions: ["browser"] } } : {}),
  server: {
    proxy: {
      "/ws": proxied,
      // The front page as JSON; as HTML it is the page that is worked on.
      "^/$": {
        ...proxied,
        bypass: (request) => (request.headers.accept?.includes("text/html") ? "/index.html" : null),
      },
      "^/(orders|quotes|account|positions|fills|teams|instruments|orderbook|trades|market|greeks)(/|\\?|$)": proxied,
      "^/(leaderboard|news|underlyings|fairness|health|admin|metrics|docs)(/|\\?|$)": proxied,
      "/openapi.json": proxied,
      "/asyncapi.json": proxied,
    },
  },
});
