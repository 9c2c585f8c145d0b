"""One Report, in any form for which a template stands. Hostile text stays text; files land whole."""
