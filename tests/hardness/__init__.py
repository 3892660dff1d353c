"""The hardness campaign: faults, load, bad input and intruders against the real thing, one module a goal."""
