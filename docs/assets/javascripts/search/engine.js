// Finds the page that answers a message, a symptom or a half-remembered phrase. No network, no storage: an index in, rows out.
import { fold, lexicon, near, term, terms, wordsOf } from "./text.js"
import { scrub } from "./privacy.js"

// Found by random search on the queries marked `tune` in tests/search/queries.yml; those marked `held` measure.
export const tuned = {
  title: 1.07, message: 0.34, phrase: 1.03, step: 0.43, // what a part of a page is worth
  problem: 1, page: 0.9, other: 1, section: 0.28, // what a kind of page is worth
  prefix: 1, one: 0.86, two: 0.72, // how surely a word is another: its beginning, one letter away, two
  share: 0.59, shares: 0.15, alike: 1.08, alikes: 0.41, exact: 0.39, // a whole phrase or message: its words, its letters, both, and the same of the next two
  unknown: 0.13, // words nobody here uses
  found: 2.26, inside: 3.59, weight: 0.45, named: 2.88, enough: 3.9, // whether the first row answers the query: see answers()
}
const ROWS = 8, KINDS = ["page", "other", "section"]

/** Every three letters in a row of a list of terms: what is left alike when the words are not. */
const threes = terms => {
  const text = ` ${terms.join(" ")} `
  return [...new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, at) => text.slice(at, at + 3)))]
}

/** Prepare an index of columns {url, title, code, step, messages, phrases, kind, same, ignore, names} for search(). */
export const prepare = ({ same, ignore, names, ...columns }) => {
  const words = lexicon({ same, ignore, names })
  const pages = columns.url.map((url, at) => {
    const { title, code, step, messages, phrases, kind } = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[at]]))
    const texts = [["title", title], ...messages.map(text => ["message", text]), ...phrases.map(text => ["phrase", text]), ["step", step]]
    const parts = texts.map(([part, text]) => ({ part, text, terms: [...new Set(terms(text, words))] })).map(part => ({ ...part, threes: threes(part.terms) }))
    return { url, title, code, step, kind: code ? "problem" : KINDS[kind], parts }
  })
  const found = new Map()
  pages.forEach((page, at) => page.parts.forEach(({ part, terms }) => terms.forEach(term => {
    if (!found.has(term)) found.set(term, new Map())
    const posts = found.get(term)
    posts.set(at, Math.max(posts.get(at) ?? 0, tuned[part]))
  })))
  const rare = term => Math.log(1 + pages.length / ((found.get(term)?.size ?? 0) + 0.5))
  // Every key a typed word may be near to, with the term it stands for: the index's own and all synonyms of them.
  const keys = [...found.keys()].map(key => [key, key]).concat([...words.words].filter(([, first]) => found.has(first)))
  return { pages, found, words, rare, keys: keys.filter(([key]) => !/^\d+$/.test(key)), seen: new Map() }
}

/** Terms of the vocabulary that a typed term may mean: Map term -> how surely (0 to 1). */
const meant = (typed, last, { found, keys, seen }) => {
  const memo = last ? `${typed}*` : typed
  if (seen.has(memo)) return seen.get(memo)
  const some = new Map(found.has(typed) ? [[typed, 1]] : [])
  const add = (term, sure) => some.set(term, Math.max(some.get(term) ?? 0, sure))
  if (!/^\d+$/.test(typed) && typed.length > 2)
    for (const [key, term] of keys)
      if (last && key !== typed && key.startsWith(typed)) add(term, tuned.prefix)
      else if (!found.has(typed) && typed.length > 3 && key.length > 2) {
        if (near(typed, key, 1)) add(term, tuned.one)
        else if (typed.length > 6 && near(typed, key, 2)) add(term, tuned.two)
      }
  seen.set(memo, some)
  return some
}

/** Typed terms in order, each once; words run together are cut, words torn apart joined, when that makes words of the index. */
const typedTerms = (text, index) => {
  const { words: lex, found } = index, list = wordsOf(text, lex), out = []
  const known = word => found.has(term(word, lex))
  for (let i = 0; i < list.length; i++) {
    const word = list[i], next = list[i + 1] ?? ""
    const torn = word.length + next.length > 5 && !lex.ignored.has(next) && !known(word) && !known(next) && known(word + next)
    if (torn) out.push(term(list[i++] + next, lex))
    else if (lex.ignored.has(word)) continue
    else if (known(word) || meant(term(word, lex), false, index).size || word.length < 6) out.push(term(word, lex))
    else out.push(...cut(word, known, lex.ignored)?.filter(piece => !lex.ignored.has(piece)).map(piece => term(piece, lex)) ?? [term(word, lex)])
  }
  return [...new Set(out)]
}

