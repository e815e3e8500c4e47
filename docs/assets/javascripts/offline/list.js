// Lists the pages that are kept, on the page that says there is no connection. All it needs lies in the caches.
const own = `${new URL("../../../", import.meta.url)} `
const list = document.querySelector("ul"), seen = new Set

for (const name of await caches.keys())
  for (const { url } of name.startsWith(own) ? await (await caches.open(name)).keys() : []) {
    if (seen.has(url) || !url.endsWith("/")) continue
    seen.add(url)
    // Pages name the site after their title; the short addresses, which only lead on, do not.
    const [, lang, title] = /<html lang="?(\w+)[^]*?<title>([^<]*) - /.exec(await (await caches.match(url, { cacheName: name })).text()) ?? []
    if (title) list.insertAdjacentHTML("beforeend", `<li lang="${lang}"><a href="${url}">${title}</a></li>`)
  }
