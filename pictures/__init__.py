"""``./dev screenshots``: the pictures of docs/, from a copy of the demo."""
