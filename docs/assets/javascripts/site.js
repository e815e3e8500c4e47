// Search as people on phones need it: opened by the box on the page, at once when they paste, and never with personal data.
import { scrub } from "./search/privacy.js"

const query = document.querySelector("[data-md-component=search-query]")
const notice = document.querySelector("[data-scrubbed]")

// Without JavaScript the same link leads to the list of problems. Escape gives the focus back to it.
let opener
for (const link of document.querySelectorAll("[data-search], .list-link"))
  link.addEventListener("click", event => {
    event.preventDefault()
    opener = link
    document.getElementById("__search").checked || document.getElementById("__search").click()
    query.focus()
  })

// The menu takes the focus when it opens, gives it back at Escape, and closes when the focus leaves it.
const drawer = document.getElementById("__drawer"), menu = document.querySelector("[data-drawer]")
if (menu) {
  const nav = document.getElementById("menu")
  menu.addEventListener("click", () => drawer.click())
  drawer.addEventListener("change", () => {
    menu.setAttribute("aria-expanded", drawer.checked)
    if (drawer.checked) nav.querySelector("a").focus()
  })
  nav.addEventListener("keydown", event => {
    if (event.key === "Escape" && drawer.checked) drawer.click(), menu.focus()
  })
  nav.addEventListener("focusout", event => {
    if (drawer.checked && event.relatedTarget && !nav.contains(event.relatedTarget)) drawer.click()
  })
}

// Phones hide printing deep in their menus.
document.querySelector("[data-print]")?.addEventListener("click", () => print())

if (query) {
  // The theme searches on key release only; text pasted from a phone's menu releases no key.
  query.addEventListener("input", () => {
    notice.hidden = scrub(query.value).trim() === query.value.trim()
    query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  })

  // The theme closes the dialog at the Tab key, which leaves its links out of reach; here the key goes round inside it.
  const dialog = query.closest("[role=dialog]")
  dialog.addEventListener("keydown", event => {
    if (event.key === "Escape") opener?.focus()
    // In the wide header the box is one stop of the page: passing by it must not hold anybody.
    if (event.key !== "Tab" || !query.value && matchMedia("(min-width: 60em)").matches) return
    event.stopPropagation()
    const stops = [query, ...dialog.querySelectorAll(".search-help a")], at = stops.indexOf(document.activeElement)
    event.preventDefault()
    stops.at((Math.max(at, 0) + (event.shiftKey ? -1 : 1)) % stops.length).focus()
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
