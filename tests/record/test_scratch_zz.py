import json, tarfile, gzip, io
from pathlib import Path
import pytest
from locality.record.queries import summary, timeline, opened, face
from tests import factories as make
pytestmark=[pytest.mark.django_db]
DATA = Path(__file__).parents[1]/"data"
def examples():
    import zipfile
    for p in sorted(DATA.rglob("*")):
        if p.suffix==".zip":
            z=zipfile.ZipFile(p)
            for n in z.namelist():
                if n.endswith(".json"): yield n, z.read(n)
        elif p.name.endswith((".tgz",".tar.gz")):
            t=tarfile.open(p)
            for m in t:
                if m.name.endswith(".json"): yield m.name, t.extractfile(m).read()
        elif p.suffix==".json" and p.is_file(): yield p.name, p.read_bytes()
def test_all():
    peggy,(gp,) = make.peggy("gp")
    n=0; rows=[]
    from locality.record.intake.structure import check
    for name, raw in examples():
        try: res, problems = check(raw)
        except Exception as e: continue
        if problems or not isinstance(res, dict): continue
        kinds=[res]
        if res.get("resourceType")=="Bundle": kinds=[e["resource"] for e in res.get("entry",[]) if e.get("resource")]
        for one in kinds:
            def default(o): return float(o)
            try: one=json.loads(json.dumps(one, default=default))
            except Exception: continue
            one["id"]=f"x{n}"; n+=1
            rows.append(make.resource(gp, one, label="N", state="current" if n%2 else "past"))
    print(n)
    g=make.opened(peggy)
    s=summary(grant=g, at=make.AT)
    t=timeline(grant=g, at=make.AT, most=5000)
    print(t.total, t.shown)
    bad=[]
    from locality.base import NotFound
    for r in rows:
        try: opened(grant=g, thing=r.thing)
        except NotFound: pass
        except Exception as e: bad.append((r.type, r.title, repr(e)))
    print(len(bad)); 
    for b in bad[:40]: print(b)
    import time
    x=time.perf_counter(); summary(grant=g, at=make.AT); print("summary", time.perf_counter()-x)
    x=time.perf_counter(); timeline(grant=g, at=make.AT); print("timeline", time.perf_counter()-x)
    assert 0
