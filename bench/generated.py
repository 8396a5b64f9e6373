"""Generates words and texts that are shaped like real answers, for benchmarks only.

The number of different words, their frequencies (Zipf) and the lengths of the answers follow what
was measured on an official export. None of its words is here.
"""

import random
from bisect import bisect
from itertools import accumulate

VOCABULARY = 11_000
# Function words: almost half of the words of a Spanish text. The search leaves them out.
FUNCTION_WORDS = (
    *("de", "la", "que", "el", "en", "y", "a", "los", "se", "del", "las", "un", "por", "con"),
    *("no", "una", "su", "para", "es", "al", "lo", "como", "más", "o", "pero", "sus", "le", "ha"),
    *("me", "si", "sin", "sobre", "este", "ya", "entre", "cuando", "todo", "esta", "ser", "son"),
    *("dos", "también", "fue", "había", "era", "muy"),
)
FUNCTION_SHARE = 0.44
# Question → (mean, largest) number of characters. Lengths are log-normal around the mean.
ANSWER_LENGTHS = {
    "cursos": (230, 1100),
    "historia_profesional": (590, 3700),
    "trayectoria_politica": (525, 3900),
    "motivo_cargo": (515, 2400),
    "propuesta_1": (490, 1600),
    "propuesta_2": (490, 1600),
    "propuesta_genero": (500, 1600),
}
SPREAD = 0.7

_ONSETS = (
    *("b", "br", "c", "ch", "d", "f", "g", "gr", "j", "l", "ll", "m", "n", "p", "pl", "pr", "qu"),
    *("r", "s", "t", "tr", "v", "z"),
)
_NUCLEI = (*"aaaeeeioo", "u", "ia", "ie", "io", "ue", *"áéíóú")
_CODAS = ("", "", "", "", "n", "r", "s", "l")
_ENDINGS = (
    *("o", "a", "os", "as", "ar", "er", "ir", "ado", "ido", "ción", "ciones", "dad", "mente"),
    *("ista", "ura", "al", "ales"),
)


class Vocabulary:
    """An invented language, the same for the same seed."""

    def __init__(self, seed: int = 2024, size: int = VOCABULARY) -> None:
        self.random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < size:
            words[self._word()] = None
        self.words = list(words)
        # Zipf's law, flatter at the top since function words are counted apart.
        self._cumulative = list(accumulate(1 / (rank + 8) for rank in range(size)))
        self.surnames = [self._word().capitalize() for _ in range(2500)]
        self.given_names = [self._word().capitalize() for _ in range(400)]

    def _syllable(self) -> str:
        return "".join(map(self.random.choice, (_ONSETS, _NUCLEI, _CODAS)))

    def _word(self) -> str:
        stem = "".join(self._syllable() for _ in range(self.random.choice((1, 2, 2, 3))))
        return stem + self.random.choice(_ENDINGS)

    def word(self) -> str:
        """A content word, as frequent as its rank says."""
        point = self.random.random() * self._cumulative[-1]
        return self.words[bisect(self._cumulative, point)]

    def text(self, length: int) -> str:
        """Sentences of about `length` characters, never longer."""
        parts: list[str] = []
        size = 0
        while size < length:
            choose_function = self.random.random() < FUNCTION_SHARE
            word = self.random.choice(FUNCTION_WORDS) if choose_function else self.word()
            ending = ". " if self.random.random() < 0.06 else " "
            parts.append(word + ending)
            size += len(word) + len(ending)
        return "".join(parts)[:length].strip().capitalize()

    def answer(self, question: str, *, shortest: int = 0) -> str:
        """A text as long as people write in answer to that question."""
        mean, largest = ANSWER_LENGTHS[question]
        # The mean of a log-normal is exp(mu + sigma²/2).
        scale = mean / 2.718281828 ** (SPREAD**2 / 2)
        length = int(self.random.lognormvariate(0, SPREAD) * scale)
        return self.text(max(shortest, min(largest, max(length, 40))))

    def name(self) -> str:
        """One or two given names and two surnames."""
        given = self.random.choices(self.given_names, k=self.random.choice((1, 2)))
        return " ".join([*given, *self.random.choices(self.surnames, k=2)])
