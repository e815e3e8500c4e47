// Stands in the place of the theme's search worker and speaks its protocol: 0 set up, 1 ready, 2 query, 3 result.
// The engine comes when the search is opened, the index at the first query; what failed is tried again at the next one.
const here = new URL(self.location), given = here.searchParams
const words = JSON.parse(given.get("words"))
let engine, ready, latest = 0

const start = () => engine ??= import(new URL("engine.js", here)).catch(error => { engine = undefined; throw error })

const load = () => ready ??= Promise.all([
  start(),
  fetch(new URL(given.get("index"), here)).then(answer => answer.ok ? answer.json() : Promise.reject(answer.status)),
]).then(([engine, index]) => ({ ...engine, index: engine.prepare(index) })).catch(error => { ready = undefined; throw error })

const answer = (items, turn) => turn === latest && self.postMessage({ type: 3, data: { items } })

// The same page in the other language.
const twin = url => url.startsWith("en/") ? url.slice(3).replace(/^$/, "./") : `en/${url}`

const notice = (title, text, location) => [[{ location, title, text, score: 0, terms: {} }]]

const run = async (query, turn) => {
  if (!query.trim()) return answer([], turn)
  try {
    const { search, marked, index } = await load()
    const rows = search(query, index, true)
    const items = rows.map(({ page, score, text }) => [{
      location: page.url, title: marked(page.title, query, index), score, terms: {},
      text: (text ? `<p class="found">${marked(text, query, index)}</p>` : "") + (page.step ? `<p>${marked(page.step, query, index)}</p>` : ""),
    }])
    if (items.length) {
      // The theme hides what scores less than the page that it is drawn below.
      const other = { location: twin(rows[0].page.url), title: words.other.replace("#", rows.length), text: "", score: rows.at(-1).score, terms: {} }
      // The theme draws a page before its sections, and where all have a fragment the last one first.
      const last = items.at(-1)
      if (last[0].location.includes("#")) { other.location = `${other.location.split("#")[0]}#`; last.unshift(other) }
      else last.push(other)
    }
    answer(items, turn)
  } catch {
    answer(notice(words.failed, words.list, given.get("list")), turn)
  }
}

self.onmessage = ({ data: { type, data } }) => {
  if (type === 0) {
    start().catch(() => {})
    self.postMessage({ type: 1 })
  }
  if (type === 2) run(data, ++latest)
}
