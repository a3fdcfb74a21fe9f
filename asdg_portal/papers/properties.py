"""What a Word file says of itself unseen, so that it is known again when it comes home."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

CUSTOM = "docProps/custom.xml"
_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set of custom properties, by the standard
_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = f"{_RELATIONS}/custom-properties"
SOURCES = "customXml/item2.xml"
SOURCES_NAMESPACE = "urn:asdg:texts"


def keep_properties(docx: bytes, properties: dict[str, str], sources: dict[str, str]) -> bytes:
    """Add what a file says of itself unseen: which report it is, its texts as they are kept."""
    if not properties and not sources:
        return docx
    source, target = zipfile.ZipFile(io.BytesIO(docx)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "[Content_Types].xml":
                kind = f'<Override PartName="/{CUSTOM}" ContentType="{_TYPE}"/></Types>'
                data = data.replace(b"</Types>", kind.encode())
            elif part.filename == "_rels/.rels":
                link = f'<Relationship Id="rIdCustom" Type="{_RELATION}" Target="{CUSTOM}"/>'
                data = data.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            elif part.filename == "word/_rels/document.xml.rels" and sources:
                link = f'<Relationship Id="rIdTexts" Type="{_RELATIONS}/customXml" Target="../{SOURCES}"/>'  # noqa: E501
                data = data.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            archive.writestr(part, data)
        archive.writestr(CUSTOM, _custom(properties))
        if sources:
            archive.writestr(SOURCES, _texts(sources))
    return target.getvalue()


def _custom(properties: dict[str, str]) -> bytes:
    root = ET.Element("Properties", {"xmlns": _NAMESPACE, "xmlns:vt": _VALUES})
    for number, (name, value) in enumerate(properties.items(), 2):
        one = ET.SubElement(root, "property", {"fmtid": _SET, "pid": str(number), "name": name})
        ET.SubElement(one, "vt:lpwstr").text = value
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _texts(sources: dict[str, str]) -> bytes:
    root = ET.Element("texts", {"xmlns": SOURCES_NAMESPACE})
    for name, text in sources.items():
        ET.SubElement(root, "text", {"name": name}).text = text
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml
