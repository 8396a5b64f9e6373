"""The words of the search that staff edit: synonyms, familiar forms of names, protected words."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.common_words import refuse_common
from cms.catalogs.spanish import fold


class SynonymGroup(models.Model):
    """Words and phrases that mean nearly the same: who searches for one finds the others too.

    The search reads them with each question, so a change needs no new index.
    """

    terms = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("palabras o frases"),
        help_text=_("Separadas por comas: «agua, recursos hídricos, vital líquido»."),
    )
    reason = models.CharField(
        _("razón"),
        max_length=250,
        help_text=_("Por qué quien busca una queda contento si encuentra las otras."),
    )
    active = models.BooleanField(_("en uso"), default=True)

    class Meta:
        verbose_name = _("grupo de sinónimos")
        verbose_name_plural = _("grupos de sinónimos")
        ordering: ClassVar = ["terms"]

    def __str__(self) -> str:
        return ", ".join(self.terms)

    def clean(self) -> None:
        """Refuse fewer than two different terms, terms that nobody can search, and a group twice.

        Capitals and accents do not count.
        """
        super().clean()
        self.terms = [" ".join(term.split()) for term in self.terms or () if term.strip()]
        terms = {fold(term) for term in self.terms}
        if not terms:
            return  # The form already says what is wrong with them.
        if len(terms) < 2:
            raise ValidationError(
                {"terms": _("Escribe al menos dos palabras o frases distintas, con comas.")}
            )
        refuse_common("terms", self.terms)
        for other in SynonymGroup.objects.exclude(pk=self.pk):
            if terms <= {fold(term) for term in other.terms}:
                said = _("El grupo «%(group)s» ya las reúne. Cambia ese grupo.")
                raise ValidationError({"terms": said % {"group": other}})


def refuse_twice(row: "Hypocoristic | ProtectedWord", field: str) -> None:
    """Raise ValidationError if another row has the same word; capitals and accents do not count."""
    wanted = fold(getattr(row, field))
    others = type(row)._default_manager.exclude(pk=row.pk).values_list(field, flat=True)
    if found := next((word for word in others if fold(word) == wanted), None):
        raise ValidationError({field: _("«%(word)s» ya está en la lista.") % {"word": found}})


class Hypocoristic(models.Model):
    """A familiar form of a name («Lupita») and the names that it stands for."""

    familiar = models.CharField(
        _("forma familiar"), max_length=40, unique=True, help_text=_("Una sola palabra: «Lupita».")
    )
    names = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("nombres"),
        help_text=_("Los nombres que puede querer decir, separados por comas: «Guadalupe»."),
    )
    reason = models.CharField(_("razón"), max_length=250)
    active = models.BooleanField(_("en uso"), default=True)

    class Meta:
        verbose_name = _("forma familiar de un nombre")
        verbose_name_plural = _("formas familiares de nombres")
        ordering: ClassVar = ["familiar"]

    def __str__(self) -> str:
        return f"{self.familiar}: {', '.join(self.names)}"

    def clean(self) -> None:
        """Refuse forms and names of several words: each word of a name is searched by itself."""
        super().clean()
        self.names = [name.strip() for name in self.names or () if name.strip()]
        several = _("Escribe una sola palabra, sin espacios ni signos.")
        if not self.familiar.isalpha():
            raise ValidationError({"familiar": several})
        if not self.names or not all(name.isalpha() for name in self.names):
            raise ValidationError({"names": several})
        refuse_common("familiar", [self.familiar])
        if fold(self.familiar) in map(fold, self.names):
            raise ValidationError({"names": _("Escribe un nombre distinto de la forma familiar.")})
        refuse_twice(self, "familiar")


class ProtectedWord(models.Model):
    """A word that the search never takes for a typing error."""

    word = models.CharField(_("palabra"), max_length=40, unique=True)
    reason = models.CharField(_("razón"), max_length=250)

    class Meta:
        verbose_name = _("palabra protegida")
        verbose_name_plural = _("palabras protegidas")
        ordering: ClassVar = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Refuse several words: the search compares them one by one."""
        super().clean()
        if not self.word.isalnum():
            raise ValidationError({"word": _("Escribe una sola palabra, sin espacios ni signos.")})
        refuse_common("word", [self.word])
        refuse_twice(self, "word")
