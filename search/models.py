"""The words that public candidacies write: what a misspelt word may have meant."""

from typing import ClassVar

from django.db import models

from cms.catalogs.models import Process

# «Electroencefalografistas» has 24 letters.
LONGEST_WORD = 40


class PublicWord(models.Model):
    """A word that at least two public candidacies of a process write.

    A word that a single candidacy writes is not kept, so that nothing of its own is proposed. The
    table is derived from the public rows (`search.public_words`) and is never shown by itself.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="+")
    word = models.CharField(max_length=LONGEST_WORD, help_text="Folded.")
    written = models.CharField(max_length=LONGEST_WORD, help_text="As most candidacies write it.")
    candidacies = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "word"], name="search_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class PublicWordsRead(models.Model):
    """Of which public rows the words of a process were taken; a change of them is found by it."""

    process = models.OneToOneField(Process, models.CASCADE, primary_key=True, related_name="+")
    fingerprint = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.process_id}: {self.fingerprint}"
