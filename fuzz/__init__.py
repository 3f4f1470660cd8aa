"""``./dev fuzz``: hostile input to pages, texts, mails, lists and numbers, made from a
seed, on a scratch database. A contributor needs none of it to change the addon."""
