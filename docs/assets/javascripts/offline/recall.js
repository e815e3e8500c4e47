// Takes the place of /sw.js in a build with WORKER=off: at the next visit it removes every copy of the guide, and then itself.
const recall = async () => {
  for (const name of await caches.keys()) if (name.startsWith(`${registration.scope} `)) await caches.delete(name)
  await registration.unregister()
}
self.oninstall = () => self.skipWaiting()
self.onactivate = event => event.waitUntil(recall())
