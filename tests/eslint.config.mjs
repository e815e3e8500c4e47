// What our few scripts must not do: ESLint's own recommendations, and what a page's policy or an old phone would refuse.
import js from "@eslint/js"

const names = (...list) => Object.fromEntries(list.map(name => [name, "readonly"]))
const everywhere = names("URL", "URLSearchParams", "fetch", "setTimeout", "console", "location", "self", "addEventListener", "Response", "Request", "caches", "AbortSignal", "crypto", "navigator", "clearTimeout")

export default [
  js.configs.recommended,
  { languageOptions: { globals: everywhere }, rules: { "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error", "no-var": "error", "prefer-const": "error", eqeqeq: "error" } },
  {
    ignores: ["**/search/**", "**/sw.js", "**/recall.js"],
    languageOptions: { globals: names("document", "window", "getSelection", "history", "performance", "matchMedia", "print", "dispatchEvent", "KeyboardEvent", "Event", "__md_get", "CSS", "getComputedStyle") },
  },
  // The build puts `made` before the worker.
  { files: ["**/sw.js", "**/recall.js"], languageOptions: { sourceType: "script", globals: names("registration", "clients", "made") } },
]
