"""Unique words that the tests plant in every answer, photograph and observation."""

import io

from PIL import Image

LONG = " Beneficia a las familias del municipio y se cumple en dos años, con cuentas públicas." * 5
# Question of the curricular questionnaire → its word.
TEXTS = {
    "historia_profesional": "zopilotehistoria",
    "trayectoria_politica": "zopilotetrayectoria",
    "motivo_cargo": "zopilotemotivo",
    "propuesta_1": "zopiloteprimera",
    "propuesta_2": "zopilotesegunda",
    "propuesta_genero": "zopilotegenero",
}
ACCOUNTS = {
    "facebook": "https://facebook.com/zopilotefacebook",
    "x": "https://x.com/zopilotequis",
    "youtube": "https://youtube.com/zopilotevideo",
    "instagram": "https://instagram.com/zopiloteinsta",
    "tiktok": "https://tiktok.com/zopilotetiktok",
    "otra_red": "https://zopiloteotra.example/persona",
}
CONTACT = {
    "pagina_web": "https://zopiloteweb.example/",
    "correo_publico": "zopilotecorreo@ejemplo.mx",
    "telefono_publico": "8441907365",
    "domicilio_campana": "Calle Zopilotecalle 12, colonia Centro",
}
COURSE = "Curso de zopilotecurso"
ALTERNATIVE = "Retrato zopilotealternativo"
CLARIFICATIONS = "zopiloteaclaraciones@ejemplo.mx"
PHOTO_NAME = "zopilotearchivo.jpg"
METADATA = "zopilotemetadato"

# The words that would show each answer, in lower case.
ANSWERS = (
    *TEXTS.values(),
    *("zopilotefacebook", "zopilotequis", "zopilotevideo", "zopiloteinsta", "zopilotetiktok"),
    *("zopiloteotra", "zopiloteweb", "zopilotecorreo", "8441907365", "zopilotecalle"),
    *("zopilotecurso", "zopilotealternativo"),
)
# Words that are never public, before or after the approval.
NEVER_PUBLIC = (
    "zopiloteaclaraciones",
    "zopilotearchivo",
    METADATA,
    "zopiloteobserva",
    "zopilotepasaje",
)
CORRECTED = "zopilotecorregida"
NEXT = "zopilotesiguiente"


def answer(question: str) -> str:
    """A long text with the word of its question."""
    return f"Palabra {TEXTS[question]}.{LONG}"


def photograph() -> dict[str, object]:
    """A JPEG with a word in its name and another in its metadata."""
    picture = Image.new("RGB", (900, 1200), "#886644")
    exif = Image.Exif()
    exif[0x010E] = METADATA
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)
    return {"name": PHOTO_NAME, "mimeType": "image/jpeg", "buffer": content.getvalue()}
