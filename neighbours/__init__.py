"""Addons that people run beside ours: all in one database, and our glue to them."""
