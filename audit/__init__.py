"""What is looked for beyond the daily lint: mistakes that open a door, known faults of
packages, and what no test of the rules notices."""
