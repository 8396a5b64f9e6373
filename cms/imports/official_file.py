"""The format of an official export, as its profile says."""

from datetime import date

from cms.catalogs.models import Office, Process
from cms.imports.cells import CellMender
from cms.imports.file_format import FileFormat, OpenFile, unknown_columns
from cms.imports.official_answers import AnswerReader
from cms.imports.official_rows import OfficialRowReader
from cms.imports.profiles import Profile, ProfileError, load_profile, recognise
from cms.imports.reading import SourceFile
from cms.imports.report import FileRefused
from cms.imports.request import ImportRequest
from cms.questionnaires.definitions import Definition
from cms.questionnaires.models import QuestionnaireDefinition
from cms.questionnaires.selectors import parsed, version_named


def official_file(request: ImportRequest) -> OpenFile:
    """What opens the official export that a request names.

    Raises: ProfileError when the profile that was named cannot be used.
    """
    named = load_profile(request.profile) if request.profile else None

    def open_file(
        source: SourceFile, process: Process | None, election_date: date | None
    ) -> FileFormat:
        profile = named or recognise(source.header)
        version = require_usable(profile)
        definition = parsed(version)
        _require_columns(profile, source)
        return FileFormat(
            profile=profile.name,
            rows=OfficialRowReader(profile, source.header, process=process),
            mender=CellMender(
                header=source.header,
                read=[*profile.register, *profile.answers],
                names=[column for column, field in profile.register.items() if field == "name"],
                texts=_long_texts(profile, definition),
                repair=request.repair_encoding,
            ),
            columns={field: column for column, field in profile.register.items()},
            answers=AnswerReader(profile, source.header, version),
            warnings=unknown_columns(profile.unknown(source.header)),
        )

    return open_file


def require_usable(profile: Profile) -> QuestionnaireDefinition:
    """The version of the questionnaire of a profile, all of whose names are known here.

    Raises: ProfileError, which says what is not.
    """
    version = _version_of(profile)
    definition = parsed(version)
    _require_known_offices(profile)
    _require_known_questions(profile, definition)
    _require_known_options(profile, definition)
    return version


def _version_of(profile: Profile) -> QuestionnaireDefinition:
    """The version of the questionnaire under which the answers are stored."""
    version = version_named(profile.definition)
    if version is None:
        raise ProfileError(
            f"No hay una versión «{profile.definition}» del cuestionario para sus respuestas."
        )
    return version


def _require_columns(profile: Profile, source: SourceFile) -> None:
    missing = profile.missing(source.header)
    if missing:
        raise FileRefused.whole(
            f"Al encabezado le falta {', '.join(missing)} para ser {profile.name}.",
            "Agrega las columnas o elige otro perfil.",
            row=source.header_line,
        )


def _require_known_offices(profile: Profile) -> None:
    offices = set(Office.objects.values_list("code", flat=True))
    for rule in profile.offices.values():
        if rule.office not in offices:
            raise ProfileError(
                f"En el perfil «{profile.name}», «offices»: «{rule.office}» no es un cargo del"
                f" catálogo ({', '.join(sorted(offices))})."
            )


def _require_known_questions(profile: Profile, definition: Definition) -> None:
    asked = ", ".join(question.key for question in definition.questions())
    named = {
        "answers": list(profile.answers.values()),
        "words": list(profile.words),
        "details": [*profile.details, *(detail.of for detail in profile.details.values())],
    }
    for where, keys in named.items():
        for key in keys:
            if not definition.has(key):
                raise ProfileError(
                    f"En el perfil «{profile.name}», «{where}»: «{key}» no es una pregunta"
                    f" ({asked})."
                )


def _require_known_options(profile: Profile, definition: Definition) -> None:
    for key, words in profile.words.items():
        options = {option.value for option in definition.question(key).options}
        for value in sorted(words.values() - options):
            raise ProfileError(
                f"En el perfil «{profile.name}», «words»: «{value}» no es una opción de «{key}»"
                f" ({', '.join(sorted(options)) or 'no tiene opciones'})."
            )


def _long_texts(profile: Profile, definition: Definition) -> list[str]:
    """The columns of long answers, whose punctuation is left as it was written."""
    return [
        column
        for column, question in profile.answers.items()
        if definition.question(question).kind == "texto_largo"
    ]
