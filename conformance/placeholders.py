"""Names of parts of a tool that is tested which are not installed: what is asked of the tool here does not use them."""

import sys
from types import ModuleType


def absent(module, *names):
    """Puts an empty module in place of one that is not installed. To call one of its names is an error that says so."""
    placeholder = ModuleType(module)
    for name in names:
        setattr(placeholder, name, _refusing(f"{module}.{name}"))
    sys.modules[module] = placeholder
    parent, _, last = module.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, placeholder)


def _refusing(name):
    def refuse(*_args, **_options):
        raise AssertionError(f"{name} is not installed, and no test of formats should need it")

    return refuse
