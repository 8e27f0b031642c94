"""Plans: how many patients or notes each code gets."""
