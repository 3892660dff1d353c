"""What anyone's SQL passes and runs in: the statement's check, the locked connection, the limited process.

Imports the engine and nothing else of weight: every query pays for it.
"""
