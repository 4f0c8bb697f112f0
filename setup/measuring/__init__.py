"""How long a rollback takes, measured against what it consists of: ratios, never times.

Each measure is taken together with its yardstick, on the same data, in turn and several
times: what slows the machine down slows both.
"""
