// Search as people on phones need it: opened by the box on the page, at once when they paste, and never with personal data.
import { scrub } from "./search/privacy.js"

const query = document.querySelector("[data-md-component=search-query]")
const notice = document.querySelector("[data-scrubbed]")

// Without JavaScript the same link leads to the list of problems.
for (const link of document.querySelectorAll("[data-search]"))
  link.addEventListener("click", event => {
    event.preventDefault()
    document.getElementById("__search").checked || document.getElementById("__search").click()
    query.focus()
  })

if (query) {
  // The theme searches on key release only; text pasted from a phone's menu releases no key.
  query.addEventListener("input", () => {
    notice.hidden = scrub(query.value).trim() === query.value.trim()
    query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  })

  // A link such as ?q=clave+bloqueada searches; what looks personal in it leaves the address and the history at once.
  const asked = new URL(location)
  if (asked.searchParams.has("q")) {
    const clean = scrub(asked.searchParams.get("q")).replace(/\s+/g, " ").trim()
    if (clean !== asked.searchParams.get("q")) {
      asked.searchParams.set("q", clean)
      history.replaceState(history.state, "", asked)
      query.value = clean
      notice.hidden = false
    }
  }
}

// Copies for when there is no connection: never before the page is whole, never on the error page; where data is saved, only when asked for.
const worker = navigator.serviceWorker
if (worker && document.querySelector("[rel=canonical]"))
  addEventListener("load", () => (self.requestIdleCallback || setTimeout)(() => {
    const box = document.querySelector("[data-keep]")
    const register = () => worker.register(new URL("../../sw.js", import.meta.url), { updateViaCache: "none" }).catch(() => {})
    if (box) import("./offline/keep.js").then(({ offer }) => offer(box, register))
    if (navigator.connection?.saveData) return
    register()
    worker.ready.then(({ active }) => active.postMessage([location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)]))
    worker.onmessage = () => import("./offline/fill.js").then(({ renew }) => renew())
  }))
