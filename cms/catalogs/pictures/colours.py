"""Converts any depth and any colour profile to eight bits of sRGB, the colours of the web."""

import io
from typing import Final

from PIL import Image, ImageCms

LARGEST_PROFILE: Final = 4 * 1024 * 1024
# The mode of pixels that each colour space of a profile describes.
_MODES: Final = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}


def in_srgb(picture: Image.Image) -> Image.Image:
    """The picture without its profile, in RGB, or in RGBA if part of it is transparent."""
    profile = picture.info.get("icc_profile")
    plain = eight_bits(picture)
    alpha = None
    if plain.mode not in {"RGB", "L", "CMYK"}:
        if plain.mode == "LA" or "A" in plain.getbands() or "transparency" in plain.info:
            plain = plain.convert("RGBA")
            alpha = plain.getchannel("A")
        plain = plain.convert("RGB")
    elif "transparency" in plain.info:
        alpha = plain.convert("RGBA").getchannel("A")
    coloured = _converted(plain, profile) if isinstance(profile, bytes) else None
    coloured = coloured or plain.convert("RGB")
    if alpha is not None:
        coloured.putalpha(alpha)
    coloured.info = {}
    return coloured


def eight_bits(picture: Image.Image) -> Image.Image:
    """Scale sixteen bits to eight, so that white stays white and middle grey stays middle grey."""
    if not picture.mode.startswith("I;16"):
        return picture.convert("L") if picture.mode == "1" else picture
    little = picture.convert("I;16") if picture.mode != "I;16" else picture
    scaled = Image.frombytes("L", little.size, little.tobytes()[1::2])
    scaled.info = dict(little.info)
    if isinstance(scaled.info.get("transparency"), int):
        scaled.info["transparency"] >>= 8
    return scaled


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """The colours that the profile describes, in sRGB; None if the profile cannot be used."""
    if len(profile) > LARGEST_PROFILE:
        return None
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = _MODES[embedded.profile.xcolor_space]
        if mode == "LAB":
            points = Image.merge("LAB", picture.convert("RGB").split())
        elif mode == picture.mode:
            points = picture
        else:
            points = _as_described(picture, mode)
        intent = ImageCms.Intent(embedded.profile.rendering_intent)
        return ImageCms.profileToProfile(
            points, embedded, ImageCms.createProfile("sRGB"), intent, "RGB"
        )
    except Exception:  # noqa: BLE001 (a damaged profile may raise anything)
        return None


def _as_described(picture: Image.Image, mode: str) -> Image.Image:
    """The pixels in the mode of the profile, if nothing is lost: grey written as colour."""
    if mode == "L" and picture.mode == "RGB":
        red, green, blue = picture.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            return red
    if mode == "RGB" and picture.mode == "L":
        return picture.convert("RGB")
    raise ValueError(mode)
