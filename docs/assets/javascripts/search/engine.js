// Finds the page that answers a message, a symptom or a half-remembered phrase. No network, no storage: an index in, rows out.
import { fold, lexicon, near, term, terms, wordsOf } from "./text.js"
import { scrub } from "./privacy.js"

// What each sign of a right page is worth, and what tells that the first page answers the query at all. Both by logistic regression on the queries marked
// `tune` in tests/search/queries.yml, each asked of an index without itself; those marked `held` measure. By hand: exact, so that
// each phrase finds its own page, section, and ENOUGH, which keeps 97 % of the answers to `tune`.
const tuned = { found: 2.6, share: 3.7, shares: 2.6, alike: 1.6, alikes: 1.5, lean: 0.86, pairs: 0.33, exact: 2, problem: 0.23, section: -2 }
const sure = { share: 5.2, lean: 0.36, inside: 3.8, known: 1.9, named: 0.8, words: 1.9 }, ENOUGH = 10
// How surely a word is another one letter away, and two; what a word that nobody here uses weighs; what the first step weighs beside phrases.
const ONE = 0.86, TWO = 0.72, UNKNOWN = 0.13, STEP = 0.43
const ROWS = 8, KINDS = ["page", "other", "section"]
// Added to every count, so that one text proves little; and the most that one word may speak against a page.
const SMOOTH = 0.3, LEAST = -3

/** Every three letters in a row of a list of terms: what is left alike when the words are not. */
const threes = terms => {
  const text = ` ${terms.join(" ")} `
  return [...new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, at) => text.slice(at, at + 3)))]
}

/** Neighbours in a list of terms. */
const pairs = terms => terms.slice(1).map((term, at) => `${terms[at]} ${term}`)

/** The sign that stands for a term in the phrases of an index, by its place; overrides/hooks/guia/files/search.py writes them. */
export const sign = at => String.fromCharCode(at < 92 ? at + 35 : at < 699 ? at + 69 : at + 181)

/** Prepare an index of columns {url, title, code, step, messages, phrases, kind} and {terms, same, ignore, names} for search(). */
export const prepare = ({ terms: vocabulary, same, ignore, names, ...columns }) => {
  const words = lexicon({ same, ignore, names }), signs = new Map(vocabulary.split(" ").map((term, at) => [sign(at), term]))
  const read = text => [...new Set(terms(text, words))]
  const pages = columns.url.map((url, at) => {
    const { title, code, step, messages, phrases, kind } = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[at]]))
    const texts = [{ text: "", terms: read(title) }, ...messages.map(text => ({ text, terms: read(text) })), ...phrases && phrases.split(" ").map(phrase => ({ text: "", terms: [...phrase].map(one => signs.get(one)) }))]
    const parts = texts.filter(({ terms }) => terms.length).map(part => ({ ...part, threes: threes(part.terms) }))
    return { url, title, code, step, kind: code ? "problem" : KINDS[kind], parts, first: read(step) }
  })
  // Map term or pair -> Map page -> how many of its texts have it; and the pages that have a term in a text or, worth less, in their first step.
  const counts = new Map(), found = new Map()
  const set = (map, key, at, value) => (map.get(key) ?? map.set(key, new Map()).get(key)).set(at, value)
  pages.forEach(({ kind, parts, first }, at) => {
    for (const term of first) set(found, term, at, STEP)
    for (const { terms } of parts) {
      for (const term of terms) set(found, term, at, 1)
      if (kind !== "section") for (const term of [...terms, ...pairs(terms)]) set(counts, term, at, (counts.get(term)?.get(at) ?? 0) + 1)
    }
  })
  const rare = term => Math.log(1 + pages.length / ((found.get(term)?.size ?? 0) + 0.5))
  const all = pages.reduce((sum, { kind, parts }) => sum + (kind === "section" ? 0 : parts.length), 0)
  // Every key a typed word may be near to, with the term it stands for: the index's own and all synonyms of them.
  const keys = [...found.keys()].map(key => [key, key]).concat([...words.words].filter(([, first]) => found.has(first)))
  return { pages, counts, found, all, words, rare, keys: keys.filter(([key]) => !/^\d+$/.test(key)), seen: new Map(), leans: new Map() }
}

