"""The market as the catalog knows it: portfolios, positions, events and changes of every vendor. Pure; drawn by reporting."""
