#!/usr/bin/python3
"""hanging.py BUILD - what people wait for an act while every receiver of notices hangs, against the same without sinks (release build).

Does      applications filed and decided one after the other; p50 and p99 of each run; the ratio is what counts: below 1.5.
"""
import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import peers  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

ACTS, RATIO = 4000, 1.5


def run(program, settings):
    with town.Town(program=program) as house:
        with open(os.path.join(house.dir, 'courier/settings.yaml'), 'w') as f:
            f.write(settings)
        house.start('courier')
        took = []
        for i in range(ACTS + 20):
            at = time.monotonic()
            house.good(house.apply(mac='02:00:00:00:%02x:%02x' % (i >> 8, i & 255), until=time.strftime('%Y-%m-%d', time.localtime(time.time() + 864000))))
            took.append(time.monotonic() - at)
        took = sorted(took[20:])
        return took[len(took) // 2], took[len(took) * 99 // 100]


def main(build):
    program = os.path.join(build, 'src/server/sekishod')
    log = 'sinks:\n  - id: log\n    kind: file\n'
    with Tap() as t:
        with peers.Trap('hang') as trap:
            def sinks():
                return log + ''.join('  - id: s%d\n    kind: mail\n    server: "127.0.0.1"\n    port: %d\n    security: none\n    from: "a@b.example"\n    retry_s: 1\n    retry_most_s: 1\n' % (i, trap.port)
                                     for i in range(3))
            without = [run(program, log) for _ in range(3)]
            hanging = [run(program, sinks()) for _ in range(3)]
        p50, p99 = (min(h[i] for h in hanging) / min(w[i] for w in without) for i in (0, 1))
        t.note('without: %s' % ['%.1f/%.1f ms' % (a * 1e3, b * 1e3) for a, b in without])
        t.note('hanging: %s' % ['%.1f/%.1f ms' % (a * 1e3, b * 1e3) for a, b in hanging])
        t.ok(p99 < RATIO, 'p99 of an act with all receivers hanging is as without: ratio %.2f (p50 %.2f)' % (p99, p50), (without, hanging))


if __name__ == '__main__':
    main(sys.argv[1])
