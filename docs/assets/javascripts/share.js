// Copies and shares addresses and ready answers, and filters their list; site.js calls `click` and `input` with what was used.
const status = document.querySelector("[data-copied]")
const row = document.querySelector("[data-row]")
const heading = document.querySelector("h1")
let waiting

// Emptied first, so that the same words are announced again; said once the reader stops typing; gone before they cover the text for long.
const say = (words, seconds) => {
  clearTimeout(waiting)
  status.textContent = ""
  waiting = setTimeout(() => {
    status.textContent = words
    waiting = setTimeout(() => status.textContent = "", seconds * 1000)
  }, 300)
}

// Without permission, or on a page served without https, the reader copies what is now selected.
const copy = async place => {
  try {
    await navigator.clipboard.writeText(place.textContent)
    say(status.dataset.copied, 5)
  } catch {
    getSelection().selectAllChildren(place)
    say(status.dataset.notCopied, 20)
  }
}

// The address as it is published, not as this visit got here, with the section that was chosen.
const copySection = link => {
  const place = row.querySelector("[data-text]")
  const title = link.parentElement
  place.textContent = document.querySelector("[rel=canonical]").href + link.hash
  row.dataset.title = `${heading.textContent}: ${title.textContent.slice(0, -link.textContent.length)}`
  row.querySelector("a").href = "https://wa.me/?text=" + encodeURIComponent(`${row.dataset.title} ${place.textContent}`)
  row.hidden = false
  title.after(row)
  copy(place)
}

export const click = pressed => {
  if (pressed.hash) return copySection(pressed)
  const box = pressed.parentElement, place = box.querySelector("[data-text]")
  const title = box.dataset.title || heading.textContent
  if ("copy" in pressed.dataset) copy(place)
  if ("share" in pressed.dataset) navigator.share({ title, url: place.textContent }).catch(() => {})
  if ("mail" in pressed.dataset) location.href = `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(place.textContent.replaceAll("\n", "\r\n"))}`
}

const fold = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()

export const input = box => {
  const list = document.querySelector("[data-list]"), words = fold(box.value).split(/\s+/)
  for (const item of list.querySelectorAll("li")) item.hidden = !words.every(word => fold(item.textContent).includes(word))
  list.open = true
  say(status.dataset.found.replace("#", list.querySelectorAll("li:not([hidden])").length), 5)
}
