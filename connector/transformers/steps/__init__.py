"""Steps of a transformer file. One kind a file, registered here."""

from connector.core.registry import Registry
from connector.transformers.steps.base import Step
from connector.transformers.steps.filter import Filter
from connector.transformers.steps.jmespath import JmesPath
from connector.transformers.steps.map import Map
from connector.transformers.steps.split import Split

__all__ = ["STEPS", "Step"]

STEPS: Registry[Step] = Registry("step", Filter, Map, JmesPath, Split)
