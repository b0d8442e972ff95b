"""What other libraries take for the same table; run by a Python that has them, which need not have Locality.

    PYTHON benchmarks/scores_others.py pycomorb TABLE.parquet OUT.parquet NAME...

Each method is timed by itself, from a table in memory to a table of scores in memory; reading and writing are not.
"""

import json
import sys
import time
import warnings
from pathlib import Path

PYCOMORB = {
    "hfrs": {"score": "hfrs"},
    "charlson": {"score": "charlson", "implementation": "quan", "weights": "charlson"},
    "charlson-quan": {"score": "charlson", "implementation": "quan", "weights": "quan"},
    "charlson-shmi": {"score": "charlson", "implementation": "quan", "weights": "uk_shmi"},
    "shmi": {"score": "charlson", "implementation": "uk_shmi", "weights": "uk_shmi"},
    "elixhauser": {"score": "elixhauser", "implementation": "quan", "weights": "van_walraven"},
}
COMORBIDIPY = {
    "charlson": {"score": "charlson", "variant": "quan", "weighting": "charlson"},
    "charlson-quan": {"score": "charlson", "variant": "quan", "weighting": "quan"},
    "charlson-shmi": {"score": "charlson", "variant": "quan", "weighting": "shmi"},
    "shmi": {"score": "charlson", "variant": "shmi", "weighting": "shmi"},
    "elixhauser": {"score": "elixhauser", "variant": "quan", "weighting": "vw"},
}


def by_pycomorb(path, names):
    import polars
    import pycomorb

    # it wants an age and adds points for it: 0 adds none
    rows = polars.read_parquet(path, columns=["person", "code"]).with_columns(polars.lit(0).alias("age"))
    for name in names:
        found, spent = timed(lambda name=name: pycomorb.comorbidity(df=rows, id_col="person", **PYCOMORB[name]))
        column = next(one for one in found.columns if one not in ("person", "Charlson Age-Comorbidity Score"))
        yield name, spent, found.select("person", polars.col(column).alias("score")).to_arrow()


def by_comorbidipy(path, names):
    import pandas
    import pandas.core.common
    import pyarrow

    # the last that runs on Python 3.11 takes this name from where pandas had it until 1.5
    pandas.core.common.SettingWithCopyWarning = UserWarning
    import comorbidipy

    rows = pandas.read_parquet(path, columns=["person", "code"])
    for name in names:
        own = rows.copy()  # it changes what it is given
        if name == "hfrs":
            found, spent = timed(lambda own=own: comorbidipy.hfrs(own, id="person"))
        else:
            found, spent = timed(
                lambda own=own, name=name: comorbidipy.comorbidity(own, id="person", age=None, **COMORBIDIPY[name])
            )
        column = "hfrs" if name == "hfrs" else "comorbidity_score"
        told = {"person": list(found["person"]), "score": [float(one) for one in found[column]]}
        yield name, spent, pyarrow.table(told)


def timed(work):
    wall, cores = time.perf_counter(), time.process_time()
    found = work()
    return found, (time.perf_counter() - wall, time.process_time() - cores)


def most_memory():
    """Gigabytes that this process had at most; what the kernel tells of a child otherwise holds its parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**20


def main(library, path, out, *names):
    import pyarrow
    import pyarrow.parquet

    warnings.simplefilter("ignore")
    seconds, tables = {}, []
    for name, spent, table in {"pycomorb": by_pycomorb, "comorbidipy": by_comorbidipy}[library](path, names):
        seconds[name] = spent
        kinds = pyarrow.schema([("person", pyarrow.string()), ("score", pyarrow.float64())])
        tables.append(table.cast(kinds).append_column("method", pyarrow.array([name] * len(table), pyarrow.string())))
    pyarrow.parquet.write_table(pyarrow.concat_tables(tables), out)
    used = most_memory()
    print(json.dumps({"seconds": seconds, "gb": used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
