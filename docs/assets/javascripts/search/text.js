// Turns what people type, paste or dictate into words that can be compared: folding, sound, stems and synonyms.

/** Lower case without accents or punctuation. */
export const fold = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim()

const SOUNDS = [
  [/ph/g, "f"], [/ch/g, "C"], [/sh/g, "C"], [/h/g, ""], [/ll/g, "y"], [/v/g, "b"], [/w/g, "u"], [/qu/g, "k"], [/q/g, "k"], [/c(?=[ei])/g, "s"], [/c/g, "k"],
  [/[zx]/g, "s"], [/gu(?=[ei])/g, "g"], [/g(?=[ei])/g, "j"], [/y$/g, "i"], [/^y(?=[aeou])/g, "y"], [/(.)\1+/g, "$1"],
]
const ENDINGS = /(?:iendo|ando|amos|imos|aron|ieron|adas|ados|idas|idos|aste|iste|ada|ado|ida|ido|aba|ion|ing|ed|ar|er|ir|an|en|es|s)$/

/** How a folded word sounds in Ecuador: b/v, s/c/z/x, silent h, ll/y, g/j, qu/k, doubled letters. Numbers stay as they are. */
export const sound = word => /\d/.test(word) ? word : SOUNDS.reduce((key, [pattern, by]) => key.replace(pattern, by), word)

/** Sound without the ending that number, gender or tense gives, in Spanish and English; at least three letters stay. */
export const stem = word => {
  const key = sound(word)
  if (/\d/.test(key) || key.length < 4) return key
  const cut = key.replace(ENDINGS, "")
  const base = cut.length >= 3 ? cut : key
  return base.length > 3 ? base.replace(/[aeiou]$/, "") : base
}

/** Words and phrases of docs/data/synonyms.yml, ready to apply: {phrases: [[text, first]], words: Map stem -> stem, ignored: Set of folded words, names: text -> whether it names the IESS}. */
export const lexicon = ({ same, ignore, names }) => {
  const ours = new Set(names.split(" "))
  const words = new Map(), phrases = []
  for (const [first, ...others] of same)
    for (const other of others.map(fold))
      if (other.includes(" ")) phrases.push([` ${other} `, ` ${first} `])
      else if (!words.has(stem(other))) words.set(stem(other), stem(first))
  phrases.sort((a, b) => b[0].length - a[0].length)
  return { phrases, words, ignored: new Set([...ignore.split(" "), ...ours]), names: text => fold(text).split(" ").some(word => ours.has(word)) }
}

/** Folded words of a text, phrases that mean one thing joined. */
export const wordsOf = (text, { phrases }) =>
  phrases.reduce((all, [from, to]) => all.includes(from) ? all.replaceAll(from, to) : all, ` ${fold(text)} `).trim().split(" ").filter(Boolean)

/** The term of one folded word: its stem, or that of the first of its synonyms. */
export const term = (word, { words }) => words.get(stem(word)) ?? stem(word)

/** Terms of a text, ignored words left out. */
export const terms = (text, lex) => wordsOf(text, lex).filter(word => !lex.ignored.has(word)).map(word => term(word, lex))

/** Whether two keys differ by at most `most` letters changed, missing, added or swapped. */
export const near = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return false
  let before = [], row = [...Array(b.length + 1).keys()]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1)
      least = Math.min(least, next[j])
    }
    if (least > most) return false
    before = row
    row = next
  }
  return row[b.length] <= most
}
