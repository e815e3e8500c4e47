// What every page needs from the start: search as people on phones use it, and the theme's script when something of it is used.
document.documentElement.classList.replace("no-js", "js")

const query = document.querySelector("[data-md-component=search-query]")
const notice = document.querySelector("[data-scrubbed]")
const lost = document.querySelector("[data-lost]")
const toggle = document.getElementById("__search")

// The build takes the theme's script out of the page and names it here; `make serve` leaves it in.
const theme = document.querySelector("[data-theme]")?.dataset.theme
const AGAIN = [1000, 3000]
let ready = !theme, started
const load = () => new Promise((done, failed) =>
  document.head.append(Object.assign(document.createElement("script"), { src: theme, onload: () => done(ready = true), onerror: failed })))
// On a bad line it comes at the second or third try; then each use tries anew, and who has typed is told.
const start = () => started ??= (async () => {
  for (const wait of AGAIN) {
    if (ready) return
    try { return await load() } catch { await new Promise(done => setTimeout(done, wait)) }
  }
  return load()
})().catch(error => {
  started = undefined
  if (query) lost.hidden = !query.value
  throw error
})

for (const type of ["pointerdown", "focusin", "click"])
  document.addEventListener(type, event => {
    if (ready || !event.target.closest(".md-header, .md-search, [data-search]")) return
    const label = type === "click" && event.target.closest("label[for^=__palette]")
    if (label) event.preventDefault()
    start().then(() => label && label.click(), () => {})
  })

// The theme shows the button of the other scheme; until it is there, so do we.
const schemes = [...document.querySelectorAll("[data-md-component=palette] input")]
if (!ready && schemes.length) {
  const chosen = __md_get("__palette")?.index ?? schemes.findIndex(({ dataset }) => matchMedia(dataset.mdColorMedia).matches)
  document.querySelector(`label[for=${schemes[(chosen + 1) % schemes.length].id}]`).hidden = false
}

// The box has the keyboard at once, so that nothing typed is lost while the theme's script comes; Escape gives the focus back.
let opener
const open = (event, from) => {
  event.preventDefault()
  opener = from
  toggle.checked || toggle.click()
  query.focus()
}
// Without JavaScript the link leads to the list of problems.
for (const link of document.querySelectorAll("[data-search], .list-link"))
  link.addEventListener("click", event => open(event, link))
// The theme's keys; once it is there it reads them itself.
addEventListener("keydown", event => {
  if (query && !ready && ["/", "s", "f"].includes(event.key) && !event.ctrlKey && !event.metaKey && !event.target.matches("input")) open(event)
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
  const scrubbed = async text => (await import("./search/privacy.js")).scrub(text)
  const search = () => start().then(() => {
    lost.hidden = true
    toggle.checked || toggle.click()
    query.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  }, () => {})

  // The theme searches on key release only; text pasted from a phone's menu releases no key.
  query.addEventListener("input", async () => {
    search()
    const text = query.value, clean = await scrubbed(text)
    notice.hidden = clean.trim() === text.trim()
  })

  // The theme closes the dialog at the Tab key, which leaves its links out of reach; here the key goes round inside it.
  const dialog = query.closest("[role=dialog]")
  dialog.addEventListener("keydown", event => {
    if (event.key === "Escape") opener?.focus()
    // In the wide header the box is one stop of the page: passing by it must not hold anybody.
    if (event.key !== "Tab" || !query.value && matchMedia("(min-width: 60em)").matches) return
    event.stopPropagation()
    const stops = [query, ...dialog.querySelectorAll(".search-help:not([hidden]) a")], at = stops.indexOf(document.activeElement)
    event.preventDefault()
    stops.at((Math.max(at, 0) + (event.shiftKey ? -1 : 1)) % stops.length).focus()
  })

  // A link such as ?q=clave+bloqueada searches; what looks personal in it leaves the address and the history at once, before the theme reads it.
  const asked = new URL(location), words = asked.searchParams.get("q")
  if (words !== null)
    scrubbed(words).then(text => {
      const clean = text.replace(/\s+/g, " ").trim()
      asked.searchParams.set("q", clean)
      if (clean !== words) history.replaceState(history.state, "", asked)
      notice.hidden = clean === words
      return start().then(() => query.value = clean, () => {})
    })
}

// Copying, sharing and filtering come with their first use, so that no page waits for them.
for (const button of document.querySelectorAll("[data-share]")) button.hidden = !navigator.share
for (const type of ["focusin", "click", "input"])
  document.addEventListener(type, ({ target }) => {
    const used = target.closest("[data-copy], [data-share], [data-mail], [data-filter], .headerlink")
    if (used) import("./share.js").then(share => share[type]?.(used))
  })

// The icon of the tab, docs/assets/images/favicon.svg, without asking for it.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#12395b"/><circle cx="11" cy="16" r="5" fill="none" stroke="#ffd24a" stroke-width="3"/><path d="M16 16h10v5M21 16v4" fill="none" stroke="#ffd24a" stroke-width="3"/></svg>`

// What can wait until the page is whole: the manifest's icons, which only an installation reads, weigh as much as half a page.
const later = () => {
  const worker = navigator.serviceWorker, root = new URL("../../", import.meta.url)
  document.querySelector("[rel=icon]").href = `data:image/svg+xml,${encodeURIComponent(ICON)}`
  // The error page is nobody's to keep or install.
  if (!document.querySelector("[rel=canonical]")) return
  const home = new URL(document.documentElement.lang === "en" ? "en/" : "./", root)
  document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: new URL("manifest.webmanifest", home) }))
  if (!worker || document.querySelector("[data-recalled]")) return
  // Copies for when there is no connection; where data is saved, only when asked for.
  const box = document.querySelector("[data-keep]")
  const register = () => worker.register(new URL("sw.js", root), { updateViaCache: "none" }).catch(() => {})
  if (box) import("./offline/keep.js").then(({ offer }) => offer(box, register))
  if (navigator.connection?.saveData) return
  register()
  worker.ready.then(({ active }) => active.postMessage([location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)]))
  worker.onmessage = () => import("./offline/fill.js").then(({ renew }) => renew())
}
const idle = () => (self.requestIdleCallback || setTimeout)(later)
document.readyState === "complete" ? idle() : addEventListener("load", idle)
