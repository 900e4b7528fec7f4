// Makes desk.js: main.js and the decoder of the package qr in one file. Its first line says of which main.js.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const digest = createHash("sha256").update(readFileSync("main.js")).digest("hex");
const { version } = JSON.parse(readFileSync("node_modules/qr/package.json", "utf8"));
await build({
  entryPoints: ["main.js"],
  outfile: "desk.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  banner: {
    js: `/* Made by build.mjs of main.js, SHA-256 ${digest}. With qr ${version}, Copyright (c) 2023 Paul Miller, MIT OR Apache-2.0: LICENSE-qr-MIT beside this file's source. */`,
  },
});
