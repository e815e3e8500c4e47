// Finds the page that answers a message, a symptom or a half-remembered phrase. No network, no storage: an index in, rows out.
import { fold, lexicon, near, term, terms, wordsOf } from "./text.js"
import { scrub } from "./privacy.js"

// Found by random search on the queries marked `tune` in tests/search/queries.yml; those marked `held` measure.
export const tuned = {
  title: 1.18, message: 1, phrase: 0.92, step: 0.37, bag: 0.49, // what a part of a page is worth
  problem: 1, page: 0.86, other: 1.01, section: 0.52, // what a kind of page is worth
  prefix: 0.62, one: 0.8, two: 0.86, // how surely a word is another: its beginning, one letter away, two
  share: 1.1, alike: 1.16, exact: 0.33, // a whole phrase or message: its words, its letters, both
  unknown: 0.11, doubt: 0.6, enough: 0.36, // words nobody here uses, in the order of answers and in the doubt whether there is one
}
const ROWS = 8

/** Every three letters in a row of a list of terms: what is left alike when the words are not. */
const threes = terms => {
  const text = ` ${terms.join(" ")} `
  return new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, at) => text.slice(at, at + 3)))
}

/** Prepare an index {pages: [[url, title, code, step, messages, phrases, bag, kind]], synonyms} for search(). */
export const prepare = index => {
  const words = lexicon(index.synonyms)
  const pages = index.pages.map(([url, title, code, step, messages, phrases, bag, kind]) => ({ url, title, code, step, kind, parts: [
    ["title", title], ...messages.map(text => ["message", text]), ...phrases.map(text => ["phrase", text]), ["step", step], ["bag", bag],
  ].map(([part, text]) => ({ part, text, terms: [...new Set(terms(text, words))] })).map(part => ({ ...part, threes: threes(part.terms) })) }))
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

/** How well a page's messages and phrases are covered by the query, and the query by them: {share 0..1, text}. */
const closest = (page, chances, total, rare, letters) => {
  let best = { share: 0, text: "", whole: 0 }, alike = 0
  for (const { part, text, terms, threes } of page.parts) {
    if (part === "bag" || part === "step" || !terms.length) continue
    const all = terms.reduce((sum, term) => sum + rare(term), 0)
    const got = terms.reduce((sum, term) => sum + rare(term) * (chances.get(term) ?? 0), 0)
    const ofPart = got / all, ofQuery = Math.min(1, got / total)
    const whole = part === "message" && terms.length > 2 ? ofPart : 0
    const share = Math.max(2 * ofPart * ofQuery / (ofPart + ofQuery || 1), whole > 0.7 ? whole : 0)
    if (share > best.share) best = { share, text: part === "title" ? "" : text, whole }
    let common = 0
    for (const three of threes) common += letters.has(three)
    alike = Math.max(alike, 2 * common / (threes.size + letters.size))
  }
  return { ...best, alike }
}

/** Rows for a query, best first: {page, score, text, sure}. Empty when no page answers it. */
export const search = (raw, index, typing = false) => {
  const text = scrub(raw), { pages, rare } = index
  const code = /^\s*(?:(?:el|the|mi|my)\s+)?(?:c[oó]d(?:igo)?|code|problema?|n[uú]mero|number|n[oº.]+|e)?\.?\s*#?\/?\s*0?(\d{1,2})\s*\/?\s*$/i.exec(text)
  const byCode = code && pages.findIndex(page => page.code && Number(page.code) === Number(code[1]))
  if (byCode >= 0 && code) return [{ page: pages[byCode], score: 1, text: "", sure: 1 }]
  const typed = typedTerms(text, index)
  if (!typed.length) return []
  const scores = new Map(), chances = new Map()
  let total = 0, asked = 0
  typed.forEach((term, at) => {
    const some = meant(term, typing && at === typed.length - 1, index)
    const worth = some.size ? Math.max(...[...some.keys()].map(rare)) : rare(term) * tuned.unknown
    total += worth
    asked += some.size ? worth : rare(term) * tuned.doubt
    const here = new Map()
    for (const [other, sure] of some) {
      chances.set(other, Math.max(chances.get(other) ?? 0, sure))
      for (const [page, weight] of index.found.get(other))
        here.set(page, Math.max(here.get(page) ?? 0, worth * sure * weight))
    }
    for (const [page, got] of here) scores.set(page, (scores.get(page) ?? 0) + got)
  })
  const letters = threes(typed)
  const rows = [...scores].map(([at, got]) => {
    const page = pages[at], near = closest(page, chances, total, rare, letters)
    const sure = Math.max(got / asked, near.whole > 0.7 ? 1 : 0)
    const exact = near.share > 0.97 && page.kind !== "section"
    const worth = exact ? 1 : tuned[page.code ? "problem" : page.kind]
    return { page, score: (got / total + tuned.share * near.share + tuned.alike * near.alike + (exact ? tuned.exact : 0)) * worth, text: near.text, sure }
  }).sort((a, b) => b.score - a.score || a.page.url.localeCompare(b.page.url))
  return rows.length && rows[0].sure * (0.5 + rows[0].score / 2) >= tuned.enough ? rows.slice(0, ROWS) : []
}

/** Text as HTML, with the words that the query holds marked. */
export const marked = (text, raw, index) => {
  const wanted = new Set(typedTerms(scrub(raw), index).flatMap(typed => [...meant(typed, false, index).keys()]))
  return text.split(/([\p{L}\d]+)/u).map((part, at) => {
    const safe = part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`)
    return at % 2 && fold(part) && wanted.has(term(fold(part), index.words)) ? `<mark>${safe}</mark>` : safe
  }).join("")
}
