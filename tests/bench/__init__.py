"""Speed as ratios inside one run: `make bench` prints one table. Machines differ, ratios less so."""
