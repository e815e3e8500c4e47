// Fills the caches that /sw.js serves from, each with the files of one build: complete and verified before the old one goes.
export const base = new URL("../../../", import.meta.url).href
const own = `${base} `
const LIST = `${base}offline.json`

// Ends with the start of what is looked for: a language, "visited", or nothing for all.
export const named = async start => (await caches.keys()).filter(name => name.startsWith(own + start))

// The list comes last into a cache and marks it as complete.
export const complete = async name => caches.match(LIST, { cacheName: name })

// One at a time, also where two pages are open.
const alone = task => navigator.locks ? navigator.locks.request(own, task) : task()

const ask = async url => {
  const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout?.(60000) })
  if (answer.status !== 200 || answer.redirected) throw Error(url)
  return answer
}

const sum = async answer => new DataView(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer())).getUint32()

// The file that the list wants: a copy that lies here already, else from the network. Fails when it is another.
const exact = async (url, wanted) => {
  for (const name of await named("")) {
    const copy = await caches.match(url, { cacheName: name })
    if (copy && await sum(copy.clone()) === wanted) return copy
  }
  const answer = await ask(url)
  if (await sum(answer.clone()) !== wanted) throw Error(url)
  return answer
}

// Four at a time; after the first failure nothing more is asked for.
const fill = async (name, files, tell) => {
  const cache = await caches.open(name), queue = Object.entries(files)
  let failure
  const work = async () => {
    while (queue.length && !failure) {
      const [path, wanted] = queue.shift()
      try {
        await cache.put(base + path, await exact(base + path, wanted))
        if (/(^|\/)$/.test(path)) tell?.()
      } catch (error) { failure ??= error }
    }
  }
  await Promise.all([work(), work(), work(), work()])
  if (failure) throw failure
}

// Keep one language, or bring it up to date; `tell` is called once per page. On failure what was complete stays, and another call goes on from here.
export const keep = (lang, tell) => alone(async () => {
  const answer = await ask(LIST), list = await answer.clone().json(), name = `${own}${lang} ${list.build}`
  await fill(name, { ...list.shared, ...list[lang] }, tell)
  await (await caches.open(name)).put(LIST, answer)
  for (const old of await named(lang)) if (old !== name) await caches.delete(old)
  // The worker looks among visited pages first; these are now older.
  const visited = await caches.open(`${own}visited ${list.shell}`)
  for (const path in list[lang]) await visited.delete(base + path)
})

// Bring kept languages and visited pages to the newest build; only what changed is asked for. What fails goes on after the next page.
export const renew = async () => {
  try {
    const { build, shell, shared, es, en } = await (await ask(LIST)).json(), all = { ...shared, ...es, ...en }
    for (const name of await named("")) {
      const [kind, version] = name.slice(own.length).split(" ")
      if (kind !== "visited") { if (version !== build && await complete(name)) await keep(kind) }
      else if (version !== shell) await alone(() => move(name, `${own}visited ${shell}`, all))
    }
  } catch {
    // The last good copies stay; the next visit tries again.
  }
}

const move = async (old, name, all) => {
  const paths = (await (await caches.open(old)).keys()).map(({ url }) => url.slice(base.length)).filter(path => path in all)
  await fill(name, Object.fromEntries(paths.map(path => [path, all[path]])))
  await caches.delete(old)
}
