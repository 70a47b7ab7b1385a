"""times.py - how long it took: wall clock and processor time, for the benches."""
import os
import time


def p(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def measure(ask, times):
    out = []
    for _ in range(times):
        begin = time.perf_counter()
        ask()
        out.append((time.perf_counter() - begin) * 1000)
    return out


def cpu_ms(pid):
    """Processor time of the office so far; what it needs says more than the wall clock where others run as well."""
    with open('/proc/%d/stat' % pid, encoding='ascii') as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf('SC_CLK_TCK')
