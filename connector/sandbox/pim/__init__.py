"""The bundled PIM: a believable catalogue over a paginated JSON API, for the demo and for tests."""

from connector.sandbox.pim.server import PimSandbox

__all__ = ["PimSandbox"]
