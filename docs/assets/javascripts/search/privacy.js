// What must never leave the search box: cédulas, RUCs, phones, e-mails, dates of birth, addresses and what looks like a password.
const HTTP_CODES = /^(?:[45]\d\d\D*)+$/
const ERROR_CODE = /^error-?\d{3}\D*$/i
const PERSONAL = [
  [/https?:\/\/\S+/gi, " "],
  [/\S+@\S*/g, " "],
  [/\+?\d(?:[\s.\-/]{0,2}\d){5,}/g, digits => HTTP_CODES.test(digits) ? digits : " "],
  [/\b\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\b/g, " "],
  [/\b\d{1,2}\s+(?:de\s+)?[a-z]{3,12}\s+(?:del?\s+)?(?:19|20)?\d\d\b/gi, " "],
  [/\b(clave|contraseña|contrasena|password|pass|pin)\s*(?:es|is|:|=)\s+\S*\d\S*/gi, "$1 "],
  [/(?=\S*\d)(?=\S*[a-záéíóúñ])\S{6,}/gi, word => ERROR_CODE.test(word) ? word : " "],
  [/(?=\S*[a-záéíóúñ\d])\S*[#$%&*+=^~]\S+/gi, " "],
  [/[a-záéíóúñ]+!+[a-z\d]\S*/gi, " "],
]

/** The text without personal data. */
export const scrub = text => PERSONAL.reduce((all, [pattern, by]) => all.replace(pattern, by), text)
