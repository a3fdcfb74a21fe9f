"""Which cities a Russian text names, in whatever form, and which of them it speaks well of."""

from asdg_portal.cities.recognition.gazetteer import Gazetteer, Mention
from asdg_portal.cities.recognition.names import CityName

__all__ = ["CityName", "Gazetteer", "Mention"]
