"""Ibexa's XML at the border of its client: JSON goes in and comes out, XML is what travels.

The convention: attribute ``x`` is key ``_x``, text beside attributes is ``#text``, a repeated element is a list. What
XML cannot tell (a list of one, a number, a boolean) stands in shapes.json.

The standard library's expat reads and plain functions write: expat reports a DOCTYPE before anything of it is used, so
nothing is ever expanded, and a library such as xmltodict would need the same tables and the same checks on writing.
"""

from connector.clients.ibexa_xml.border import answered_in_json, asked_in_xml
from connector.clients.ibexa_xml.read import from_xml
from connector.clients.ibexa_xml.write import to_xml

__all__ = ["answered_in_json", "asked_in_xml", "from_xml", "to_xml"]
