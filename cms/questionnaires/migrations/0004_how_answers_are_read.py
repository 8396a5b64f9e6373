"""Versions stored before say how their answers are read as the code used to say it for all.

Versions that staff wrote keep their own questions; those of the product follow their files after
migrating (`loading.load_definitions`).
"""

from typing import Any

from django.db import migrations

CHAPTERS = [
    {"key": "propuestas", "title": "Propuestas", "weight": "alto", "unanswered": "siempre"},
    {"key": "quien", "title": "Quién es y qué ha hecho"},
    {"key": "estudios", "title": "Estudios", "unanswered": "nunca"},
]
SECTIONS = {"historia": {"chapter": "quien"}, "trayectoria": {"chapter": "quien"}}
QUESTIONS: dict[str, dict[str, Any]] = {
    "grado_estudios": {
        "facet": "grado",
        "facet_label": "Grado de estudios",
        "where_found": "En su grado de estudios",
    },
    "estatus_estudios": {"where_found": "En el estatus de sus estudios"},
    "cursos": {"where_found": "En su otra formación"},
    "historia_profesional": {"where_found": "En su historia profesional"},
    "trayectoria_politica": {"where_found": "En su trayectoria"},
    "motivo_cargo": {"reading_order": 1, "where_found": "En por qué quiere el cargo"},
    "propuesta_1": {"where_found": "En su primera propuesta"},
    "propuesta_2": {"where_found": "En su segunda propuesta"},
    "propuesta_genero": {
        "where_found": "En su propuesta de género o para un grupo en desventaja",
    },
}
READING = (
    "chapter",
    "reading_order",
    "weight",
    "facet",
    "facet_label",
    "where_found",
    "comparison",
)


def _with_reading(question: dict[str, Any]) -> dict[str, Any]:
    is_read = question.get("visibility") != "interna" and not question.get("role")
    added = QUESTIONS.get(question["key"], {}) if is_read else {}
    if question["kind"] != "opcion":
        added = {name: value for name, value in added.items() if not name.startswith("facet")}
    return {**added, **question}


def say_how_answers_are_read(apps: Any, schema_editor: Any) -> None:
    """Add chapters, facet and phrases to what has none."""
    definitions = apps.get_model("questionnaires", "QuestionnaireDefinition").objects
    for stored in definitions.all():
        content = stored.content
        if "chapters" in content or "sections" not in content:
            continue
        sections = [
            {
                **SECTIONS.get(section["key"], {}),
                **section,
                "questions": [_with_reading(question) for question in section["questions"]],
            }
            for section in content["sections"]
        ]
        definitions.filter(pk=stored.pk).update(
            content={**content, "chapters": CHAPTERS, "sections": sections}
        )


def forget_how_answers_are_read(apps: Any, schema_editor: Any) -> None:
    """Leave only what is asked, which is all that the code before understands."""
    definitions = apps.get_model("questionnaires", "QuestionnaireDefinition").objects
    for stored in definitions.all():
        content = {name: value for name, value in stored.content.items() if name != "chapters"}
        content["sections"] = [
            {
                **{name: value for name, value in section.items() if name != "chapter"},
                "questions": [
                    {name: value for name, value in question.items() if name not in READING}
                    for question in section["questions"]
                ],
            }
            for section in content.get("sections", [])
        ]
        definitions.filter(pk=stored.pk).update(content=content)


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0003_progress_of_drafts")]
    operations = [
        migrations.RunPython(say_how_answers_are_read, forget_how_answers_are_read)
    ]
