"""How often is the verdict wrong, and how often does it miss? Simulated series with a known truth, judged as they stand.

``python -m benchmarks.operating_characteristics`` from the top of a checkout; ``--help`` tells the rest.
"""
