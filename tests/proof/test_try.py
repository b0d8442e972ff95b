import time, collections, re
from tests.proof import routes, expected
from tests.proof.crawl import crawled, plain
def test_x(world):
    for k in ("clinician","identity_custodian","analyst"):
        looker=world.lookers[k]
        asks=routes.whole(world, looker, lines_of=["own","referred","objector","protected"])
        t=time.process_time(); w=time.time()
        got=crawled(world, looker, asks)
        print(k,len(asks), time.process_time()-t, time.time()-w)
        print(collections.Counter((a.ask.route,a.ask.method,a.status) for a in got))
        seen=set().union(*(a.markers for a in got))
        may={m for m in world.markers.every if expected.may_see(m,looker,world)}
        print("LEAK", [(str(m),[str(a) for a in got if m in a.markers and m.text not in str(a.ask.data)][:2]) for m in sorted(seen-may,key=str) if any(m in a.markers and m.text not in str(a.ask.data) for a in got)])
        print("NOT SEEN", [str(m) for m in sorted(may-seen,key=str)])
        inv={v.person:kk for kk,v in world.people.items()}
        print("AUDIT", [(str(a),[inv.get(p) for p in a.people-a.written],[inv.get(p,p) for p in a.written-a.people]) for a in got if a.people!=a.written and a.status==200][:40])
    assert 0
