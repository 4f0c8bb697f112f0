"""Tests of the ledger: plain Python, no database."""
