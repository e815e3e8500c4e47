// Keeps a copy of every page visited and serves it, or the kept guide, when the network does not answer. Published as /sw.js by
// overrides/hooks/guia/ship/offline.py, which writes `made` before this text: { build: all files, shell: styles and scripts, first: of the page for «no connection», names: of the guide, words }.
const base = registration.scope, ours = `${base} `
// Pages of one shell share its style and scripts; those of the next lie in another cache, so that no page meets what does not fit it.
const VISITED = `${ours}visited ${made.shell}`
// So many visited pages are kept, about 2 MB; the page about the guide tells it too.
const MOST = 60
const STORED = /(\/|\.(html|css|js|svg|png))$|\/search\/[^/]+\.json$/
// The name of the file or of its folder changes with the content.
const FIXED = /[./][0-9a-f]{8}[./]/

const plain = address => address.split(/[?#]/)[0]
const storable = url => url.startsWith(base) && STORED.test(url)
const isPage = url => /(\/|\.html)$/.test(url)
const names = async () => (await caches.keys()).filter(name => name.startsWith(ours))
// An answer remembers its address: it is stored without what was searched for, and given with what was asked for.
const at = (url, answer) => answer.url === url ? answer : new Response(answer.body, answer)

// What somebody else puts in the place of our pages, such as the sign-in page of a hotel, does not name the guide.
const genuine = async answer => RegExp(made.names).test(await answer.clone().text())

const store = async (url, answer) => {
  if (answer.status !== 200 || answer.type !== "basic" || answer.redirected || isPage(url) && !await genuine(answer)) return
  const cache = await caches.open(VISITED)
  // What is put again moves to the end.
  await cache.put(url, at(url, answer))
  const pages = (await cache.keys()).filter(({ url }) => isPage(url))
  for (const oldest of pages.slice(0, -MOST)) await cache.delete(oldest)
}

const find = async url => {
  for (const name of [VISITED, ...await names()]) {
    const copy = await caches.match(url, { cacheName: name })
    if (copy) return copy
  }
}

const fetched = event => {
  const answer = Promise.resolve(event.preloadResponse).then(early => early || fetch(event.request))
  event.waitUntil(answer.then(fresh => store(plain(event.request.url), fresh.clone())).catch(() => {}))
  return answer
}

const dated = async (url, copy, why) => {
  const words = made.words[url.startsWith(`${base}en/`) ? "en" : "es"]
  const day = new Date(copy.headers.get("date")).toLocaleDateString(words.locale, { dateStyle: "long" })
  return new Response((await copy.text()).replace(/<article[^>]*>/, `$&<p class="offline-copy">${words[why].replace("#", day)}</p>`), copy)
}

// A page comes from the network, so that a correction reaches the reader; after 3 seconds or without a connection, from its copy.
const pageReply = async (event, asked) => {
  const url = plain(asked), copy = await find(url), late = new Promise(done => copy && setTimeout(done, 3000, "slow"))
  const answer = await Promise.race([fetched(event).catch(() => "offline"), late])
  if (answer instanceof Response) return answer
  if (copy) return dated(url, copy, answer)
  const instead = await find(`${base}offline.html`)
  return instead ? at(asked, instead) : Response.error()
}

// A file comes from its copy when its name tells that it cannot have changed, else from the network.
const fileReply = async (event, asked) => {
  const copy = await find(plain(asked))
  if (copy && FIXED.test(asked)) return at(asked, copy)
  return fetched(event).catch(() => copy ? at(asked, copy) : Response.error())
}

// Ask a page to renew what another build left; never on a phone's own data.
const renew = async page => {
  if (navigator.connection?.type !== "cellular" && (await names()).some(name => name !== VISITED && !name.endsWith(made.build))) page?.postMessage("renew")
}

// After each page: store what it loaded before this worker was there.
const tend = async ({ data, source }) => {
  for (const asked of [...made.first.map(path => base + path), ...data]) {
    const url = plain(asked)
    if (storable(url) && !await find(url)) await store(url, await fetch(asked, { cache: "force-cache" }))
  }
  await renew(source)
}

// Open pages do not depend on the worker's build, and old caches stay until the new ones are complete: it takes over within half a minute of quiet.
self.oninstall = () => self.skipWaiting()
const start = async () => {
  await Promise.all([clients.claim(), registration.navigationPreload?.enable()])
  await renew((await clients.matchAll())[0])
}
self.onactivate = event => event.waitUntil(start())
// Files for the kept guide are asked for without any store, this one included.
self.onfetch = event => {
  const { method, cache, mode, url } = event.request, asked = url.split("#")[0]
  if (method === "GET" && cache !== "no-store" && storable(plain(url))) event.respondWith((mode === "navigate" ? pageReply : fileReply)(event, asked))
}
self.onmessage = event => event.waitUntil(tend(event).catch(() => {}))
