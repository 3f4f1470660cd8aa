"""What ``./dev bench`` has Odoo do: each function is one piece of work.

A worker process (``worker``) has one database open; the bench tells it by name what to
do. ``bare`` and ``addon`` hold the same work for the two databases.
"""