/** Terms of the vocabulary that a typed term may mean: Map term -> how surely (0 to 1). */
const meant = (typed, last, { found, keys, seen }) => {
  const memo = last ? `${typed}*` : typed
  if (seen.has(memo)) return seen.get(memo)
  const some = new Map(found.has(typed) ? [[typed, 1]] : [])
  const add = (term, sure) => some.set(term, Math.max(some.get(term) ?? 0, sure))
  if (!/^\d+$/.test(typed) && typed.length > 1)
    for (const [key, term] of keys)
      if (last && key !== typed && key.startsWith(typed)) add(term, 1)
      else if (!found.has(typed) && key.length > 2) {
        // Of three letters the first one must be right: more would be anything.
        if ((typed.length > 3 || key[0] === typed[0] && key.length > 3) && near(typed, key, 1)) add(term, ONE)
        else if (typed.length > 6 && near(typed, key, 2)) add(term, TWO)
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

/** How well the texts of a page are covered by the query and the query by them, word by word and letter by letter; the message that is nearest, and whether it is there whole. */
const closeness = ({ parts }, { chances, total, letters }, rare) => {
  const shares = [], alikes = []
  let top = 0, message = "", whole = false
  for (const { text, terms, threes } of parts) {
    const all = terms.reduce((sum, term) => sum + rare(term), 0)
    const got = terms.reduce((sum, term) => sum + rare(term) * (chances.get(term) ?? 0), 0)
    const ofPart = got / all, ofQuery = Math.min(1, got / total)
    const pasted = text && terms.length > 2 && ofPart > 0.7
    const share = Math.max(2 * ofPart * ofQuery / (ofPart + ofQuery || 1), pasted ? ofPart : 0)
    if (share > top) [top, message, whole] = [share, text, pasted]
    shares.push(share)
    alikes.push(2 * threes.filter(three => letters.has(three)).length / (threes.length + letters.size || 1))
  }
  const [share, next] = best(shares), [alike, others] = best(alikes)
  return { share, shares: next, alike, alikes: others, message, whole }
}

/** For each page, how much likelier its texts have a term or a pair than those of other pages: the logarithm of the ratio. */
const leaning = (term, { counts, pages, all, leans }) => {
  if (!leans.has(term)) {
    const here = counts.get(term) ?? new Map(), total = [...here.values()].reduce((sum, count) => sum + count, 0)
    leans.set(term, pages.map(({ kind, parts }, at) => {
      if (!total || kind === "section") return 0
      const count = here.get(at) ?? 0, others = 3 * SMOOTH
      return Math.max(LEAST, Math.log((count + SMOOTH) / (parts.length + 2 * SMOOTH) / ((total - count + others) / (all - parts.length + 2 * others))))
    }))
  }
  return leans.get(term)
}

/** The sum over the typed terms, or pairs, of what they say for each page, by the root of how many there are. */
const leanings = (meanings, count, index) => {
  const sums = index.pages.map(() => 0)
  for (const some of meanings)
    for (const [term, sure] of some) leaning(term, index).forEach((value, at) => { sums[at] += value * sure / some.size })
  return sums.map(sum => sum / Math.sqrt(count))
}

/** What is known of a query: its terms, what they may mean, and how much of it each page has. */
const understood = (typed, typing, index) => {
  const { pages, found, rare } = index, chances = new Map(), had = pages.map(() => 0)
  let total = 0
  const meanings = typed.map((term, at) => {
    const some = meant(term, typing && at === typed.length - 1, index), here = new Map()
    const worth = some.size ? Math.max(...[...some.keys()].map(rare)) : rare(term) * UNKNOWN
    total += worth
    for (const [other, sure] of some) {
      chances.set(other, Math.max(chances.get(other) ?? 0, sure))
      for (const [page, weight] of found.get(other)) here.set(page, Math.max(here.get(page) ?? 0, worth * sure * weight))
    }
    for (const [page, got] of here) had[page] += got
    return some
  })
  const lean = leanings(meanings, typed.length, index), both = leanings(pairs(typed).map(pair => new Map([[pair, 1]])), typed.length, index)
  const known = meanings.filter(some => some.size).length / typed.length
  return { typed, meanings, chances, total, had, lean, both, known, letters: new Set(threes(typed)) }
}

/** The sum of some signs, each by its worth. */
const weigh = (signs, worth) => Object.entries(worth).reduce((sum, [name, value]) => sum + value * signs[name], 0)

/** Every page with what speaks for it: {page, signs: as in `tuned`, score, text: the message that it matches, whole: whether all of the query or message is there}. */
const weighed = (query, index) => index.pages.map((page, at) => {
  const { share, shares, alike, alikes, message, whole } = closeness(page, query, index.rare)
  const section = Number(page.kind === "section"), exact = Number(share > 0.97 && query.known === 1 && !section)
  const signs = { found: query.had[at] / query.total, share, shares, alike, alikes, lean: query.lean[at], pairs: query.both[at], exact, problem: Number(page.kind === "problem"), section }
  return { page, signs, score: weigh(signs, tuned), text: message, whole: Boolean(exact) || whole }
})

/** Rows for a query, best first: {page, score, text}; `text` is the message that it matches. Empty when no page answers it. */
export const search = (raw, index, typing = false) => {
  const text = scrub(raw), { pages } = index
  const code = /^\s*(?:(?:el|the|mi|my)\s+)?(?:c[oó]d(?:igo)?|code|problema?|n[uú]mero|number|n[oº.]+|e)?\.?\s*#?\/?\s*0?(\d{1,2})\s*\/?\s*$/i.exec(text)
  const byCode = code && pages.findIndex(page => page.code && Number(page.code) === Number(code[1]))
  if (byCode >= 0 && code) return [{ page: pages[byCode], score: 1, text: "" }]
  const typed = typedTerms(text, index)
  // The first letter or two of the next word say nothing yet.
  if (typing && typed.length > 1 && typed.at(-1).length < 3 && !index.found.has(typed.at(-1))) typed.pop()
  if (!typed.length) return []
  const query = understood(typed, typing, index)
  const rows = weighed(query, index).sort((a, b) => b.score - a.score || a.page.url.localeCompare(b.page.url))
  return answers(rows[0], query, index.words.names(text)) ? rows.slice(0, ROWS) : []
}

/** Whether the best row answers the query at all: all of it is there, it is one word of ours, as at the start of typing, or enough is known of it. */
const answers = ({ page, signs, whole }, { typed, meanings, known }, named) => {
  const words = new Set(page.parts.flatMap(({ terms }) => terms))
  const inside = meanings.reduce((sum, some) => sum + Math.max(0, ...[...some].map(([term, sure]) => words.has(term) ? sure : 0)), 0) / typed.length
  const ours = typed.length === 1 && known && (typed[0].length > 4 || [...meanings[0].values()].includes(1))
  return whole || ours || weigh({ ...signs, inside, known, named: Number(named), words: Math.log(typed.length) }, sure) > ENOUGH
}

/** Text as HTML, with the words that the query holds marked. */
export const marked = (text, raw, index) => {
  const wanted = new Set(typedTerms(scrub(raw), index).flatMap(typed => [...meant(typed, false, index).keys()]))
  return text.split(/([\p{L}\d]+)/u).map((part, at) => {
    const safe = part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`)
    return at % 2 && fold(part) && wanted.has(term(fold(part), index.words)) ? `<mark>${safe}</mark>` : safe
  }).join("")
}
