"""Studies: what can be learned from many runs or many scores. Tools, each with a main of its own or a command."""
