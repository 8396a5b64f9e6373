// How many characters a text has: a copy of `count` in cms/catalogs/spanish.py, and tested against it.
"use strict";
globalThis.countCharacters = (() => {
  const lineEnds = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu;
  const separators = /[\u200B\u2063\u180E\u2800\u3164\u115F\u1160\uFFA0]/gu;
  const nothing = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}\x00-\x08\x0B-\x1F\x7F-\x9F\uFFFC]+/gu;
  const manyMarks = /(\p{M}{4})\p{M}+/gu;
  const blanks = /[\p{Zs}\t\n]+/gu;

  const clean = (text) => text
    .replace(lineEnds, "\n").replace(separators, " ").replace(nothing, "").replace(manyMarks, "$1")
    .normalize("NFC").replace(manyMarks, "$1").replace(/^[\p{Zs}\t\n]+|[\p{Zs}\t\n]+$/gu, "");

  return (text, withoutBlanks) => {
    const kept = clean(text);
    return [...(withoutBlanks ? kept.replace(blanks, "") : kept)].length;
  };
})();
