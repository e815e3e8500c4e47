// Keeps a copy of every page visited and serves it, or the kept guide, when the network does not answer. Published as /sw.js by
// overrides/hooks/offline.py, which writes `made` before this text: { build: all files, shell: styles and scripts, first: of the page for «no connection», words }.
const base = registration.scope, ours = `${base} `
// Pages of one shell share its style and scripts; those of the next lie in another cache, so that no page meets what does not fit it.
const VISITED = `${ours}visited ${made.shell}`
const STORED = /(\/|\.(html|css|js|svg|png))$|\/search\/[^/]+\.json$/
// The name of the file or of its folder changes with the content.
const FIXED = /[./][0-9a-f]{8}[./]/
// The cache from which each open page came, where it was not the network.
const shown = new Map

const plain = address => address.split(/[?#]/)[0]
const storable = url => url.startsWith(base) && STORED.test(url)
const names = async () => (await caches.keys()).filter(name => name.startsWith(ours))
// An answer remembers its address: it is stored without what was searched for, and given with what was asked for.
const at = (url, answer) => answer.url === url ? answer : new Response(answer.body, answer)

const store = async (url, answer) => {
  if (answer.status === 200 && answer.type === "basic" && !answer.redirected) await (await caches.open(VISITED)).put(url, at(url, answer))
}

const find = async (url, first) => {
  for (const name of [first, VISITED, ...await names()]) {
    const copy = name && await caches.match(url, { cacheName: name })
    if (copy) return { copy, name }
  }
  return {}
}

const dated = async (url, copy, why) => {
  const words = made.words[url.startsWith(`${base}en/`) ? "en" : "es"]
  const day = new Date(copy.headers.get("date")).toLocaleDateString(words.locale, { dateStyle: "long" })
  return new Response((await copy.text()).replace(/<article[^>]*>/, `$&<p class="offline-copy">${words[why].replace("#", day)}</p>`), copy)
}

// Pages come from the network, so that a correction reaches the reader; after 3 seconds or without a connection, from their copy.
const reply = async event => {
  const { request, clientId, resultingClientId: next } = event
  const asked = request.url.split("#")[0], url = plain(asked), page = request.mode === "navigate", from = page ? "" : shown.get(clientId)
  const { copy, name } = await find(url, from)
  if (from && next) shown.set(next, name)
  if (copy && (from || FIXED.test(url))) return at(asked, copy)
  const fresh = Promise.resolve(event.preloadResponse).then(answer => answer || fetch(request))
  event.waitUntil(fresh.then(answer => store(url, answer.clone())).catch(() => {}))
  const answer = await Promise.race([fresh.catch(() => "offline"), ...copy ? [new Promise(late => setTimeout(late, 3000, "slow"))] : []])
  if (answer instanceof Response) return answer
  if (copy && page) {
    if (next) shown.set(next, name)
    return dated(url, copy, answer)
  }
  const instead = copy || page && (await find(`${base}offline.html`)).copy
  return instead ? at(asked, instead) : Response.error()
}

// After each page: store what it loaded before this worker was there, and ask it to renew what another build left; never on a phone's own data.
const tend = async ({ data, source }) => {
  for (const asked of [...made.first.map(path => base + path), ...data]) {
    const url = plain(asked)
    if (storable(url) && !(await find(url)).copy) await store(url, await fetch(asked, { cache: "force-cache" }))
  }
  if (navigator.connection?.type !== "cellular" && (await names()).some(name => name !== VISITED && !name.endsWith(made.build))) source.postMessage("renew")
}

// Open pages do not depend on the worker's build, and old caches stay until the new ones are complete: it may take over at once.
self.oninstall = () => self.skipWaiting()
self.onactivate = event => event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()]))
// Files for the kept guide are asked for without any store, this one included.
self.onfetch = event => {
  const { method, cache, url } = event.request
  if (method === "GET" && cache !== "no-store" && storable(plain(url))) event.respondWith(reply(event))
}
self.onmessage = event => event.waitUntil(tend(event).catch(() => {}))
