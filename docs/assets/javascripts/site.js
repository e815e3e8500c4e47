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

// Copying, sharing and filtering come with their first use, so that no page waits for them.
for (const button of document.querySelectorAll("[data-share]")) button.hidden = !navigator.share
for (const type of ["focusin", "click", "input"])
  document.addEventListener(type, ({ target }) => {
    const used = target.closest("[data-copy], [data-share], [data-mail], [data-filter], .headerlink")
    if (used) import("./share.js").then(share => share[type]?.(used))
  })
