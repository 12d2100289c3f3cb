// Parses every Mermaid block of the Markdown files that are named, with Mermaid's own parser; prints what it refuses.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans labels through the DOM, so one must be there before it is loaded.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
// The sizes that GitHub allows a diagram are the package's own: 50,000 characters and 500 edges.
mermaid.initialize({ startOnLoad: false });

let [blocks, refused] = [0, 0];
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  for (const [, block] of text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
    blocks += 1;
    try {
      await mermaid.parse(block);
    } catch (error) {
      refused += 1;
      console.log(`${file}: ${error.message}`);
    }
  }
}
console.log(`${blocks} blocks, ${refused} refused`);
process.exit(refused === 0 ? 0 : 1);