/** The fewest known words that a run-together word is made of, or nothing. */
const cut = (word, known, ignored) => {
  const ways = [[]]
  for (let end = 1; end <= word.length; end++)
    for (let from = 0; from < end; from++) {
      const piece = word.slice(from, end)
      if (ways[from] && (piece.length > 2 && known(piece) || ignored.has(piece) || piece === "no") && !(ways[end]?.length <= ways[from].length + 1)) ways[end] = [...ways[from], piece]
    }
  return ways[word.length]
}

/** The best of some numbers and the sum of the next two. */
const best = numbers => {
  const [first = 0, second = 0, third = 0] = numbers.sort((a, b) => b - a)
  return [first, second + third]
}

/** How well a page's title, messages and phrases are covered by the query and the query by them, word by word and letter by letter. */
const closeness = (page, chances, total, rare, letters) => {
  const shares = [], alikes = []
  let top = 0, text = "", whole = false
  for (const { part, text: shown, terms, threes } of page.parts) {
    if (part === "step" || !terms.length) continue
    const all = terms.reduce((sum, term) => sum + rare(term), 0)
    const got = terms.reduce((sum, term) => sum + rare(term) * (chances.get(term) ?? 0), 0)
    const ofPart = got / all, ofQuery = Math.min(1, got / total)
    const pasted = part === "message" && terms.length > 2 && ofPart > 0.7
    const share = Math.max(2 * ofPart * ofQuery / (ofPart + ofQuery || 1), pasted ? ofPart : 0)
    if (share > top) [top, text, whole] = [share, part === "message" ? shown : "", pasted]
    shares.push(share)
    alikes.push(2 * threes.filter(three => letters.has(three)).length / (threes.length + letters.size))
  }
  const [share, nextShares] = best(shares), [alike, nextAlikes] = best(alikes)
  return { share, text, whole, value: tuned.share * share + tuned.shares * nextShares + tuned.alike * alike + tuned.alikes * nextAlikes }
}

/** Rows for a query, best first: {page, score, text}; `text` is the message that it matches. Empty when no page answers it. */
export const search = (raw, index, typing = false) => {
  const text = scrub(raw), { pages, rare } = index
  const code = /^\s*(?:(?:el|the|mi|my)\s+)?(?:c[oó]d(?:igo)?|code|problema?|n[uú]mero|number|n[oº.]+|e)?\.?\s*#?\/?\s*0?(\d{1,2})\s*\/?\s*$/i.exec(text)
  const byCode = code && pages.findIndex(page => page.code && Number(page.code) === Number(code[1]))
  if (byCode >= 0 && code) return [{ page: pages[byCode], score: 1, text: "", sure: 1 }]
  const typed = typedTerms(text, index)
  if (!typed.length) return []
  const scores = new Map(), chances = new Map()
  let total = 0
  typed.forEach((term, at) => {
    const some = meant(term, typing && at === typed.length - 1, index)
    const worth = some.size ? Math.max(...[...some.keys()].map(rare)) : rare(term) * tuned.unknown
    total += worth
    const here = new Map()
    for (const [other, sure] of some) {
      chances.set(other, Math.max(chances.get(other) ?? 0, sure))
      for (const [page, weight] of index.found.get(other))
        here.set(page, Math.max(here.get(page) ?? 0, worth * sure * weight))
    }
    for (const [page, got] of here) scores.set(page, (scores.get(page) ?? 0) + got)
  })
  const letters = new Set(threes(typed))
  const rows = [...scores].map(([at, got]) => {
    const page = pages[at], near = closeness(page, chances, total, rare, letters)
    const exact = near.share > 0.97 && page.kind !== "section"
    const worth = exact ? 1 : tuned[page.kind]
    return { page, score: (got / total + near.value + (exact ? tuned.exact : 0)) * worth, text: near.text, got, exact: exact || near.whole }
  }).sort((a, b) => b.score - a.score || a.page.url.localeCompare(b.page.url))
  return rows.length && answers(rows[0], typed, total, index.words.names(text)) ? rows.slice(0, ROWS) : []
}

/** Whether the best row answers the query at all: how much of it was found, how many of its words stand on the page, how telling they are, and whether it names the IESS. */
const answers = ({ page, got, exact }, typed, total, named) => {
  const inside = typed.filter(term => page.parts.some(part => part.terms.includes(term))).length / typed.length
  return exact || tuned.found * got / total + tuned.inside * inside + tuned.weight * got + (named ? tuned.named : 0) > tuned.enough
}

/** Text as HTML, with the words that the query holds marked. */
export const marked = (text, raw, index) => {
  const wanted = new Set(typedTerms(scrub(raw), index).flatMap(typed => [...meant(typed, false, index).keys()]))
  return text.split(/([\p{L}\d]+)/u).map((part, at) => {
    const safe = part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`)
    return at % 2 && fold(part) && wanted.has(term(fold(part), index.words)) ? `<mark>${safe}</mark>` : safe
  }).join("")
}
