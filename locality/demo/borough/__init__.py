"""A synthetic borough, grown from published tables: invented people, told of by every source with its own errors.

How it is made stands in docs/synthetic-borough.md, what it is held against in targets.toml, and what sources get
wrong in ../errors.toml.
"""

from locality.demo.borough.slips import Errors, read_errors
from locality.demo.borough.targets import Checked, check_targets
from locality.demo.borough.writing import Written, write_borough

__all__ = ["Checked", "Errors", "Written", "check_targets", "read_errors", "write_borough"]
