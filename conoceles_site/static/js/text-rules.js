// How a text counts: the browser's copy of `clean_text` and `count` in cms/catalogs/spanish.py.
// One list of samples tests both.
"use strict";
(() => {
  const LINE_ENDS = /\r\n|[\r\x0b\x0c\x85\u2028\u2029]/gu;
  const BLANKS = /[\p{Zs}\u200B\u2063\u180E\u2800\u3164\u115F\u1160\uFFA0]/gu;
  const NOTHING = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}\x00-\x08\x0B-\x1F\x7F-\x9F\uFFFC]+/gu;
  const MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
  const ENDS = /^[ \t\n]+|[ \t\n]+$/gu;
  const SPACES = /[ \t\n]+/gu;

  const clean = (text) => {
    const seen = text.replace(LINE_ENDS, "\n").replace(BLANKS, " ").replace(NOTHING, "");
    const composed = seen.replace(MANY_MARKS, "$1").normalize("NFC");
    return composed.replace(MANY_MARKS, "$1").replace(ENDS, "");
  };
  const count = (text, withoutBlanks = false) => {
    const kept = clean(text);
    return [...(withoutBlanks ? kept.replace(SPACES, "") : kept)].length;
  };
  window.textRules = { clean, count };
})();
