"""Does an interval hold the truth as often as it says? Every interval of the public verbs, on data with a known truth.

Run it by ``python -m benchmarks.interval_coverage``; the published table is ``docs/interval-coverage.md``.
"""
