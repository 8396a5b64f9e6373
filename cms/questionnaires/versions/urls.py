"""Addresses of drafts of versions, below the admin's."""

from django.urls import URLPattern, path

from cms.questionnaires.versions import part_views, views


def patterns() -> list[URLPattern]:
    """The addresses, relative to «cuestionarios/borradores/»."""
    question, section = part_views.QuestionView.as_view(), part_views.SectionView.as_view()
    chapter, remove = part_views.ChapterView.as_view(), views.RemoveView.as_view()
    draft = "<int:draft_id>/"
    return [
        path("", views.DraftsView.as_view(), name="index"),
        path("empezar/", views.BeginView.as_view(), name="begin"),
        path(draft, views.DraftView.as_view(), name="draft"),
        path(f"{draft}titulo/", part_views.NamesView.as_view(), name="names"),
        path(f"{draft}apartado/", section, name="new_section"),
        path(f"{draft}apartado/<slug:key>/", section, name="section"),
        path(f"{draft}apartado/<slug:key>/pregunta/", question, name="new_question"),
        path(f"{draft}pregunta/<slug:question>/", question, name="question"),
        path(f"{draft}capitulo/", chapter, name="new_chapter"),
        path(f"{draft}capitulo/<slug:key>/", chapter, name="chapter"),
        path(f"{draft}mover/", views.MoveView.as_view(), name="move"),
        path(f"{draft}quitar/apartado/<slug:key>/", remove, {"what": "apartado"}, "remove_section"),
        path(
            f"{draft}quitar/pregunta/<slug:question>/",
            remove,
            {"what": "pregunta"},
            "remove_question",
        ),
        path(f"{draft}quitar/capitulo/<slug:key>/", remove, {"what": "capitulo"}, "remove_chapter"),
        path(f"{draft}descartar/", views.DiscardView.as_view(), name="discard"),
        path(f"{draft}vigor/", views.PutInForceView.as_view(), name="put_in_force"),
    ]
