"""What was acknowledged is there after kill -9, six times over; twenty with `--campaign`. `tests/chaos` kills all else."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from editor.store.profile import open_profile

WRITER = """
import sys
from pathlib import Path
from editor.desk.ports import Entity
from editor.store.profile import open_profile
profile = open_profile(Path(sys.argv[1]))
start = int(sys.argv[2])
for n in range(start, start + 100_000):
    with profile.store.write() as work:
        work.entities.put(Entity("article", f"a{n}", {"headline": f"woord{n}", "body": "Tekst. " * (n % 700)}))
        work.profile.put("last", str(n))
    print(n, flush=True)
"""


def test_every_acknowledged_row_survives_kills(tmp_path: Path, *, campaign: bool) -> None:
    chance = random.Random(20)
    acknowledged = -1
    for _ in range(20 if campaign else 6):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "p"), str(acknowledged + 1)],
                                   stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 40)):
            acknowledged = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read()  # not `communicate`: it passes over what `readline` has read ahead
        process.stdout.close()
        process.wait(timeout=60)
        whole = rest[:rest.rfind("\n") + 1].split()
        acknowledged = int(whole[-1]) if whole else acknowledged
        with open_profile(tmp_path / "p") as profile:
            assert profile.unclean
            with profile.store.write() as work:
                last = int(work.profile.get("last") or -1)
                rows = work.entities.all("article")
            # One more than was acknowledged may have been committed, nothing between and nothing by half.
            assert acknowledged <= last <= acknowledged + 1
            assert {row.id for row in rows} == {f"a{n}" for n in range(last + 1)}
            with profile.store.read() as reader:
                assert [found[1] for found in reader.search(f"woord{last}", 1)] == [f"a{last}"]
            acknowledged = last
